import {
  startTestCommunication,
  type TestCommunication,
} from '../../../testing/communication/communication.ts'

const SHARE = 'mutation ($uses: [RateLimitUseInput!]!) { shareRateLimits(uses: $uses) { key share } }'

let app: TestCommunication
beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())
beforeEach(() => app.pool.query('DELETE FROM allowances'))

const share = async (...uses: { key: string; share: number }[]): Promise<{ key: string; share: number }[]> =>
  (await app.internal(SHARE, { uses }, 'gateway')).data.shareRateLimits
const pass = (seconds: number) =>
  app.pool.query('UPDATE allowances SET updated_at = updated_at - make_interval(secs => $1)', [seconds])

describe('the use of rate limits that gateways report', () => {
  it('adds up over all gateways', async () => {
    expect(await share({ key: 'ann', share: 0.25 }, { key: 'bob', share: 0.5 })).toEqual([
      { key: 'ann', share: 0.25 },
      { key: 'bob', share: 0.5 },
    ])
    const [sum] = await share({ key: 'ann', share: 0.5 })
    expect(sum?.share).toBeCloseTo(0.75, 2)
  })

  it('is free again after a minute', async () => {
    await share({ key: 'ann', share: 1 })
    await pass(30)
    expect((await share({ key: 'ann', share: 0 }))[0]?.share).toBeCloseTo(0.5, 1)
    await pass(60)
    expect((await share({ key: 'ann', share: 0.1 }))[0]?.share).toBeCloseTo(0.1, 2)
  })

  it('makes nobody wait for longer than ten minutes', async () => {
    await share({ key: 'ann', share: 1_000 })
    expect((await share({ key: 'ann', share: 1_000 }))[0]?.share).toBe(10)
  })

  it('adds concurrent reports once each, in any order of their keys', async () => {
    const reports = Array.from({ length: 20 }, (_, index) => {
      const uses = [
        { key: 'ann', share: 0.01 },
        { key: 'bob', share: 0.01 },
      ]
      return share(...(index % 2 ? uses : uses.reverse()))
    })
    await Promise.all(reports)
    expect((await share({ key: 'ann', share: 0 }))[0]?.share).toBeCloseTo(0.2, 1)
  })

  it.each([
    ['too many rate limits', Array.from({ length: 501 }, (_, index) => ({ key: `${index}`, share: 0 }))],
    ['a key that is too long', [{ key: 'x'.repeat(201), share: 0 }]],
    ['a negative share', [{ key: 'ann', share: -1 }]],
  ])('is refused with %s', async (_what, uses) => {
    const { errors } = await app.internal(SHARE, { uses }, 'gateway')
    expect(errors[0]?.code).toBe('BAD_USER_INPUT')
  })

  it('is accepted from gateways only', async () => {
    const { errors } = await app.internal(SHARE, { uses: [] }, 'blog')
    expect(errors[0]?.code).toBe('FORBIDDEN')
  })
})
