import { ANONYMOUS, type Viewer } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { inboxOf, reported } from '../../../testing/communication/inbox.ts'
import { eventually } from '../../../testing/eventually.ts'
import { MAX_MUTED } from './mute-store.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `muted${++names}`))

const does = async (verb: string, who: Viewer, whom: string) => {
  const payload = `${verb[0]?.toUpperCase()}${verb.slice(1)}Payload`
  const query = `mutation ($id: ID!) { ${verb}(input: { userId: $id }) {
    __typename ... on ${payload} { user { id } } ... on Failure { code }
  } }`
  return (await app.ask(query, { id: whom }, who)).data[verb]
}
const isMuted = async (who: Viewer, whom: string) =>
  (await app.ask('query ($id: ID!) { user(id: $id) { isMuted } }', { id: whom }, who)).data.user?.isMuted

async function muted(who: string, first = 20, after: string | null = null, caller = viewer(who)) {
  const query = `query ($id: ID!, $first: Int, $after: String) { user(id: $id) {
    mutedUsers(first: $first, after: $after) { edges { node { id isMuted } } pageInfo { hasNextPage endCursor } }
  } }`
  const { data, errors } = await app.ask(query, { id: who, first, after }, caller)
  return { page: data?.user.mutedUsers, errors }
}
const idsOf = (page: { edges: { node: { id: string } }[] }) => page.edges.map(({ node }) => node.id)

const mutedIds = async (userId: string) =>
  (await app.internal('query ($id: ID!) { mutedUserIdsOf(userId: $id) }', { id: userId }, 'blog')).data
    .mutedUserIdsOf

describe('muting', () => {
  it('is seen by the viewer only, and repeating it changes nothing', async () => {
    const [ann = '', bob = ''] = await people(2)
    expect(await isMuted(viewer(ann), bob)).toBe(false)
    for (const _ of Array(2)) {
      expect(await does('muteUser', viewer(ann), bob)).toMatchObject({ user: { id: bob } })
    }
    expect([await isMuted(viewer(ann), bob), await isMuted(viewer(bob), ann)]).toEqual([true, false])
    expect(await isMuted(ANONYMOUS, bob)).toBe(false)
    expect([await mutedIds(ann), await mutedIds(bob)]).toEqual([[bob], []])
    for (const _ of Array(2)) {
      expect(await does('unmuteUser', viewer(ann), bob)).toMatchObject({ user: { id: bob } })
    }
    expect([await isMuted(viewer(ann), bob), await mutedIds(ann)]).toEqual([false, []])
  })

  it('does not change the relationship, and stays through friendship and block', async () => {
    const [ann = '', bob = ''] = await people(2)
    await does('muteUser', viewer(ann), bob)
    for (const [verb, by, whom] of [
      ['requestFriend', ann, bob],
      ['acceptFriendRequest', bob, ann],
      ['unfriend', ann, bob],
      ['blockUser', ann, bob],
      ['unblockUser', ann, bob],
    ] as const) {
      expect(await does(verb, viewer(by), whom)).toMatchObject({ user: { id: whom } })
      expect(await isMuted(viewer(ann), bob)).toBe(true)
    }
  })

  it('is refused from signed-out users, for oneself, and for users who do not exist for the viewer', async () => {
    const [ann = '', bob = ''] = await people(2)
    await does('blockUser', viewer(bob), ann)
    for (const verb of ['muteUser', 'unmuteUser']) {
      expect(await does(verb, ANONYMOUS, bob)).toMatchObject({ code: 'NOT_ALLOWED' })
      expect(await does(verb, viewer(ann), ann)).toMatchObject({ code: 'INVALID_INPUT' })
      expect(await does(verb, viewer(ann), 'x')).toMatchObject({ code: 'INVALID_INPUT' })
      for (const whom of [bob, newId()]) {
        expect(await does(verb, viewer(ann), whom)).toMatchObject({ code: 'NOT_FOUND' })
      }
    }
    expect(await mutedIds(ann)).toEqual([])
  })

  it('works for both users at the same time, and while they become friends', async () => {
    const [ann = '', bob = ''] = await people(2)
    await does('requestFriend', viewer(ann), bob)
    await Promise.all([
      ...Array.from({ length: 4 }, () => does('muteUser', viewer(ann), bob)),
      ...Array.from({ length: 4 }, () => does('muteUser', viewer(bob), ann)),
      does('acceptFriendRequest', viewer(bob), ann),
    ])
    expect([await isMuted(viewer(ann), bob), await isMuted(viewer(bob), ann)]).toEqual([true, true])
    const { rows } = await app.pool.query('SELECT kind FROM relationships WHERE user_id = $1', [ann])
    expect(rows).toEqual([{ kind: 'FRIEND' }])
  })

  it('is limited in number, also if many requests arrive at the same time', async () => {
    const [ann = ''] = await people(1)
    const others = await people(MAX_MUTED + 3)
    await app.pool.query(
      `INSERT INTO relationships (user_id, other_id, since, muted_at)
       SELECT $1, other, now(), now() FROM unnest($2::uuid[]) AS other`,
      [ann, others.slice(4)],
    )
    const results = await Promise.all(others.slice(0, 4).map((other) => does('muteUser', viewer(ann), other)))
    expect(results.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(3)
    expect(await mutedIds(ann)).toHaveLength(MAX_MUTED)
    expect(await does('muteUser', viewer(ann), others.at(-1) ?? '')).toMatchObject({
      __typename: 'MuteUserPayload',
    })
  })

  it('at the limit does not tell a user who has blocked the viewer from one who has deleted the account', async () => {
    const [blocked = '', deleted = '', blocker = '', leaver = '', next = ''] = await people(5)
    const others = await people(MAX_MUTED - 1)
    for (const [who, whom] of [
      [blocked, blocker],
      [deleted, leaver],
    ] as const) {
      await app.pool.query(
        `INSERT INTO relationships (user_id, other_id, since, muted_at)
         SELECT $1, other, now(), now() FROM unnest($2::uuid[]) AS other`,
        [who, others],
      )
      expect(await does('muteUser', viewer(who), whom)).toMatchObject({ user: { id: whom } })
      expect(await does('muteUser', viewer(who), next)).toMatchObject({ code: 'RATE_LIMITED' })
    }
    await does('blockUser', viewer(blocker), blocked)
    await app.ask('mutation { deleteAccount(input: {}) { __typename } }', {}, viewer(leaver))
    for (const who of [blocked, deleted]) {
      expect(await does('muteUser', viewer(who), next)).toMatchObject({ user: { id: next } })
      expect(await does('muteUser', viewer(who), (await people(1))[0] ?? '')).toMatchObject({
        code: 'RATE_LIMITED',
      })
      expect(await mutedIds(who)).toHaveLength(MAX_MUTED)
    }
  })
})

describe('the list of muted users', () => {
  it('has each once, newest first, page after page, and only for the user', async () => {
    const [ann = ''] = await people(1)
    const others = await people(7)
    for (const other of others) await does('muteUser', viewer(ann), other)
    await does('blockUser', viewer(others[3] ?? ''), ann)
    const shown = others.filter((_, index) => index !== 3).reverse()
    const { page } = await muted(ann, 4)
    expect(idsOf(page)).toEqual(shown.slice(0, 4))
    expect(page.edges.every(({ node }: { node: { isMuted: boolean } }) => node.isMuted)).toBe(true)
    const rest = await muted(ann, 4, page.pageInfo.endCursor)
    expect([idsOf(rest.page), rest.page.pageInfo.hasNextPage]).toEqual([shown.slice(4), false])
    expect((await muted(ann, 4, null, viewer(others[0] ?? ''))).page).toBeNull()
    expect((await muted(ann, 4, 'nonsense')).errors).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    ])
  })

  it('costs one statement, regardless of length', async () => {
    const [ann = ''] = await people(1)
    for (const other of await people(3)) await does('muteUser', viewer(ann), other)
    for (const first of [1, 3]) {
      expect(await app.statements(() => muted(ann, first))).toHaveLength(2)
    }
  })
})

it('a friend who has muted the author is not notified of new posts, also not after unmuting', async () => {
  const [author = '', loud = '', quiet = ''] = await people(3)
  for (const friend of [loud, quiet]) {
    await does('requestFriend', viewer(author), friend)
    await does('acceptFriendRequest', viewer(friend), author)
  }
  await does('muteUser', viewer(quiet), author)
  // It makes no difference whom the author has muted.
  await does('muteUser', viewer(author), loud)
  const posts = async (userId: string) =>
    (await inboxOf(app, userId)).shown.flatMap((shown) =>
      shown.__typename === 'PostPublished' ? [shown.post] : [],
    )
  const publish = () => reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author })
  const first = await publish()
  await eventually(async () => expect(await posts(loud)).toEqual([{ id: first }]), 15_000)
  await does('unmuteUser', viewer(quiet), author)
  const second = await publish()
  await eventually(async () => expect(await posts(quiet)).toEqual([{ id: second }]), 15_000)
  expect(await posts(quiet)).toEqual([{ id: second }])
})
