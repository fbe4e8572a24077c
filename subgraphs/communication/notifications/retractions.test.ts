import fc from 'fast-check'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, notificationOf, reported } from '../../../testing/communication/inbox.ts'
import { mediaOf, registered } from '../../../testing/communication/media.ts'
import { eventually } from '../../../testing/eventually.ts'
import { pruneRetractions } from './retention-store.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `untold${++names}`))
const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))
const befriend = async (one: string, other: string) => {
  await does('requestFriend', one, other)
  await does('acceptFriendRequest', other, one)
}
const readAll = async (userId: string) => {
  const ids = (await inboxOf(app, userId)).shown.map(({ id }) => id)
  await app.ask(
    'mutation ($ids: [ID!]) { markNotificationsRead(input: { ids: $ids }) { __typename } }',
    { ids },
    viewer(userId),
  )
}
const instant = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

/** Expects that a user sees no notification in the inbox or the feed, and none of `ids` by id. */
async function expectNothing(userId: string, ids: readonly string[]) {
  expect(await inboxOf(app, userId)).toMatchObject({ shown: [], unread: 0 })
  expect((await feedOf(app, userId, '0')).events).toEqual([])
  for (const id of ids) expect(await notificationOf(app, userId, id)).toBeNull()
}

describe('a notification disappears from the inbox, its count, the feed and the query by id', () => {
  it('when its post is unliked, and returns unchanged when the post is liked again', async () => {
    const [author = '', fan = ''] = await people(2)
    const like = { authorId: author, actorId: fan, postId: newId() }
    await reported(app, { kind: 'LIKED', ...like })
    const { shown } = await inboxOf(app, author)
    await reported(app, { kind: 'UNLIKED', ...like })
    await expectNothing(
      author,
      shown.map(({ id }) => id),
    )
    await new Promise((resolve) => setTimeout(resolve, 2))
    await reported(app, { kind: 'LIKED', ...like })
    expect(await inboxOf(app, author)).toMatchObject({ shown, unread: 1 })
    await readAll(author)
    for (const kind of ['UNLIKED', 'LIKED']) await reported(app, { kind, ...like, occurredAt: instant(99) })
    expect((await inboxOf(app, author)).unread).toBe(0)
  })

  it('when its comment is deleted, but not those of other comments', async () => {
    const [author = '', fan = ''] = await people(2)
    const post = { authorId: author, actorId: fan, postId: newId() }
    const [gone, left] = [newId(), newId()]
    for (const commentId of [gone, left]) await reported(app, { kind: 'COMMENTED', ...post, commentId })
    const [, retracted] = (await inboxOf(app, author)).shown
    await reported(app, { kind: 'COMMENT_DELETED', ...post, commentId: gone })
    expect(await inboxOf(app, author)).toMatchObject({ shown: [{ comment: { id: left } }], unread: 1 })
    expect(await notificationOf(app, author, retracted?.id ?? '')).toBeNull()
  })

  it('when its post is deleted: likes, comments and the publication', async () => {
    const [author = '', friend = ''] = await people(2)
    await befriend(author, friend)
    const post = { authorId: author, actorId: friend, postId: newId() }
    await reported(app, { ...post, kind: 'PUBLISHED', actorId: author })
    await reported(app, { ...post, kind: 'LIKED' })
    await reported(app, { ...post, kind: 'COMMENTED', commentId: newId() })
    await eventually(async () => (await inboxOf(app, friend)).unread === 1, 3_000)
    const other = await reported(app, { ...post, kind: 'LIKED', postId: newId() })
    await reported(app, { ...post, kind: 'DELETED', actorId: author })
    expect((await inboxOf(app, friend)).shown.map(({ __typename }) => __typename)).toEqual([
      'FriendRequestReceived',
    ])
    expect(await inboxOf(app, author)).toMatchObject({
      shown: [{ __typename: 'PostLiked', post: { id: other } }, { __typename: 'FriendRequestAccepted' }],
      unread: 2,
    })
  })

  it('when the post becomes private, and returns when the post is shown again', async () => {
    const [author = '', friend = ''] = await people(2)
    await befriend(author, friend)
    const post = { authorId: author, actorId: author, postId: newId() }
    const seen = async (who: string) => (await inboxOf(app, who)).shown.map(({ __typename }) => __typename)
    await reported(app, { ...post, kind: 'PUBLISHED', occurredAt: instant(1) })
    await reported(app, { ...post, kind: 'LIKED', actorId: friend, occurredAt: instant(1) })
    await eventually(async () => (await seen(friend)).includes('PostPublished'), 3_000)
    await reported(app, { ...post, kind: 'HIDDEN', occurredAt: instant(2) })
    expect(await inboxOf(app, friend)).toMatchObject({
      shown: [{ __typename: 'FriendRequestReceived' }],
      unread: 0,
    })
    expect(await seen(author)).toContain('PostLiked')
    await reported(app, { ...post, kind: 'PUBLISHED', occurredAt: instant(3) })
    expect((await seen(friend)).filter((kind) => kind === 'PostPublished')).toHaveLength(1)
  })

  it.each(['unfriend', 'blockUser'])('of friendship and of posts, after %s by either user', async (verb) => {
    const [one = '', other = ''] = await people(2)
    for (const [who, whom] of [
      [one, other],
      [other, one],
    ] as const) {
      await befriend(one, other)
      await reported(app, { kind: 'PUBLISHED', authorId: one, actorId: one })
      await reported(app, { kind: 'PUBLISHED', authorId: other, actorId: other })
      for (const user of [one, other])
        await eventually(async () => (await inboxOf(app, user)).shown.some(({ post }) => post), 3_000)
      const retracted = [(await inboxOf(app, one)).shown, (await inboxOf(app, other)).shown]
      await does(verb, who, whom)
      for (const [at, user] of [one, other].entries())
        await expectNothing(user, retracted[at]?.map(({ id }) => id) ?? [])
      await does('unblockUser', who, whom)
      await expectNothing(one, [])
    }
  })

  it('but not if it is of a like by a former friend', async () => {
    const [author = '', friend = ''] = await people(2)
    await befriend(author, friend)
    const postId = await reported(app, { kind: 'LIKED', authorId: author, actorId: friend })
    await does('unfriend', author, friend)
    expect((await inboxOf(app, author)).shown).toMatchObject([
      { __typename: 'PostLiked', post: { id: postId }, by: { id: friend } },
    ])
  })

  it('when its media failed to render and is deleted', async () => {
    const [owner = ''] = await people(1)
    const { mediaId } = await registered(app, { ...mediaOf(owner), state: 'FAILED' })
    const retracted = (await inboxOf(app, owner)).shown
    expect(retracted.map(({ __typename }) => __typename)).toEqual(['MediaRejected', 'MediaStored'])
    await app.internal(
      'mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }',
      { id: mediaId },
      'storage',
    )
    await expectNothing(
      owner,
      retracted.map(({ id }) => id),
    )
  })
})

describe('a retraction', () => {
  it('holds when its report overtakes the report that it retracts', async () => {
    const [author = '', friend = ''] = await people(2)
    await befriend(friend, author)
    await readAll(author)
    const commentId = newId()
    const of = (postId: string) => ({ authorId: author, actorId: friend, postId })
    const [post, gone] = [of(newId()), of(newId())]
    await reported(app, { kind: 'UNLIKED', ...post, occurredAt: instant(2) })
    await reported(app, { kind: 'COMMENT_DELETED', ...post, commentId, occurredAt: instant(2) })
    await reported(app, { kind: 'DELETED', ...gone, actorId: author, occurredAt: instant(2) })
    await reported(app, { kind: 'LIKED', ...post, occurredAt: instant(1) })
    await reported(app, { kind: 'COMMENTED', ...post, commentId, occurredAt: instant(1) })
    await reported(app, { kind: 'LIKED', ...gone, occurredAt: instant(1) })
    await reported(app, { kind: 'PUBLISHED', ...gone, actorId: author, occurredAt: instant(1) })
    await reported(app, { kind: 'PUBLISHED', authorId: author, actorId: author, occurredAt: instant(1) })
    await eventually(async () => (await inboxOf(app, friend)).shown.some(({ post }) => post), 3_000)
    expect((await inboxOf(app, author)).unread).toBe(0)
    expect(JSON.stringify(await inboxOf(app, friend))).not.toContain(gone.postId)
  })

  it('of a like follows the last change, whichever reports are repeated late', async () => {
    const [author = '', fan = ''] = await people(2)
    const changes = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(changes, async (order) => {
        const like = { authorId: author, actorId: fan, postId: newId() }
        let newest = -1
        for (const wanted of order) {
          // A change first arrives after all earlier ones; one that has arrived may arrive again.
          const change = Math.min(wanted, newest + 1)
          newest = Math.max(newest, change)
          const kind = change % 2 === 0 ? 'LIKED' : 'UNLIKED'
          await reported(app, { ...like, kind, occurredAt: instant(change) })
        }
        const isNotified = (await inboxOf(app, author, { first: 100 })).shown.some(
          ({ post }) => JSON.stringify(post) === JSON.stringify({ id: like.postId }),
        )
        expect(isNotified).toBe(newest % 2 === 0)
      }),
      { numRuns: 25 },
    )
  })

  it('is kept until every notification that it could hide is deleted', async () => {
    const [author = ''] = await people(1)
    const days = { old: '2020-01-01T00:00:00Z', young: '2020-01-03T00:00:00Z' }
    const post = { kind: 'DELETED', authorId: author, actorId: author }
    const old = await reported(app, { ...post, occurredAt: days.old })
    const young = await reported(app, { ...post, occurredAt: days.young })
    await pruneRetractions(app.pool, new Date('2020-01-02'))
    const { rows } = await app.pool.query('SELECT subject FROM retractions WHERE subject = ANY($1)', [
      [`post ${old}`, `post ${young}`],
    ])
    expect(rows).toEqual([{ subject: `post ${young}` }])
  })
})
