import { ANONYMOUS, type Viewer } from '../../../platform/identity/caller.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

const SIZE = 45
const LISTS = {
  friends: 'friends',
  sent: 'friendRequests(direction: SENT',
  received: 'friendRequests(direction: RECEIVED',
  blocked: 'blockedUsers',
}

let app: TestCommunication
let me: string
const others: Record<keyof typeof LISTS, string[]> = { friends: [], sent: [], received: [], blocked: [] }

beforeAll(async () => {
  app = await startTestCommunication()
  ;[me = ''] = await app.people('list_owner')
  for (const [list, ids] of Object.entries(others)) {
    ids.push(...(await app.people(...Array.from({ length: SIZE }, (_, i) => `${list}_${i}`))))
  }
  const does = (verb: string, by: string, whom: string) =>
    app.ask(`mutation { ${verb}(input: { userId: "${whom}" }) { __typename } }`, {}, viewer(by))
  for (const id of others.friends) {
    await does('requestFriend', me, id)
    await does('acceptFriendRequest', id, me)
  }
  for (const id of others.sent) await does('requestFriend', me, id)
  for (const id of others.received) await does('requestFriend', id, me)
  for (const id of others.blocked) await does('blockUser', me, id)
  // Many rows have the same time, because the order must not depend on the time alone.
  await app.pool.query(`UPDATE relationships SET since = date_trunc('minute', since) WHERE user_id = $1`, [
    me,
  ])
})

afterAll(() => app.close())

const page = async (list: keyof typeof LISTS, args: string, caller: Viewer = viewer(me)) => {
  const open = LISTS[list].includes('(') ? `${LISTS[list]}, ` : `${LISTS[list]}(`
  const isRequest = list === 'sent' || list === 'received'
  const node = isRequest ? 'direction createdAt user { id relationship handle }' : 'id relationship handle'
  const query = `query ($id: ID!) { user(id: $id) {
    page: ${open}${args}) { edges { cursor node { ${node} } } pageInfo { hasNextPage endCursor } }
  } }`
  return app.ask(query, { id: me }, caller)
}
type Edge = { cursor: string; node: { id: string; user?: { id: string } } }
const idsOf = (edges: Edge[]) => edges.map(({ node }) => node.user?.id ?? node.id)

describe.each(Object.keys(LISTS) as (keyof typeof LISTS)[])('the list of %s', (list) => {
  it('has every user once, page after page', async () => {
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const { data } = await page(list, `first: 20, after: ${JSON.stringify(after)}`)
      seen.push(...idsOf(data.user.page.edges))
      after = data.user.page.pageInfo.endCursor
      if (!data.user.page.pageInfo.hasNextPage) break
    }
    expect(seen).toHaveLength(SIZE)
    expect([...seen].sort()).toEqual([...others[list]].sort())
  })

  it('continues from any cursor', async () => {
    const all = (await page(list, 'first: 100')).data.user.page.edges as Edge[]
    const rest = (await page(list, `first: 100, after: "${all[30]?.cursor}"`)).data.user.page.edges
    expect(idsOf(rest)).toEqual(idsOf(all.slice(31)))
  })

  it('has the relationship of each user', async () => {
    const [{ node }] = (await page(list, 'first: 1')).data.user.page.edges
    const relationship = {
      friends: 'FRIEND',
      sent: 'REQUEST_SENT',
      received: 'REQUEST_RECEIVED',
      blocked: 'BLOCKED',
    }[list]
    expect((node.user ?? node).relationship).toBe(relationship)
    if (node.user) expect(node).toMatchObject({ direction: list.toUpperCase(), createdAt: expect.anything() })
  })

  it('is null for other users', async () => {
    const [friend = ''] = others.friends
    expect((await page(list, 'first: 1', viewer(friend))).data.user.page).toBeNull()
    expect((await page(list, 'first: 1', ANONYMOUS)).data.user.page).toBeNull()
  })

  it.each(['first: 0', 'first: 101', 'after: "nonsense"', 'first: -1'])(
    'refuses the argument %s',
    async (args) => {
      expect((await page(list, args)).errors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT' })])
    },
  )

  it('refuses the cursor of another list', async () => {
    const other = list === 'friends' ? 'blocked' : 'friends'
    const { endCursor } = (await page(other, 'first: 1')).data.user.page.pageInfo
    expect((await page(list, `after: "${endCursor}"`)).errors).toHaveLength(1)
  })
})

it('each list costs one statement, and their owner one, regardless of length', async () => {
  const query = (first: number) => `{ viewer {
    friends(first: ${first}) { edges { node { handle relationship } } }
    sent: friendRequests(direction: SENT, first: ${first}) { edges { node { user { handle } } } }
    received: friendRequests(direction: RECEIVED, first: ${first}) { edges { node { user { handle } } } }
    blockedUsers(first: ${first}) { edges { node { handle } } }
  } }`
  for (const first of [1, 40]) {
    const statements = await app.statements(async () => {
      expect((await app.ask(query(first), {}, viewer(me))).data.viewer.friends.edges).toHaveLength(first)
    })
    expect(statements).toHaveLength(5)
  }
})

it('a page reads one range of an index', async () => {
  const text = `EXPLAIN SELECT u.id, r.since FROM relationships r JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.kind = $2::relationship_kind AND (r.since, r.other_id) < ($4, $5)
    ORDER BY r.since DESC, r.other_id DESC LIMIT $3`
  const [popular = ''] = await app.people('popular')
  await app.people(...Array.from({ length: 5_000 }, (_, i) => `crowd_${i}`))
  await app.pool.query(
    `INSERT INTO relationships (user_id, other_id, kind, since)
     SELECT $1, id, 'FRIEND', now() FROM users WHERE handle_key LIKE 'crowd%'`,
    [popular],
  )
  await app.pool.query('ANALYZE relationships, users')
  const { rows } = await app.pool.query(text, [popular, 'FRIEND', 21, new Date(), popular])
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('relationships_user_id_kind_since_other_id_idx')
  expect(plan).not.toContain('Sort')
})
