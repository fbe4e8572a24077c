import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import { changeList, changeMembers, listOf } from '../../../testing/communication/audience-lists.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

const LISTS = '{ audienceLists { id name memberCount members(first: 2) { edges { node { id } } } } }'
const LIST = `query ($id: ID!, $first: Int, $after: String) { audienceList(id: $id) {
  id name memberCount members(first: $first, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor }
  }
} }`

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `lister${++names}`))
const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))
const listsOf = async (userId: string) => (await app.ask(LISTS, {}, viewer(userId))).data.audienceLists
const read = async (userId: string, id: string, args: object = {}) =>
  (await app.ask(LIST, { id, ...args }, viewer(userId))).data.audienceList
const idsOf = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id)
const reference = async (userId: string, key: object) => {
  const query =
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on AudienceList { id reference name } } }'
  const refs = [{ __typename: 'AudienceList', ...key }]
  return (await app.ask(query, { refs }, viewer(userId))).data._entities[0]
}

describe('audience lists', () => {
  it('are created, renamed, filled and deleted by their owner', async () => {
    const [me = '', bob = '', cy = ''] = await people(3)
    const { audienceList } = await changeList(app, me, 'createAudienceList', { name: '  Close   friends ' })
    expect(audienceList).toMatchObject({ name: 'Close friends', memberCount: 0 })
    const listId = audienceList.id
    const filled = await changeList(app, me, 'changeAudienceListMembers', { listId, addIds: [bob, cy] })
    expect(filled.audienceList.memberCount).toBe(2)
    await changeMembers(app, me, listId, { add: [bob], remove: [cy, newId()] })
    await changeList(app, me, 'renameAudienceList', { listId, name: 'Family' })
    const other = await listOf(app, me)
    expect(await listsOf(me)).toMatchObject([{ id: listId, name: 'Family', memberCount: 1 }, { id: other }])
    expect(await reference(me, { reference: listId })).toEqual({
      id: listId,
      reference: listId,
      name: 'Family',
    })
    expect(await changeList(app, me, 'deleteAudienceList', { listId })).toMatchObject({ listId })
    expect(await changeList(app, me, 'deleteAudienceList', { listId })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await read(me, listId)).toBeNull()
    expect(await reference(me, { reference: listId })).toBeNull()
  })

  it('exist for nobody but their owner', async () => {
    const [me = '', member = ''] = await people(2)
    await does('requestFriend', me, member)
    await does('requestFriend', member, me)
    const listId = await listOf(app, me, [member])
    expect(await listsOf(member)).toEqual([])
    for (const key of [{ id: listId }, { reference: listId }]) expect(await reference(member, key)).toBeNull()
    expect(await read(member, listId)).toBeNull()
    expect((await app.ask(LISTS, {}, ANONYMOUS)).data.audienceLists).toEqual([])
    expect((await app.ask(LIST, { id: listId }, ANONYMOUS)).data.audienceList).toBeNull()
    const unknown = await changeList(app, member, 'deleteAudienceList', { listId: newId() })
    for (const [mutation, input] of [
      ['deleteAudienceList', { listId }],
      ['renameAudienceList', { listId, name: 'Mine' }],
      ['changeAudienceListMembers', { listId, addIds: [me] }],
    ] as const) {
      expect(await changeList(app, member, mutation, input)).toEqual(unknown)
    }
    expect(await read(me, listId)).toMatchObject({ memberCount: 1 })
  })

  it('list members page by page, the latest added first', async () => {
    const [me = '', ...members] = await people(6)
    const listId = await listOf(app, me)
    for (const member of members) {
      await changeMembers(app, me, listId, { add: [member] })
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const first = await read(me, listId, { first: 3 })
    const second = await read(me, listId, { first: 3, after: first.members.pageInfo.endCursor })
    expect([...idsOf(first.members), ...idsOf(second.members)]).toEqual(members.toReversed())
    expect(second.members.pageInfo.hasNextPage).toBe(false)
    const elsewhere = await listOf(app, me)
    const cursor = first.members.pageInfo.endCursor
    const { errors } = await app.ask(LIST, { id: elsewhere, after: cursor }, viewer(me))
    expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('neither show nor count members who have blocked the owner, and add none', async () => {
    const [me = '', bob = '', blocker = ''] = await people(3)
    const listId = await listOf(app, me, [bob, blocker])
    await does('blockUser', blocker, me)
    expect(await read(me, listId)).toMatchObject({
      memberCount: 1,
      members: { edges: [{ node: { id: bob } }] },
    })
    const ids = [blocker, newId()]
    const failures = await Promise.all(
      ids.map((id) => changeList(app, me, 'changeAudienceListMembers', { listId, addIds: [id] })),
    )
    expect(failures.map(({ message }, index) => message.replace(ids[index] ?? '', 'X'))).toEqual(
      Array(2).fill('These users do not exist: X. Check the ids.'),
    )
  })

  it('cost a constant number of statements', async () => {
    const [me = '', ...members] = await people(4)
    await listOf(app, me, members)
    expect(await app.statements(() => listsOf(me))).toHaveLength(3)
    for (let lists = 1; lists < 10; lists++) await listOf(app, me, members)
    expect(await app.statements(() => listsOf(me))).toHaveLength(3)
  })

  it('lose deleted accounts, and go with the account of their owner', async () => {
    const [me = '', member = ''] = await people(2)
    const listId = await listOf(app, me, [member])
    const erase = 'mutation { deleteAccount(input: {}) { __typename } }'
    await app.ask(erase, {}, viewer(member))
    expect(await read(me, listId)).toMatchObject({ memberCount: 0, members: { edges: [] } })
    await app.ask(erase, {}, viewer(me))
    const { rowCount } = await app.pool.query('SELECT FROM audience_lists WHERE id = $1', [listId])
    expect(rowCount).toBe(0)
    expect(await changeList(app, me, 'createAudienceList', { name: 'Late' })).toMatchObject({
      code: 'NOT_ALLOWED',
    })
  })
})

describe('limits of audience lists', () => {
  it('20 lists per user, also if they are created at the same time', async () => {
    const [me = ''] = await people(1)
    const results = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        changeList(app, me, 'createAudienceList', { name: `list ${index}` }),
      ),
    )
    expect(results.filter(({ audienceList }) => audienceList)).toHaveLength(20)
    expect(results.filter(({ code }) => code === 'CONFLICT')).toHaveLength(5)
  })

  /** Adds new users to a list; with `blocking`, these have blocked its owner. */
  const fill = (owner: string, listId: string, count: number, { blocking = false } = {}) =>
    app.pool.query(
      `WITH made AS (
         INSERT INTO users (id, handle, handle_key, display_name, created_at)
         SELECT id, 'many' || id, 'many' || id, 'Many', now()
         FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $3::int)) AS new RETURNING id
       ), blocked AS (
         INSERT INTO relationships (user_id, other_id, kind, since)
         SELECT $1, id, 'BLOCKED_BY', now() FROM made WHERE $4::boolean
       ) INSERT INTO audience_list_members (list_id, user_id, added_at) SELECT $2, id, now() FROM made`,
      [owner, listId, count, blocking],
    )
  const add = (who: string, listId: string, ...addIds: string[]) =>
    changeList(app, who, 'changeAudienceListMembers', { listId, addIds })

  it('5,000 members of a list', async () => {
    const [me = '', one = '', two = ''] = await people(3)
    const listId = await listOf(app, me, [one])
    await fill(me, listId, 4_999)
    expect(await add(me, listId, two)).toMatchObject({ code: 'CONFLICT' })
    await changeMembers(app, me, listId, { add: [two], remove: [one] })
    expect(await read(me, listId)).toMatchObject({ memberCount: 5_000 })
  })

  it('a member who has blocked the owner counts as little as one who has deleted the account', async () => {
    const [me = '', blocker = '', leaver = '', one = '', two = ''] = await people(5)
    const lists = [await listOf(app, me, [blocker]), await listOf(app, me, [leaver])]
    for (const listId of lists) await fill(me, listId, 4_999)
    await does('blockUser', blocker, me)
    await app.ask('mutation { deleteAccount(input: {}) { __typename } }', {}, viewer(leaver))
    for (const listId of lists) {
      expect(await add(me, listId, one, two)).toMatchObject({ code: 'CONFLICT' })
      expect(await add(me, listId, one)).toMatchObject({ audienceList: { memberCount: 5_000 } })
      // Removing a user who is not there makes no room.
      const swap = { listId, addIds: [two], removeIds: [blocker, leaver] }
      expect(await changeList(app, me, 'changeAudienceListMembers', swap)).toMatchObject({ code: 'CONFLICT' })
    }
    await does('unblockUser', blocker, me)
    // The member is there again, and is one too many.
    await changeMembers(app, me, lists[0] ?? '', { remove: [newId()] })
    expect(await read(me, lists[0] ?? '')).toMatchObject({ memberCount: 5_001 })
  })

  it('5,000 members who have blocked the owner stay in a list', async () => {
    const [me = '', first = '', one = ''] = await people(3)
    const listId = await listOf(app, me, [first])
    await does('blockUser', first, me)
    await fill(me, listId, 5_000, { blocking: true })
    await changeMembers(app, me, listId, { add: [one] })
    const { rows } = await app.pool.query(
      'SELECT count(*)::int AS stored, bool_or(user_id = $2) AS first FROM audience_list_members WHERE list_id = $1',
      [listId, first],
    )
    expect(rows).toEqual([{ stored: 5_001, first: false }])
  })

  it('names are unique among the lists of a user, so that a repeated request creates no second list', async () => {
    const [me = '', other = ''] = await people(2)
    const create = (userId: string) => changeList(app, userId, 'createAudienceList', { name: 'Family' })
    expect([await create(me), await create(me), await create(other)]).toMatchObject([
      { audienceList: { name: 'Family' } },
      { code: 'CONFLICT' },
      { audienceList: { name: 'Family' } },
    ])
    const listId = await listOf(app, me)
    const taken = await changeList(app, me, 'renameAudienceList', { listId, name: 'Family' })
    expect(taken).toMatchObject({ code: 'CONFLICT' })
    const renamed = await changeList(app, me, 'renameAudienceList', { listId, name: 'Team' })
    expect(await changeList(app, me, 'renameAudienceList', { listId, name: 'Team' })).toEqual(renamed)
  })

  it.each([
    ['createAudienceList', { name: ' ' }, 'input.name'],
    ['createAudienceList', { name: 'x'.repeat(51) }, 'input.name'],
    ['renameAudienceList', { listId: 'x', name: 'x' }, 'input.listId'],
    ['deleteAudienceList', { listId: '' }, 'input.listId'],
    ['changeAudienceListMembers', { listId: 'x' }, 'input.listId'],
    ['changeAudienceListMembers', { listId: newId(), addIds: ['x'] }, 'input.addIds'],
    ['changeAudienceListMembers', { listId: newId(), removeIds: ['x'] }, 'input.removeIds'],
    [
      'changeAudienceListMembers',
      { listId: newId(), addIds: Array.from({ length: 501 }, newId) },
      'input.addIds',
    ],
  ] as const)('%s with %j is refused', async (mutation, input, field) => {
    const [me = ''] = await people(1)
    expect(await changeList(app, me, mutation, input)).toMatchObject({ code: 'INVALID_INPUT', field })
  })

  it('a user cannot be added and removed at once, nor the owner be added', async () => {
    const [me = '', bob = ''] = await people(2)
    const listId = await listOf(app, me)
    const change = (input: object) => changeList(app, me, 'changeAudienceListMembers', { listId, ...input })
    expect(await change({ addIds: [bob], removeIds: [bob.toUpperCase()] })).toMatchObject({
      field: 'input.removeIds',
    })
    expect(await change({ addIds: [me] })).toMatchObject({ field: 'input.addIds' })
  })
})
