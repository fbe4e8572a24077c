import { readConfig } from '../../../platform/config.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { eventually } from '../../../testing/eventually.ts'
import { communicationConfig } from '../config.ts'
import { startCommunication } from '../service.ts'
import { deleteSomeIdle } from './idle-relationships-store.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const pair = async () => {
  const [a = '', b = ''] = await app.people(`idle${++names}`, `idle${++names}`)
  return [a, b] as const
}
const does = async (who: string, verb: string, whom: string) => {
  const query = `mutation ($id: ID!) { result: ${verb}(input: { userId: $id }) { __typename } }`
  return (await app.ask(query, { id: whom }, viewer(who))).data.result.__typename
}
const befriend = async (a: string, b: string) => {
  await does(a, 'requestFriend', b)
  await does(b, 'requestFriend', a)
}
const rowsOf = async (a: string, b: string) => {
  const { rows } = await app.pool.query(
    'SELECT user_id AS id FROM relationships WHERE user_id IN ($1, $2) AND other_id IN ($1, $2)',
    [a, b],
  )
  return rows.map(({ id }) => (id === a ? 'a' : 'b')).sort()
}
const HOUR_MS = 3_600_000
const REVOKED_BEFORE = () => new Date(Date.now() - HOUR_MS)
const revoked = (a: string, b: string, agoMs: number) =>
  app.pool.query(
    'UPDATE relationships SET revoked_at = $3 WHERE user_id IN ($1, $2) AND other_id IN ($1, $2)',
    [a, b, new Date(Date.now() - agoMs)],
  )

describe('the rows of two users without a relationship', () => {
  it('are deleted when no token was revoked, also by the other of the two alone', async () => {
    const [a, b] = await pair()
    await does(a, 'requestFriend', b)
    await does(a, 'cancelFriendRequest', b)
    const [c, d] = await pair()
    await does(c, 'muteUser', d)
    expect([await rowsOf(a, b), await rowsOf(c, d)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    await deleteSomeIdle(app.pool, REVOKED_BEFORE())
    expect([await rowsOf(a, b), await rowsOf(c, d)]).toEqual([[], ['a']])
    await does(c, 'unmuteUser', d)
    await deleteSomeIdle(app.pool, REVOKED_BEFORE())
    expect(await rowsOf(c, d)).toEqual([])
  })

  it('are kept until the tokens that were revoked cannot be valid any more', async () => {
    const [a, b] = await pair()
    await befriend(a, b)
    await does(a, 'unfriend', b)
    await deleteSomeIdle(app.pool, REVOKED_BEFORE())
    expect(await rowsOf(a, b)).toEqual(['a', 'b'])
    await revoked(a, b, 2 * HOUR_MS)
    await deleteSomeIdle(app.pool, REVOKED_BEFORE())
    expect(await rowsOf(a, b)).toEqual([])
    await befriend(a, b)
    expect(await does(a, 'unfriend', b)).toBe('UnfriendPayload')
  })

  it('of friends, of requests and of blocks are kept', async () => {
    const [a, b] = await pair()
    const [c, d] = await pair()
    const [e, f] = await pair()
    await befriend(a, b)
    await does(c, 'requestFriend', d)
    await does(e, 'blockUser', f)
    await revoked(e, f, 2 * HOUR_MS)
    await deleteSomeIdle(app.pool, REVOKED_BEFORE())
    for (const [one, other] of [
      [a, b],
      [c, d],
      [e, f],
    ] as const)
      expect(await rowsOf(one, other)).toEqual(['a', 'b'])
  })

  it('are deleted by a job when a process starts, eight days after a revocation and no earlier', async () => {
    const [a, b] = await pair()
    const [c, d] = await pair()
    for (const [one, other] of [
      [a, b],
      [c, d],
    ] as const) {
      await befriend(one, other)
      await does(one, 'unfriend', other)
    }
    await revoked(a, b, 8 * 24 * HOUR_MS + 60_000)
    await revoked(c, d, 8 * 24 * HOUR_MS - 600_000)
    const another = await startCommunication(app.host, readConfig(communicationConfig, {}))
    try {
      await eventually(async () => expect(await rowsOf(a, b)).toEqual([]), 15_000)
    } finally {
      await another.stop()
    }
    expect(await rowsOf(c, d)).toEqual(['a', 'b'])
  })

  it('are not deleted under a step that has found them, so no step fails', async () => {
    const [a, b] = await pair()
    await does(a, 'requestFriend', b)
    await does(a, 'cancelFriendRequest', b)
    let isOver = false
    const deleting = (async () => {
      while (!isOver) await deleteSomeIdle(app.pool, REVOKED_BEFORE())
    })()
    const results = new Set<string>()
    for (let round = 0; round < 40; round++) {
      const steps = ['requestFriend', 'cancelFriendRequest', 'muteUser', 'unmuteUser']
      for (const step of steps) results.add(await does(a, step, b))
    }
    isOver = true
    await deleting
    expect([...results].sort()).toEqual([
      'CancelFriendRequestPayload',
      'MuteUserPayload',
      'RequestFriendPayload',
      'UnmuteUserPayload',
    ])
  })
})
