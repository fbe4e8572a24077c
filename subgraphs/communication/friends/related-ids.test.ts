import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

let app: TestCommunication
beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const does = (userId: string, verb: string, otherId: string) =>
  app.ask(
    `mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`,
    { id: otherId },
    viewer(userId),
  )
const idsOf = async (field: string, userId: string) =>
  (await app.internal(`query ($id: ID!) { ids: ${field}(${argument(field)}: $id) }`, { id: userId }, 'blog'))
    .data.ids
const argument = (field: string) => (field === 'friendIdsOf' ? 'userId' : 'viewerId')

describe('the related ids that other services query', () => {
  it('are friends, newest first, and users hidden by a block on either side', async () => {
    const [a = '', b = '', c = '', d = '', e = ''] = await app.people('ta', 'tb', 'tc', 'td', 'te')
    for (const friend of [b, c]) {
      await does(a, 'requestFriend', friend)
      await does(friend, 'acceptFriendRequest', a)
    }
    await does(a, 'requestFriend', e)
    await does(a, 'blockUser', d)
    expect(await idsOf('friendIdsOf', a)).toEqual([c, b])
    expect(await idsOf('friendIdsOf', e)).toEqual([])
    expect(await idsOf('hiddenUserIdsOf', a)).toEqual([d])
    expect(await idsOf('hiddenUserIdsOf', d)).toEqual([a])
    expect(await idsOf('hiddenUserIdsOf', newId())).toEqual([])
  })
})
