import fc from 'fast-check'
import { backoff } from './backoff.ts'
import { explainFailure } from './explain-failure.ts'
import { createRateMeter } from './rate-meter.ts'
import { readAnswer } from './send-bytes.ts'
import { createTurns } from './turns.ts'
import { failureOf, type UploadFailure, waitFor } from './upload-failure.ts'

describe('every failure code of the API', () => {
  const CODES = [
    'INVALID_INPUT',
    'NOT_FOUND',
    'NOT_ALLOWED',
    'CONFLICT',
    'RATE_LIMITED',
    'STORAGE_UNAVAILABLE',
    'QUOTA_EXCEEDED',
    'TOO_LARGE',
    'UNSUPPORTED_MEDIA',
    'CHECKSUM_MISMATCH',
    'EXPIRED',
    'A_CODE_OF_THE_FUTURE',
  ]

  it.each(CODES)('%s is explained with a next step', (code) => {
    const failure = failureOf({
      __typename: 'RequestFailed',
      code,
      message: 'A message.',
      retryAfterSeconds: 5,
    })
    const { text, nextStep, action } = explainFailure(failure)
    expect(text).not.toBe('')
    expect(nextStep).not.toBe('NOTHING')
    expect(action).not.toBe('')
  })

  it('has the limits of its member', () => {
    const quota = { quotaBytes: 2_000_000, usedBytes: 1_500_000, reservedBytes: 100_000 }
    const failed = failureOf({ __typename: 'QuotaExceeded', code: 'QUOTA_EXCEEDED', message: '', ...quota })
    expect(failed).toEqual({ kind: 'QUOTA_EXCEEDED', ...quota })
    expect(explainFailure(failed).text).toMatch(/1\.5 MB of 2 MB are used, and 100 kB are reserved/)
  })

  it('says whether waiting helps, and how long', () => {
    const failures: UploadFailure[] = [
      { kind: 'STORAGE_UNAVAILABLE', retryAfterSeconds: null },
      { kind: 'RATE_LIMITED', retryAfterSeconds: 9 },
      { kind: 'RATE_LIMITED', retryAfterSeconds: null },
      { kind: 'DAMAGED' },
    ]
    expect(failures.map(waitFor)).toEqual([30, 9, null, null])
  })
})

it('a status of tus says what to do next', () => {
  const answer = (status: number, headers: Record<string, string> = {}) =>
    readAnswer(status, (name) => ({ 'Tus-Resumable': '1.0.0', ...headers })[name], '')
  const kinds = [401, 409, 410, 413, 429, 503, 507, 400].map((status) => answer(status).kind)
  expect(kinds).toEqual([
    'KEY_REFUSED',
    'TAKES_NO_MORE',
    'GONE',
    'TOO_LARGE',
    'INTERRUPTED',
    'INTERRUPTED',
    'INTERRUPTED',
    'REFUSED',
  ])
  expect(answer(507, { 'Retry-After': '60' })).toEqual({ kind: 'INTERRUPTED', retryAfterSeconds: 60 })
  expect(readAnswer(0, () => null, '')).toEqual({ kind: 'INTERRUPTED', retryAfterSeconds: null })
})

describe('the pause between attempts', () => {
  it('grows, has a limit, and is partly random', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const ms = backoff(attempt, random)
          expect(ms).toBeGreaterThanOrEqual(250)
          expect(ms).toBeLessThanOrEqual(30_000)
          expect(backoff(attempt + 1, random)).toBeGreaterThanOrEqual(ms)
        },
      ),
    )
    expect(backoff(3, 0)).not.toBe(backoff(3, 1))
  })
})

describe('the rate', () => {
  it('is unknown at first, then what is measured, smoothed', () => {
    const meter = createRateMeter()
    expect(meter.secondsLeft(0, 100)).toBeNull()
    meter.add(0, 0)
    meter.add(1_000, 1_000)
    expect(meter.bytesPerSecond).toBe(1_000)
    meter.add(5_000, 2_000)
    expect(meter.bytesPerSecond).toBeGreaterThan(1_000)
    expect(meter.bytesPerSecond).toBeLessThan(4_000)
    expect(meter.secondsLeft(5_000, null)).toBeNull()
  })

  it('does not count bytes twice that are sent again', () => {
    const meter = createRateMeter()
    meter.add(5_000, 0)
    meter.add(1_000, 1_000)
    meter.add(2_000, 2_000)
    expect(meter.bytesPerSecond).toBe(1_000)
    expect(meter.secondsLeft(2_000, 4_000)).toBe(2)
  })
})

it('turns are taken in order, and one that leaves the queue takes none', async () => {
  const turns = createTurns(1)
  const leave = new AbortController()
  const order: string[] = []
  const give = await turns.take(new AbortController().signal)
  const left = turns.take(leave.signal).catch(() => order.push('left'))
  const next = turns.take(new AbortController().signal).then((giveBack) => {
    order.push('next')
    giveBack()
  })
  leave.abort(new Error('left'))
  await left
  give()
  give()
  await next
  expect(order).toEqual(['left', 'next'])
})
