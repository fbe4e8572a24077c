import { ANONYMOUS, type Viewer } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { forgetAbsent } from './presence-store.ts'

const HOLD = 'mutation ($input: HoldPresenceInput!) { holdPresence(input: $input) }'

let app: TestCommunication
let me: string
let friend: string
let stranger: string

beforeAll(async () => {
  app = await startTestCommunication()
  ;[me = '', friend = '', stranger = ''] = await app.people('present', 'present_friend', 'present_stranger')
  const does = (verb: string, by: string, whom: string) =>
    app.ask(`mutation { ${verb}(input: { userId: "${whom}" }) { __typename } }`, {}, viewer(by))
  await does('requestFriend', friend, me)
  await does('acceptFriendRequest', me, friend)
})

afterAll(() => app.close())
beforeEach(async () => {
  app.time.ahead = 0
  await app.pool.query('DELETE FROM presences')
})

const hold = (holderId: string, onlineIds: string[], offlineIds: string[] = [], service = 'gateway') =>
  app.internal(HOLD, { input: { holderId, onlineIds, offlineIds } }, service)
const isOnline = async (caller: Viewer) =>
  (await app.ask(`{ user(id: "${me}") { isOnline } }`, {}, caller)).data.user.isOnline
const gateway = newId()
// A lease expires by the database's clock.
const pass = (seconds: number) =>
  app.pool.query('UPDATE presences SET until = until - make_interval(secs => $1)', [seconds])

describe('a user with a live connection', () => {
  it('is online for themselves and their friends only', async () => {
    expect(await isOnline(viewer(friend))).toBe(false)
    await hold(gateway, [me])
    expect(await isOnline(viewer(me))).toBe(true)
    expect(await isOnline(viewer(friend))).toBe(true)
    expect(await isOnline(viewer(stranger))).toBe(false)
    expect(await isOnline(ANONYMOUS)).toBe(false)
  })

  it('is online until the last gateway reports them as offline', async () => {
    const other = newId()
    await hold(gateway, [me])
    await hold(other, [me])
    await hold(gateway, [], [me])
    expect(await isOnline(viewer(friend))).toBe(true)
    await hold(other, [], [me])
    expect(await isOnline(viewer(friend))).toBe(false)
  })

  it('is offline a minute after the last report of their gateway', async () => {
    await hold(gateway, [me])
    await pass(50)
    expect(await isOnline(viewer(friend))).toBe(true)
    await hold(gateway, [me])
    await pass(50)
    expect(await isOnline(viewer(friend))).toBe(true)
    await pass(11)
    expect(await isOnline(viewer(friend))).toBe(false)
  })

  it('is online for replicas whose clocks differ', async () => {
    app.time.ahead = -120_000
    await hold(gateway, [me])
    app.time.ahead = 0
    expect(await isOnline(viewer(friend))).toBe(true)
  })

  it('leaves no record of when they were online', async () => {
    await hold(gateway, [me, newId()])
    await pass(61)
    await forgetAbsent(app.pool)
    expect((await app.pool.query('SELECT FROM presences')).rowCount).toBe(0)
  })
})

it('isOnline costs one statement for any number of friends', async () => {
  const query = `{ viewer { friends(first: 50) { edges { node { isOnline } } } } }`
  expect(await app.statements(() => app.ask(query, {}, viewer(me)))).toHaveLength(3)
})

it.each(['storage', 'blog'])('holdPresence refuses the service %s', async (service) => {
  expect((await hold(gateway, [me], [], service)).errors).toEqual([
    expect.objectContaining({ code: 'FORBIDDEN' }),
  ])
})
