import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
} from '../../../testing/communication/communication.ts'
import { forgetConnectionLeases } from './connection-lease-store.ts'

const HOLD = 'mutation ($input: HoldConnectionsInput!) { holdConnections(input: $input) { key keep } }'
const MOST = 4

let app: TestCommunication
beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())
beforeEach(() => app.pool.query('DELETE FROM connection_leases'))

const [one, other] = [newId(), newId()]
const hold = (processId: string, held: { key: string; ages: number[] }[], released: string[] = []) =>
  app.internal(HOLD, { input: { processId, held, released, most: MOST } }, 'gateway')
const kept = async (...call: Parameters<typeof hold>) => (await hold(...call)).data.holdConnections

describe('the connections that gateways report', () => {
  it('are limited for all gateways together, and the newest stay', async () => {
    expect(await kept(one, [{ key: 'ann', ages: [10_000, 20_000, 30_000] }])).toEqual([])
    expect(await kept(other, [{ key: 'ann', ages: [1_000, 25_000] }])).toEqual([{ key: 'ann', keep: 2 }])
    // The oldest is at the first gateway, which hears of it with its next report.
    expect(await kept(one, [{ key: 'ann', ages: [10_000, 20_000, 30_000] }])).toEqual([
      { key: 'ann', keep: 2 },
    ])
    expect(await kept(one, [{ key: 'ann', ages: [10_000, 20_000] }])).toEqual([])
  })

  it('of one key do not count for another', async () => {
    await hold(one, [{ key: 'ann', ages: [1, 2, 3, 4] }])
    const answer = await kept(other, [
      { key: 'ann', ages: [100_000] },
      { key: 'bob', ages: [1, 2, 3, 4] },
    ])
    expect(answer).toEqual([{ key: 'ann', keep: 0 }])
  })

  it('no longer count when they are released, or a minute after the last report of a killed gateway', async () => {
    await hold(one, [{ key: 'ann', ages: [1, 2, 3, 4] }])
    await hold(one, [], ['ann'])
    expect(await kept(other, [{ key: 'ann', ages: [5_000] }])).toEqual([])
    await hold(one, [{ key: 'ann', ages: [1, 2, 3, 4] }])
    await app.pool.query("UPDATE connection_leases SET until = now() - interval '1 s' WHERE process = $1", [
      one,
    ])
    expect(await kept(other, [{ key: 'ann', ages: [5_000] }])).toEqual([])
    await forgetConnectionLeases(app.pool)
    const { rows } = await app.pool.query('SELECT process FROM connection_leases')
    expect(rows).toEqual([{ process: other }])
  })

  it.each([
    ['a negative age', [{ key: 'ann', ages: [-1] }]],
    ['too many ages', [{ key: 'ann', ages: Array<number>(65).fill(0) }]],
    ['an empty key', [{ key: '', ages: [1] }]],
  ])('are refused with %s', async (_what, held) => {
    expect((await hold(one, held)).errors[0]?.code).toBe('BAD_USER_INPUT')
  })
})
