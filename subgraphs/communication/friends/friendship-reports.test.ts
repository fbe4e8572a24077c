import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { eventually } from '../../../testing/eventually.ts'

let app: TestCommunication
let a: string
let b: string

beforeEach(async () => {
  app = await startTestCommunication()
  ;[a = '', b = ''] = await app.people('ada', 'bob')
})
afterEach(() => app.close())

const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))
const reports = () => app.blog.calls.filter(({ query }) => query.includes('reportFriendship'))
const inputs = () => reports().map(({ variables }) => variables.input)
const delivered = () =>
  eventually(
    async () => expect((await app.pool.query('SELECT FROM communication_outbox.message')).rowCount).toBe(0),
    15_000,
  )

describe('a friendship', () => {
  it('is reported to blog when it begins and when it ends, and a request is not', async () => {
    await does('requestFriend', a, b)
    await delivered()
    expect(reports()).toEqual([])
    await does('acceptFriendRequest', b, a)
    await eventually(() => expect(inputs()).toEqual([{ userId: b, otherId: a }]))
    await does('unfriend', a, b)
    await eventually(() => expect(inputs()).toHaveLength(2))
    expect(reports()[0]?.caller).toEqual({ kind: 'service', service: 'communication' })
  })

  it('that ends with a block is reported, and repeating a step reports nothing', async () => {
    await does('requestFriend', a, b)
    await does('requestFriend', b, a)
    for (const _ of Array(2)) await does('blockUser', b, a)
    for (const _ of Array(2)) await does('unfriend', a, b)
    await does('unblockUser', b, a)
    await delivered()
    expect(inputs()).toEqual([
      { userId: b, otherId: a },
      { userId: b, otherId: a },
    ])
  })

  it('is reported again until blog has answered', async () => {
    let failures = 2
    app.blog.answer = async () => {
      if (failures-- > 0) throw new Error('blog is down')
      return { data: { reportFriendship: true } }
    }
    await does('requestFriend', a, b)
    await does('requestFriend', b, a)
    await eventually(() => expect(inputs()).toHaveLength(3), 15_000)
    await delivered()
  })
})
