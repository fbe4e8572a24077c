import { latestOf, mediaLifetime, revocationFrom, tokenWindow } from './token-window.ts'

const minute = 60_000
const noon = Date.UTC(2026, 2, 1, 12)

describe('the window of a token', () => {
  it('stays the same for a fifth of the lifetime', () => {
    const window = tokenWindow(noon, 300, null)
    expect(tokenWindow(noon + minute - 1, 300, null)).toEqual(window)
    expect(tokenWindow(noon + minute, 300, null)).not.toEqual(window)
  })

  it('leaves at least the lifetime, and at most a fifth more', () => {
    for (const now of [noon, noon + 1, noon + minute - 1]) {
      const left = tokenWindow(now, 300, null).expiresAt - now
      expect(left).toBeGreaterThanOrEqual(5 * minute)
      expect(left).toBeLessThanOrEqual(6 * minute)
    }
  })

  it.each([1, 300, 3600])(
    'of %i s begins in the past, also for a clock that is two minutes ahead',
    (seconds) => {
      for (const now of [noon, noon + 1, noon + minute - 1]) {
        expect(tokenWindow(now + 2 * minute, seconds, null).issuedAt).toBeLessThanOrEqual(now)
      }
    },
  )

  it('is shorter than revocations are kept, which is 9 hours', () => {
    const { issuedAt, expiresAt } = tokenWindow(
      noon,
      mediaLifetime(86_400, { minSeconds: 1, slackSeconds: 1 }),
      null,
    )
    expect(expiresAt - issuedAt).toBeLessThan(8.5 * 60 * minute)
  })

  it('begins after a newer revocation, and its end stays the same', () => {
    const revokedAt = new Date(noon + 10)
    expect(tokenWindow(noon + 20, 300, revokedAt)).toEqual({
      issuedAt: noon + 11,
      expiresAt: noon + 6 * minute,
    })
    expect(tokenWindow(noon + 10 * minute, 300, revokedAt)).toEqual(
      tokenWindow(noon + 10 * minute, 300, null),
    )
  })

  it('begins before a revocation of the same minute, also for a clock that is two minutes ahead', () => {
    for (const seconds of [1, 300, 3600]) {
      for (const revokedAt of [noon, noon + 59_999, noon + minute]) {
        const { issuedAt } = tokenWindow(revokedAt + 2 * minute, seconds, null)
        expect(issuedAt).toBeLessThanOrEqual(revocationFrom(new Date(revokedAt)).getTime())
      }
    }
  })

  it('works for lifetimes of a fraction of a second', () => {
    const { issuedAt, expiresAt } = tokenWindow(noon + 7, 0.033, null)
    expect(Number.isInteger(issuedAt) && Number.isInteger(expiresAt)).toBe(true)
    expect(expiresAt - (noon + 7)).toBeGreaterThanOrEqual(33)
  })
})

describe('the lifetime of a media token', () => {
  const limits = { minSeconds: 300, slackSeconds: 60 }

  it.each([
    ['an image', null, 300],
    ['a short clip', 20, 300],
    ['an hour', 3600, 3660],
    ['a day', 86_400, 21_600],
  ])('follows the duration of %s', (_name, duration, seconds) => {
    expect(mediaLifetime(duration, limits)).toBe(seconds)
  })
})

it('latestOf returns the latest of some revocations', () => {
  const [early, late] = [new Date(noon), new Date(noon + 1)]
  expect(latestOf(early, late, null)).toBe(late)
  expect(latestOf(late, null, early)).toBe(late)
  expect(latestOf(null, early, late)).toBe(late)
  expect(latestOf(null, early)).toBe(early)
  expect(latestOf(early, null)).toBe(early)
  expect(latestOf(null, null)).toBeNull()
})
