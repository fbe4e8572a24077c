import { setTimeout as pause } from 'node:timers/promises'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { reported } from '../../../testing/communication/inbox.ts'
import { mediaOf, playableBy, postOf, registered } from '../../../testing/communication/media.ts'
import { eventually } from '../../../testing/eventually.ts'
import { type Answer, confirm } from '../../../testing/fake-service.ts'

const PASSWORD = 'correct horse'
const SIGN_UP = `mutation ($input: SignUpInput!) {
  result: signUp(input: $input) {
    ... on SignUpPayload { session { refreshToken user { id } } } ... on RequestFailed { code message }
  }
}`
const DELETE = `mutation ($password: String) {
  result: deleteAccount(input: { password: $password }) {
    ... on DeleteAccountPayload { erasure { receipt requestedAt erasedAt } }
    ... on InvalidInput { code field } ... on RequestFailed { code message }
  }
}`
const ERASURE =
  'query ($receipt: String!) { accountErasure(receipt: $receipt) { receipt requestedAt erasedAt } }'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})

afterAll(() => app.close())

const signUp = async (handle = `erased_${++names}`) => {
  const input = { handle, displayName: 'Ada', password: PASSWORD }
  const { session, code } = (await app.ask(SIGN_UP, { input }, ANONYMOUS)).data.result
  return { id: String(session?.user.id), handle, refreshToken: session?.refreshToken, code }
}
const erase = async (id: string, password: string | null = PASSWORD) =>
  (await app.ask(DELETE, { password }, viewer(id))).data.result
const erasureOf = async (receipt: string) =>
  (await app.ask(ERASURE, { receipt }, ANONYMOUS)).data.accountErasure
const does = (verb: string, by: string, whom: string) =>
  app.ask(
    `mutation { r: ${verb}(input: { userId: "${whom}" }) { ... on RequestFailed { code message } } }`,
    {},
    viewer(by),
  )

describe('a deleted account', () => {
  it('refuses those who sign in at the same time like an unknown account', async () => {
    const signIn = async (handle: string) => {
      const query = `mutation ($input: SignInInput!) {
        result: signIn(input: $input) { __typename ... on Failure { code } }
      }`
      const input = { handle, password: PASSWORD }
      return (await app.ask(query, { input }, ANONYMOUS)).data.result
    }
    for (let round = 0; round < 5; round += 1) {
      const me = await signUp()
      const answers = await Promise.all([
        ...Array.from({ length: 6 }, (_, index) => pause(index * 15).then(() => signIn(me.handle))),
        pause(30).then(() => erase(me.id)),
      ])
      for (const { __typename: type, code } of answers.slice(0, 6)) {
        expect([type, code]).toEqual(
          type === 'SignInPayload' ? [type, undefined] : ['RequestFailed', 'NOT_ALLOWED'],
        )
      }
    }
  })

  it('disappears for everyone at once, like an account that never existed', async () => {
    const [me, friend] = [await signUp(), await signUp()]
    await does('requestFriend', friend.id, me.id)
    await does('acceptFriendRequest', me.id, friend.id)
    const media = await registered(app, mediaOf(me.id))
    await postOf(app, me.id, [media.mediaId], 'PUBLIC')
    expect(await playableBy(app, friend.id, [media.mediaId])).toHaveLength(1)
    expect((await erase(me.id)).erasure).toMatchObject({ receipt: expect.any(String), erasedAt: null })

    const query = `query ($id: ID!, $text: String!, $handle: String!) {
      user(id: $id) { id } userByHandle(handle: $handle) { id } searchUsers(query: $text) { edges { node { id } } }
      viewer { friends { edges { node { id } } } }
    }`
    const { data } = await app.ask(query, { id: me.id, text: me.id, handle: me.handle }, viewer(friend.id))
    expect(data).toMatchObject({
      user: null,
      userByHandle: null,
      searchUsers: { edges: [] },
      viewer: { friends: { edges: [] } },
    })
    expect(await playableBy(app, friend.id, [media.mediaId])).toEqual([])
    expect((await does('requestFriend', friend.id, me.id)).data).toEqual(
      (await does('requestFriend', friend.id, newId())).data,
    )
    const refresh = `mutation { r: refreshSession(input: { refreshToken: "${me.refreshToken}" }) { __typename } }`
    expect((await app.ask(refresh, {}, ANONYMOUS)).data.r.__typename).toBe('RequestFailed')
    const { data: ended } = await app.internal(
      '{ sessionRevocations { sessionRevocations { id } } }',
      {},
      'gateway',
    )
    expect(ended.sessionRevocations.sessionRevocations).toContainEqual({ id: me.id })
  })

  it('leaves only receipts, revocation ids and rate limits in the database', async () => {
    const [me, friend, other] = [await signUp(), await signUp(), await signUp()]
    await does('requestFriend', me.id, friend.id)
    const media = await registered(app, { ...mediaOf(me.id), mimeType: 'image/png' })
    await app.ask(
      `mutation { updateProfile(input: { avatarMediaId: "${media.mediaId}" }) { __typename } }`,
      {},
      viewer(me.id),
    )
    await app.ask(
      `mutation { signIn(input: { handle: "${me.handle}", password: "wrong" }) { __typename } }`,
      {},
      ANONYMOUS,
    )
    const like = { authorId: friend.id, actorId: me.id, postId: newId() }
    for (const kind of ['LIKED', 'UNLIKED']) await reported(app, { kind, ...like })
    // One user answers another below the post of the user who deletes the account.
    const below = { authorId: me.id, postId: newId(), audience: 'FRIENDS' }
    const reply = { actorId: other.id, commentId: newId(), commentAuthorId: friend.id }
    await reported(app, { kind: 'REPLIED', ...below, ...reply })
    await erase(me.id, 'wrong password')
    const { erasure } = await erase(me.id)
    await eventually(async () => (await erasureOf(erasure.receipt)).erasedAt, 10_000)
    const { rows: tables } = await app.pool.query(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'communication'`,
    )
    const left: string[] = []
    for (const { name } of tables) {
      const { rowCount } = await app.pool.query(
        `SELECT FROM "${name}" AS t WHERE t::text LIKE '%' || $1 || '%' OR t::text ~ ('\\m' || $2 || '\\M')`,
        [me.id, me.handle],
      )
      if (rowCount) left.push(name)
    }
    // These remain: a receipt; the ids of ended sessions and accounts, for a quarter of an hour; and the rate limits of
    // friend requests, for a week.
    expect(left.filter((name) => !['erasures', 'session_revocations', 'allowances'].includes(name))).toEqual(
      [],
    )
  })

  it('is erased when both other services have confirmed it, also after failures', async () => {
    const me = await signUp()
    const attempts = { storage: 0, blog: 0 }
    const failing =
      (service: 'storage' | 'blog'): Answer =>
      async (request) => {
        if (!request.query.includes('eraseUser')) return confirm(request)
        attempts[service] += 1
        return attempts[service] < 3 ? { errors: [] } : confirm(request)
      }
    const before = [app.storage.answer, app.blog.answer] as const
    app.storage.answer = failing('storage')
    app.blog.answer = failing('blog')
    const { erasure } = await erase(me.id)
    expect((await erasureOf(erasure.receipt)).erasedAt).toBeNull()
    const done = await eventually(async () => {
      const found = await erasureOf(erasure.receipt)
      return found.erasedAt && found
    }, 10_000)
    expect(attempts).toEqual({ storage: 3, blog: 3 })
    expect(done).toMatchObject({ receipt: erasure.receipt, requestedAt: erasure.requestedAt })
    ;[app.storage.answer, app.blog.answer] = before
  })

  it('blocks its handle for new accounts', async () => {
    const me = await signUp()
    await erase(me.id)
    expect((await signUp(me.handle.toUpperCase())).code).toBe('CONFLICT')
  })

  it('is deleted once for simultaneous requests', async () => {
    const me = await signUp()
    const results = await Promise.all(Array.from({ length: 4 }, () => erase(me.id)))
    expect(results.filter(({ erasure }) => erasure)).toHaveLength(1)
    expect(await erase(me.id)).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it('leaves no trace in simultaneous actions of other users', async () => {
    for (let round = 0; round < 8; round++) {
      const [me, other] = [await signUp(), await signUp()]
      const [, { errors }] = await Promise.all([
        erase(me.id),
        does(round % 2 ? 'requestFriend' : 'blockUser', other.id, me.id),
      ])
      expect(errors).toEqual([])
      expect((await app.pool.query('SELECT FROM relationships WHERE other_id = $1', [me.id])).rowCount).toBe(
        0,
      )
    }
  })
})

describe('deleting an account', () => {
  it('requires the password', async () => {
    const me = await signUp()
    expect(await erase(me.id, null)).toEqual({ code: 'INVALID_INPUT', field: 'input.password' })
    expect(await erase(me.id, 'wrong password')).toMatchObject({ code: 'NOT_ALLOWED' })
    expect((await app.ask(DELETE, { password: PASSWORD }, ANONYMOUS)).data.result).toMatchObject({
      code: 'NOT_ALLOWED',
    })
    expect((await erase(me.id)).erasure).toBeDefined()
  })

  it('limits wrong guesses of the password', async () => {
    const me = await signUp()
    for (let i = 0; i < 11; i++)
      expect(await erase(me.id, 'wrong password')).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await erase(me.id)).toMatchObject({ code: 'RATE_LIMITED' })
    expect((await app.ask(`{ user(id: "${me.id}") { id } }`, {}, ANONYMOUS)).data.user).toEqual({ id: me.id })
  })

  it('requires no password from a user of an identity provider', async () => {
    const provision = 'mutation ($input: ProvisionUserInput!) { id: provisionUser(input: $input) }'
    const input = { issuer: 'https://id.example', subject: 'ada', name: 'Ada', issuedAt: new Date() }
    const provisioned = async (issuedAt: Date) =>
      (await app.internal(provision, { input: { ...input, issuedAt } }, 'gateway')).data.id
    const first = await provisioned(new Date())
    expect((await erase(first, null)).erasure).toBeDefined()
    // A token from before the deletion does not restore the account; a new sign-in creates another one.
    expect(await provisioned(new Date(Date.now() - 1_000))).toBeNull()
    // A token of a provider whose clock is two minutes ahead does not restore it either.
    expect(await provisioned(new Date(Date.now() + 119_000))).toBeNull()
    const second = await provisioned(new Date(Date.now() + 121_000))
    expect(second).not.toBe(first)
  })

  it('returns no erasure for an unknown receipt', async () => {
    expect(await erasureOf('nonsense')).toBeNull()
  })
})
