import { newId } from '../../../platform/ids.ts'
import { changeMembers, listOf } from '../../../testing/communication/audience-lists.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, notificationOf, reported } from '../../../testing/communication/inbox.ts'
import { mediaOf, postOf, registered } from '../../../testing/communication/media.ts'
import { eventually } from '../../../testing/eventually.ts'
import { notificationKinds } from './kinds/kinds.ts'

let app: TestCommunication
let names = 0
let seconds = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))

async function befriend(one: string, other: string): Promise<void> {
  await does('requestFriend', one, other)
  await does('acceptFriendRequest', other, one)
}

/** A post of `author`, and a comment that `actor` likes or that is by `actor`. The reader of the inbox is the friend of `author`. */
async function scene() {
  const [reader = '', author = '', actor = ''] = await app.people(
    ...['r', 'a', 'c'].map((each) => `${each}${++names}_i`),
  )
  await befriend(author, reader)
  return { reader, author, actor, postId: newId(), commentId: newId(), mediaId: '' }
}
type Scene = Awaited<ReturnType<typeof scene>>

/** Reports activity on the post, as blog does. */
const happens = (
  kind: string,
  { author, postId, commentId }: Scene,
  more: { actorId?: string; [field: string]: unknown } = {},
) => {
  const occurredAt = new Date(Date.UTC(2026, 10, 26) + ++seconds * 1000).toISOString()
  const facts = { authorId: author, actorId: author, postId, commentId, audience: 'FRIENDS', occurredAt }
  return reported(app, { kind, ...facts, ...more })
}
const delivered = () =>
  eventually(
    async () => (await app.pool.query('SELECT FROM communication_outbox.message')).rowCount === 0,
    10_000,
  )
const unregister = ({ mediaId }: Scene) =>
  app.internal('mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }', { id: mediaId }, 'storage')
const uploaded = (state: 'READY' | 'FAILED') => async (it: Scene) => {
  it.mediaId = (await registered(app, { ...mediaOf(it.reader), state })).mediaId
}
const expire = async ({ author, postId }: Scene) => {
  await postOf(app, author, [], 'FRIENDS', { postId, expiresAt: new Date(Date.now() + 100) })
  await new Promise((resolve) => setTimeout(resolve, 200))
}
/** The author of the post is the reader in these. */
const own = (kind: string) => (it: Scene) =>
  happens(kind, { ...it, author: it.reader }, { actorId: it.actor })

/** How a user who is not the author of a post stops seeing it. */
const LOST: { [way: string]: (it: Scene) => unknown } = {
  'the friendship with its author ends': ({ author, reader }) => does('unfriend', author, reader),
  'its author blocks the reader': ({ author, reader }) => does('blockUser', author, reader),
  'its audience is narrowed to its author': async (it) => {
    await happens('MENTIONED', it, { audience: 'ONLY_ME', mentionedIds: [it.reader], unmentionedIds: [] })
    await happens('HIDDEN', it)
  },
  'its audience is narrowed to a list without the reader': async ({ author, actor, postId }) => {
    const audienceListId = await listOf(app, author, [actor])
    await postOf(app, author, [], 'ONLY_LIST', { postId, audienceListId })
  },
  'the reader leaves its list': async ({ author, reader, postId }) => {
    const audienceListId = await listOf(app, author, [reader])
    await postOf(app, author, [], 'ONLY_LIST', { postId, audienceListId })
    await changeMembers(app, author, audienceListId, { remove: [reader] })
  },
  'it is deleted': (it) => happens('DELETED', it),
  'it expires': expire,
}
const ACTOR_BLOCKED = {
  'the reader blocks the one who acted': ({ reader, actor }: Scene) => does('blockUser', reader, actor),
}
const OWN_LOST = {
  'the post is deleted': own('DELETED'),
  'the post expires': (it: Scene) => expire({ ...it, author: it.reader }),
  ...ACTOR_BLOCKED,
}
const UNREGISTERED = { 'the media file is deleted': unregister }

/** For each kind: what causes a notification for the reader, and all that hides it. */
const KINDS: {
  [kind: string]: [cause: (it: Scene) => unknown, ends: { [way: string]: (it: Scene) => unknown }]
} = {
  COMMENT_LIKED: [
    (it) => happens('COMMENT_LIKED', it, { actorId: it.actor, commentAuthorId: it.reader }),
    {
      ...LOST,
      ...ACTOR_BLOCKED,
      'the like is taken back': (it) => happens('COMMENT_UNLIKED', it, { actorId: it.actor }),
      'the comment is deleted': (it) => happens('COMMENT_DELETED', it),
    },
  ],
  COMMENT_REPLIED: [
    (it) => happens('REPLIED', it, { actorId: it.actor, commentAuthorId: it.reader }),
    { ...LOST, ...ACTOR_BLOCKED, 'the reply is deleted': (it) => happens('COMMENT_DELETED', it) },
  ],
  FRIEND_REQUEST_ACCEPTED: [
    async ({ reader, actor }) => {
      await does('requestFriend', reader, actor)
      await does('acceptFriendRequest', actor, reader)
    },
    { 'the friendship ends': ({ reader, actor }) => does('unfriend', actor, reader), ...ACTOR_BLOCKED },
  ],
  FRIEND_REQUEST_RECEIVED: [
    ({ reader, actor }) => does('requestFriend', actor, reader),
    {
      'the request is cancelled': ({ reader, actor }) => does('cancelFriendRequest', actor, reader),
      ...ACTOR_BLOCKED,
    },
  ],
  MEDIA_READY: [uploaded('READY'), UNREGISTERED],
  MEDIA_REJECTED: [uploaded('FAILED'), UNREGISTERED],
  MEDIA_STORED: [uploaded('READY'), UNREGISTERED],
  MENTIONED_IN_POST: [
    (it) => happens('MENTIONED', it, { mentionedIds: [it.reader], unmentionedIds: [] }),
    {
      ...LOST,
      'the mention is taken back': (it) =>
        happens('MENTIONED', it, { audience: 'PUBLIC', mentionedIds: [], unmentionedIds: [it.reader] }),
    },
  ],
  POST_COMMENTED: [own('COMMENTED'), { ...OWN_LOST, 'the comment is deleted': own('COMMENT_DELETED') }],
  POST_LIKED: [own('LIKED'), { ...OWN_LOST, 'the like is taken back': own('UNLIKED') }],
  POST_PUBLISHED: [
    async (it) => {
      await happens('PUBLISHED', it)
      await delivered()
    },
    LOST,
  ],
}

const typeOf = (kind: string) => notificationKinds.find(({ name }) => name === kind)?.type
const CASES = Object.entries(KINDS).flatMap(([kind, [, ends]]) =>
  Object.keys(ends).map((way) => [kind, way] as const),
)

it('each kind of notification is tested below', () => {
  expect(Object.keys(KINDS).sort()).toEqual(notificationKinds.map(({ name }) => name).sort())
})

it.each(CASES)('%s leaves the inbox, its count, the feed and the query by id when %s', async (kind, way) => {
  const it = await scene()
  const [cause, ends] = KINDS[kind] ?? []
  await cause?.(it)
  const { shown } = await inboxOf(app, it.reader)
  const found = shown.find(({ __typename }) => __typename === typeOf(kind))
  expect(found).toBeDefined()
  await ends?.[way]?.(it)
  const after = await inboxOf(app, it.reader)
  expect(after.shown.map(({ id }) => id)).not.toContain(found?.id)
  expect(after.unread).toBe(after.shown.filter(({ readAt }) => readAt === null).length)
  const { events } = await feedOf(app, it.reader, '0')
  expect(events.map(({ id }) => id).sort()).toEqual(after.shown.map(({ id }) => id).sort())
  expect(await notificationOf(app, it.reader, found?.id ?? '')).toBeNull()
})

describe.each(['COMMENT_LIKED', 'COMMENT_REPLIED'])('%s on a public post', (kind) => {
  const notices = async ({ reader }: Scene) =>
    (await inboxOf(app, reader)).shown.filter(({ __typename }) => __typename === typeOf(kind)).length
  const activity = kind === 'COMMENT_LIKED' ? kind : 'REPLIED'
  const audienceIs = (it: Scene, audience: string) =>
    happens('MENTIONED', it, { audience, mentionedIds: [], unmentionedIds: [] })
  async function publicScene(): Promise<Scene> {
    const it = await scene()
    const { actor: actorId, reader: commentAuthorId } = it
    await happens(activity, it, { actorId, commentAuthorId, audience: 'PUBLIC' })
    return it
  }

  it('stays when the friendship ends, goes when the post is for friends only, and returns with it', async () => {
    const it = await publicScene()
    await does('unfriend', it.author, it.reader)
    expect(await notices(it)).toBe(1)
    await audienceIs(it, 'FRIENDS')
    expect(await notices(it)).toBe(0)
    await audienceIs(it, 'PUBLIC')
    expect(await notices(it)).toBe(1)
  })

  it('stays for a friend when the post is for friends only', async () => {
    const it = await publicScene()
    await audienceIs(it, 'FRIENDS')
    expect(await notices(it)).toBe(1)
  })

  it('goes when the account of the author is deleted', async () => {
    const it = await publicScene()
    await app.pool.query('DELETE FROM users WHERE id = $1', [it.author])
    expect(await notices(it)).toBe(0)
  })
})

it('the author of a post is still notified of likes of their own comment when only they see the post', async () => {
  const it = { ...(await scene()), author: '' }
  it.author = it.reader
  await happens('COMMENT_LIKED', it, { actorId: it.actor, commentAuthorId: it.reader })
  await happens('HIDDEN', it)
  expect((await inboxOf(app, it.reader)).shown.map(({ __typename }) => __typename)).toContain('CommentLiked')
})
