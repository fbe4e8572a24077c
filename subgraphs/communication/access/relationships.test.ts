import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../platform/ids.ts'
import { createScope, runInScope } from '../../../platform/observability/request-scope.ts'
import { changeMembers, listOf } from '../../../testing/communication/audience-lists.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

let app: TestCommunication
let owner: string
let friend: string

beforeAll(async () => {
  app = await startTestCommunication()
  ;[owner = '', friend = ''] = await app.people('Owner_x', 'Friend_x')
  await befriend()
})
afterAll(() => app.close())

const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))

async function befriend() {
  await does('requestFriend', owner, friend)
  await does('requestFriend', friend, owner)
}

const find = async (viewerId: string) =>
  (await app.ask('{ userByHandle(handle: "owner_x") { id relationship } }', {}, viewer(viewerId))).data
    .userByHandle

const recordsFor = async (viewerId: string | null, userIds = [owner]) => {
  const query = `query ($viewerId: ID, $userIds: [ID!]!) {
    relationshipsOf(viewerId: $viewerId, userIds: $userIds) {
      userId isVisible relationship listIdsWithViewer listIdsWithoutViewer
    }
  }`
  return (await app.internal(query, { viewerId, userIds }, 'blog')).data.relationshipsOf
}

/** Runs the steps of one request. */
const inRequest = <Result>(work: () => Promise<Result>) => runInScope(createScope(newId()), work)

describe('what an owner is to the viewer', () => {
  it('is read together with the owner, for the same request', async () => {
    await inRequest(async () => {
      expect(await find(friend)).toEqual({ id: owner, relationship: 'FRIEND' })
      let records: unknown
      const statements = await app.statements(async () => {
        records = await recordsFor(friend)
      })
      expect(statements).toEqual([])
      expect(records).toEqual(await runInScope(createScope(newId()), () => recordsFor(friend)))
    })
  })

  it('is read again by a later step of a slow request', async () => {
    await inRequest(async () => {
      await find(friend)
      await does('unfriend', owner, friend)
      await sleep(300)
      expect(await recordsFor(friend)).toMatchObject([{ relationship: 'NONE' }])
    })
    await befriend()
  })

  it('is read again by the next request, which sees what has changed', async () => {
    await inRequest(() => find(friend))
    await does('unfriend', owner, friend)
    expect(await inRequest(() => recordsFor(friend))).toMatchObject([{ relationship: 'NONE' }])
    await befriend()
  })

  it('is not the answer for another viewer of the same request', async () => {
    await inRequest(async () => {
      await find(friend)
      expect(await recordsFor(null)).toMatchObject([{ relationship: 'NONE' }])
      expect(await recordsFor(owner)).toMatchObject([{ relationship: 'SELF' }])
    })
  })

  it('includes the lists with and without the viewer', async () => {
    const list = await listOf(app, owner, [])
    await inRequest(async () => {
      await find(friend)
      expect(await recordsFor(friend)).toMatchObject([
        { listIdsWithViewer: [], listIdsWithoutViewer: [list] },
      ])
    })
    await changeMembers(app, owner, list, { add: [friend] })
    await inRequest(async () => {
      await find(friend)
      expect(await recordsFor(friend)).toMatchObject([
        { listIdsWithViewer: [list], listIdsWithoutViewer: [] },
      ])
    })
  })

  it('is found for others who are asked for together with the owner', async () => {
    const [stranger = ''] = await app.people('Stranger_x')
    const unknown = newId()
    await inRequest(async () => {
      await find(friend)
      expect(await recordsFor(friend, [stranger, owner, unknown])).toMatchObject([
        { userId: stranger, isVisible: true, relationship: 'NONE' },
        { userId: owner, isVisible: true, relationship: 'FRIEND' },
        { userId: unknown, isVisible: false },
      ])
    })
  })

  it('is not kept if the owner does not exist for the viewer', async () => {
    await does('blockUser', owner, friend)
    await inRequest(async () => {
      expect(await find(friend)).toBeNull()
      expect(await recordsFor(friend)).toMatchObject([{ isVisible: false, relationship: 'NONE' }])
    })
  })
})
