import { jest } from '@jest/globals'
import { type AnyVariables, Client, type Exchange, makeErrorResult, type OperationResult } from '@urql/core'
import type { StorageAdapter } from '@urql/exchange-graphcache'
import { Kind, type OperationDefinitionNode } from 'graphql'
import { filter, map, pipe } from 'wonka'
import {
  BlockUserDocument,
  CommentOnPostDocument,
  DeletePostDocument,
  type Document,
  FriendMoblogsDocument,
  HomePostsDocument,
  LikePostDocument,
  MarkNotificationsReadDocument,
  MediaDocument,
  MoblogPostsDocument,
  NotificationReceivedDocument,
  NotificationsDocument,
  type NotificationsQuery,
  OwnProfileDocument,
  PostWithCommentsDocument,
  type PostWithCommentsQuery,
  PublishPostDocument,
  UnfriendDocument,
} from '../../../generated/graphql/web.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { createCache } from './cache.ts'
import { CACHE_ONLY, KNOWN_POST } from './known-post.ts'
import { answerOnDevice, forgetLostPosts } from './lost-posts.ts'
import { writeSession } from './session-store.ts'

globalThis.localStorage = memoryStorage()

const person = {
  __typename: 'User',
  id: 'mei',
  handle: 'mei',
  displayName: 'Mei',
  relationship: 'SELF',
  isMuted: false,
  avatar: null,
}

// What the cache might take for fragments that fit: one of each kind.
const entities = [
  { __typename: 'HashtagEntity', start: 0, length: 4, tag: 'lake' },
  { __typename: 'LinkEntity', start: 5, length: 4, url: 'https://example.org/' },
  { __typename: 'MentionEntity', start: 9, length: 4, user: person },
]

const post = (id: string) => ({
  __typename: 'Post',
  id,
  text: '#lake and more',
  entities,
  contentWarning: null,
  audience: 'FRIENDS',
  audienceList: null,
  publishedAt: '2026-11-27T00:00:00Z',
  expiresAt: null,
  editedAt: null,
  version: 1,
  likeCount: 0,
  likedByViewer: false,
  viewCount: 0,
  commentCount: 0,
  isHidden: false,
  author: person,
  media: [],
})

const comment = (id: string, replyTo: string | null = null) => ({
  __typename: 'Comment',
  id,
  text: id,
  createdAt: '2026-11-27T00:00:00Z',
  likeCount: 0,
  likedByViewer: false,
  replyTo: replyTo === null ? null : { __typename: 'Comment', id: replyTo },
  author: person,
})

const connection = (typename: string, nodes: readonly unknown[]) => ({
  __typename: `${typename}Connection`,
  edges: nodes.map((node, index) => ({ __typename: `${typename}Edge`, cursor: `c${index}`, node })),
  pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
})

const notification = (typename: string, id: string, content: object) => ({
  __typename: typename,
  id,
  position: '1',
  createdAt: '2026-11-27T00:00:00Z',
  readAt: null,
  ...content,
})

/**
 * A client whose server gives the same answer to each operation of a name.
 *
 * @param asked gets the names of the operations that the server is asked
 */
function clientWith(
  answers: Readonly<Record<string, unknown>>,
  asked: string[] = [],
  storage: StorageAdapter = { readData: async () => ({}), writeData: async () => {} },
): Client {
  const server: Exchange = () => (operations) =>
    pipe(
      operations,
      filter(({ kind }) => kind !== 'teardown'),
      map((operation): OperationResult => {
        const { error: _none, ...result } = makeErrorResult(operation, new Error())
        const isOperation = ({ kind }: { kind: Kind }) => kind === Kind.OPERATION_DEFINITION
        const { name } = operation.query.definitions.find(isOperation) as OperationDefinitionNode
        asked.push(name?.value ?? '')
        return { ...result, data: answers[name?.value ?? ''] }
      }),
    )
  return new Client({
    url: 'http://moblog.test/graphql',
    preferGetMethod: false,
    exchanges: [forgetLostPosts(), createCache(storage), answerOnDevice(), server],
  })
}

/** Reads a list as a screen does, and returns the ids that it shows at any time. */
async function watch<Data, Variables extends AnyVariables>(
  client: Client,
  document: Document<Data, Variables>,
  variables: Variables,
  listIn: (data: Data) => { edges: readonly { node: { id: string } }[] } | null | undefined,
): Promise<() => string[]> {
  let shown: string[] = []
  client.query<Data, Variables>(document, variables).subscribe(({ data }) => {
    if (data) shown = listIn(data)?.edges.map(({ node }) => node.id) ?? []
  })
  await settled()
  return () => shown
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

beforeAll(() => {
  // In development, graphcache warns about each fragment that does not fit the type of what it writes.
  jest.spyOn(console, 'warn').mockImplementation(() => {})
  writeSession({
    userId: 'mei',
    handle: 'mei',
    displayName: 'Mei',
    accessToken: 'a',
    refreshToken: 'r',
    expiresAt: '2027-01-01T00:00:00Z',
  })
})

describe('lists that are on the screen, with entities and notifications of all kinds', () => {
  it('show a new post first, and no longer a deleted one', async () => {
    const client = clientWith({
      HomePosts: {
        feed: connection('Post', [
          { ...post('b'), seenByViewer: true },
          { ...post('a'), seenByViewer: true },
        ]),
      },
      PublishPost: { publishPost: { __typename: 'PublishPostPayload', post: post('new') } },
      DeletePost: { deletePost: { __typename: 'DeletePostPayload', postId: 'a' } },
    })
    const feed = await watch(client, HomePostsDocument, {}, (data) => data.feed)
    expect(feed()).toEqual(['b', 'a'])
    const input = { text: 'new', clientMutationId: 'm' }
    await client.mutation(PublishPostDocument, { input }).toPromise()
    await settled()
    expect(feed()).toEqual(['new', 'b', 'a'])
    await client.mutation(DeletePostDocument, { input: { postId: 'a' } }).toPromise()
    await settled()
    expect(feed()).toEqual(['new', 'b'])
  })

  it('show a new comment last, and a reply below what it answers', async () => {
    const withReplies = { ...comment('first'), replies: connection('Comment', []) }
    const answers = {
      PostWithComments: { post: { ...post('p'), comments: connection('Comment', [withReplies]) } },
      CommentOnPost: {
        commentOnPost: {
          __typename: 'CommentOnPostPayload',
          comment: { ...comment('reply', 'first'), post: { __typename: 'Post', id: 'p', commentCount: 2 } },
        },
      },
    }
    const client = clientWith(answers)
    const variables = { id: 'p' }
    const comments = await watch(client, PostWithCommentsDocument, variables, (data) => data.post?.comments)
    const replies = await watch(
      client,
      PostWithCommentsDocument,
      variables,
      (data) => data.post?.comments.edges[0]?.node.replies,
    )
    const input = { postId: 'p', text: 'reply', replyToId: 'first', clientMutationId: 'm' }
    await client.mutation(CommentOnPostDocument, { input }).toPromise()
    await settled()
    expect(comments()).toEqual(['first', 'reply'])
    expect(replies()).toEqual(['reply'])
  })

  it('show a new notification first', async () => {
    const inbox = {
      ...connection('Notification', [
        notification('FriendRequestAccepted', 'old', { by: person }),
        notification('MediaStored', 'stored', { media: null }),
      ]),
      unreadCount: 2,
    }
    const client = clientWith({
      Notifications: { viewer: { __typename: 'User', id: 'mei', notifications: inbox } },
      NotificationReceived: {
        notificationReceived: notification('FriendRequestReceived', 'new', { from: person }),
      },
    })
    const shown = await watch(client, NotificationsDocument, {}, (data) => data.viewer?.notifications)
    expect(shown()).toEqual(['old', 'stored'])
    client.subscription(NotificationReceivedDocument, {}).subscribe(() => {})
    await settled()
    expect(shown()).toEqual(['new', 'old', 'stored'])
  })

  it('count a new notification as unread, except those of own uploads, which show as read when they are marked', async () => {
    const inbox = {
      ...connection('Notification', [notification('PostLiked', 'old', { post: null, by: person })]),
      unreadCount: 1,
    }
    const arriving = [
      notification('MediaStored', 'stored', { media: null }),
      notification('FriendRequestReceived', 'new', { from: person }),
    ]
    const viewer = {
      ...person,
      about: null,
      createdAt: '2026-11-27T00:00:00Z',
      storageUsage: null,
      moblog: null,
      notifications: inbox,
    }
    const answers: Record<string, object> = {
      OwnProfile: { viewer },
      Notifications: { viewer: { __typename: 'User', id: 'mei', notifications: inbox } },
      MarkNotificationsRead: {
        markNotificationsRead: {
          __typename: 'MarkNotificationsReadPayload',
          user: {
            __typename: 'User',
            id: 'mei',
            notifications: { __typename: 'NotificationConnection', unreadCount: 2 },
          },
        },
      },
    }
    const client = clientWith(answers)
    const counts: (number | undefined)[] = []
    client.query(OwnProfileDocument, {}).subscribe(({ data }) => {
      counts.push(data?.viewer?.notifications?.unreadCount)
    })
    const read: (string | null | undefined)[] = []
    client.query(NotificationsDocument, {}).subscribe(({ data }) => {
      read.push(
        data?.viewer?.notifications?.edges.find((edge: { node: { id: string } }) => edge.node.id === 'stored')
          ?.node.readAt,
      )
    })
    await settled()
    for (const notificationReceived of arriving) {
      answers.NotificationReceived = { notificationReceived }
      client.subscription(NotificationReceivedDocument, {}).subscribe(() => {})
      await settled()
    }
    expect(counts.at(-1)).toBe(2)
    expect(read.at(-1)).toBeNull()
    await client.mutation(MarkNotificationsReadDocument, { input: { ids: ['stored'] } }).toPromise()
    await settled()
    expect(read.at(-1)).toEqual(expect.any(String))
  })

  it('show all notifications up to one as read as soon as they are marked, on all pages', async () => {
    const page = (ids: string[]) =>
      connection(
        'Notification',
        ids.map((id) => ({
          ...notification('PostLiked', id, { post: null, by: person }),
          position: id,
        })),
      )
    const viewer = { __typename: 'User', id: 'mei' }
    const answers: Record<string, object> = {
      Notifications: { viewer: { ...viewer, notifications: { ...page(['11', '10']), unreadCount: 4 } } },
      MarkNotificationsRead: {
        markNotificationsRead: {
          __typename: 'MarkNotificationsReadPayload',
          user: { ...viewer, notifications: { __typename: 'NotificationConnection', unreadCount: 1 } },
        },
      },
    }
    const client = clientWith(answers)
    const read = new Map<string, boolean>()
    const note = ({ data }: { data?: NotificationsQuery | undefined }) => {
      for (const { node } of data?.viewer?.notifications?.edges ?? []) read.set(node.id, node.readAt !== null)
    }
    client.query(NotificationsDocument, {}).subscribe(note)
    await settled()
    answers.Notifications = { viewer: { ...viewer, notifications: { ...page(['9', '8']), unreadCount: 4 } } }
    client.query(NotificationsDocument, { after: '10' }).subscribe(note)
    await settled()
    expect(Object.fromEntries(read)).toEqual({ 11: false, 10: false, 9: false, 8: false })
    await client.mutation(MarkNotificationsReadDocument, { input: { upTo: '10' } }).toPromise()
    await settled()
    expect(Object.fromEntries(read)).toEqual({ 11: false, 10: true, 9: true, 8: true })
  })

  it.each([
    'by the viewer',
    'by the friend, as a refused film says',
    'by the friend, as a refused post says',
  ])('no longer show what a friend has shared when the friendship was ended %s', async (how) => {
    const ada = { ...person, id: 'ada', relationship: 'FRIEND', isOnline: false }
    const unknown = [
      'title',
      'altText',
      'mimeType',
      'byteSize',
      'sha256',
      'durationSeconds',
      'width',
      'height',
    ]
    const nothing = [...unknown, 'placeholder', 'dominantColor', 'waveform', 'kind', 'state', 'access']
    const film = {
      __typename: 'Media',
      id: 'film',
      ...Object.fromEntries(nothing.map((field) => [field, null])),
    }
    const shared = { ...post('hers'), author: ada, media: [film], seenByViewer: true }
    const own = { ...post('own'), seenByViewer: true }
    const moblog = { __typename: 'Moblog', id: 'ada', title: '', updatedAt: null, unseenCount: 0, owner: ada }
    const answers: Record<string, unknown> = {
      HomePosts: { feed: connection('Post', [shared, own]) },
      FriendMoblogs: { friendMoblogs: connection('Moblog', [moblog]) },
      Unfriend: {
        unfriend: {
          __typename: 'UnfriendPayload',
          user: { __typename: 'User', id: 'ada', relationship: 'NONE' },
        },
      },
      Media: { media: film },
      PostWithComments: { post: null },
    }
    const client = clientWith(answers)
    const feed = await watch(client, HomePostsDocument, {}, (data) => data.feed)
    const moblogs = await watch(client, FriendMoblogsDocument, {}, (data) => data.friendMoblogs)
    expect([feed(), moblogs()]).toEqual([['hers', 'own'], ['ada']])
    answers.HomePosts = { feed: connection('Post', [own]) }
    answers.FriendMoblogs = { friendMoblogs: connection('Moblog', []) }
    if (how === 'by the viewer')
      await client.mutation(UnfriendDocument, { input: { userId: 'ada' } }).toPromise()
    else if (how.includes('film')) await client.query(MediaDocument, { id: 'film' }).toPromise()
    else await client.query(PostWithCommentsDocument, { id: 'hers' }).toPromise()
    await settled()
    expect([feed(), moblogs()]).toEqual([['own'], []])
  })
})

describe('comments on posts of others', () => {
  const friend = (id: string, relationship = 'FRIEND') => ({ ...person, id, relationship, isOnline: false })
  const by = (author: object, id: string, replies: object[] = []) => ({
    ...comment(id),
    author,
    replies: connection('Comment', replies),
  })
  const ada = friend('ada')
  const moblogs = (...ids: string[]) => ({
    friendMoblogs: connection(
      'Moblog',
      ids.map((id) => ({
        __typename: 'Moblog',
        id,
        title: '',
        updatedAt: null,
        unseenCount: 0,
        owner: friend(id),
      })),
    ),
  })
  const owner = (relationship: string) => ({
    moblog: { __typename: 'Moblog', id: 'ada', owner: { __typename: 'User', id: 'ada', relationship } },
  })
  const answers = (): Record<string, unknown> => ({
    PostWithComments: {
      post: {
        ...post('his'),
        author: friend('cy'),
        comments: connection('Comment', [
          by(friend('cy'), 'his1', [{ ...comment('hers1', 'his1'), author: ada }]),
          by(ada, 'hers2'),
          by(person, 'own'),
        ]),
      },
    },
    FriendMoblogs: moblogs('ada', 'cy'),
  })
  /** Reads a post and the list of moblogs. Returns the texts of the comments that are kept. */
  const start = async (given: Record<string, unknown>) => {
    const client = clientWith(given)
    await client.query(PostWithCommentsDocument, { id: 'his' }).toPromise()
    await client.query(FriendMoblogsDocument, {}).toPromise()
    const kept = () => {
      const context = { requestPolicy: 'cache-only' } as const
      const data: PostWithCommentsQuery | undefined = client.readQuery(
        PostWithCommentsDocument,
        { id: 'his' },
        context,
      )?.data
      return data?.post?.comments.edges.flatMap(({ node }) => [
        node.text,
        ...node.replies.edges.map((reply) => reply.node.text),
      ])
    }
    expect(kept()).toEqual(['his1', 'hers1', 'hers2', 'own'])
    return { client, kept }
  }

  const block = {
    BlockUser: { blockUser: { __typename: 'BlockUserPayload', user: friend('ada', 'BLOCKED') } },
  }
  const readMoblogs = (client: Client) =>
    client.query(FriendMoblogsDocument, {}, { requestPolicy: 'network-only' }).toPromise()
  const ways: [string, object, (client: Client) => Promise<unknown>, boolean][] = [
    [
      'the viewer blocks their author',
      block,
      (client) => client.mutation(BlockUserDocument, { input: { userId: 'ada' } }).toPromise(),
      true,
    ],
    [
      'the moblog of their author is gone',
      { MoblogPosts: { moblog: null } },
      (client) => client.query(MoblogPostsDocument, { id: 'ada' }).toPromise(),
      true,
    ],
    [
      'the moblog of their author is listed no more because it is gone',
      { FriendMoblogs: moblogs('cy'), MoblogOwner: { moblog: null } },
      readMoblogs,
      true,
    ],
    [
      'the moblog of their author is listed no more, but still shared',
      { FriendMoblogs: moblogs('cy'), MoblogOwner: owner('FRIEND') },
      readMoblogs,
      false,
    ],
    [
      'the author has ended the friendship',
      { FriendMoblogs: moblogs('cy'), MoblogOwner: owner('NONE') },
      readMoblogs,
      false,
    ],
    [
      'the viewer has blocked the author on another device',
      { FriendMoblogs: moblogs('cy'), MoblogOwner: owner('BLOCKED') },
      readMoblogs,
      true,
    ],
    [
      'the viewer ends the friendship',
      { Unfriend: { unfriend: { __typename: 'UnfriendPayload', user: friend('ada', 'NONE') } } },
      (client) => client.mutation(UnfriendDocument, { input: { userId: 'ada' } }).toPromise(),
      false,
    ],
  ]
  it.each(ways)(
    'are kept only if the server still shows them, when %s',
    async (_why, more, learn, areGone) => {
      const given = answers()
      const { client, kept } = await start(given)
      Object.assign(given, more)
      await learn(client)
      await settled()
      expect(kept()).toEqual(areGone ? ['his1', 'own'] : ['his1', 'hers1', 'hers2', 'own'])
    },
  )

  it('are gone when a post of their author is, except the own ones', async () => {
    const given = answers()
    const { client, kept } = await start(given)
    const policy = { requestPolicy: 'network-only' } as const
    for (const [author, rest] of [
      [person, ['his1', 'hers1', 'hers2', 'own']],
      [ada, ['his1', 'own']],
    ] as const) {
      given.PostWithComments = { post: { ...post('lost'), author, comments: connection('Comment', []) } }
      await client.query(PostWithCommentsDocument, { id: 'lost' }, policy).toPromise()
      given.PostWithComments = { post: null }
      await client.query(PostWithCommentsDocument, { id: 'lost' }, policy).toPromise()
      await settled()
      expect(kept()).toEqual(rest)
    }
  })
})

describe('a post that a list has shown', () => {
  // In tests, graphcache writes nothing to its storage.
  const environment = process.env.NODE_ENV
  beforeAll(() => {
    process.env.NODE_ENV = 'production'
  })
  afterAll(() => {
    process.env.NODE_ENV = environment
  })

  const hers = (id: string, changes: object = {}) => ({
    ...post(id),
    author: { ...person, id: 'ada', relationship: 'FRIEND' },
    seenByViewer: true,
    ...changes,
  })
  const withKnown = async (answers: Record<string, unknown>) => {
    const rows: Record<string, string | undefined> = {}
    const client = clientWith(answers, [], {
      readData: async () => ({}),
      writeData: async (delta) => void Object.assign(rows, delta),
    })
    // What is read before the storage was read is not written to it.
    await settled()
    await watch(client, HomePostsDocument, {}, (data) => data.feed)
    const known = (...ids: string[]) =>
      ids.filter((id) => client.readQuery(KNOWN_POST, { id }, CACHE_ONLY)?.data?.knownPost)
    return { client, rows, known }
  }
  const stranger = (relationship: string) => ({ ...person, id: 'ada', relationship })
  const names = (relationship: string) => ({
    post: {
      ...post('own'),
      comments: connection('Comment', [
        {
          ...comment('c'),
          author: stranger(relationship),
          replies: connection('Comment', []),
        },
      ]),
    },
  })
  const ended: [string, object, (client: Client) => Promise<unknown>][] = [
    [
      'the viewer has ended the friendship',
      { Unfriend: { unfriend: { __typename: 'UnfriendPayload', user: stranger('NONE') } } },
      (client) => client.mutation(UnfriendDocument, { input: { userId: 'ada' } }).toPromise(),
    ],
    [
      'another post of the author is gone',
      { PostWithComments: { post: null } },
      (client) => client.query(PostWithCommentsDocument, { id: 'a' }).toPromise(),
    ],
    [
      'an answer calls the author no friend',
      { PostWithComments: names('NONE') },
      (client) => client.query(PostWithCommentsDocument, { id: 'own' }).toPromise(),
    ],
    [
      'an answer says that the author is blocked',
      { PostWithComments: names('BLOCKED') },
      (client) => client.query(PostWithCommentsDocument, { id: 'own' }).toPromise(),
    ],
    [
      'a notification calls the author no friend',
      {
        NotificationReceived: {
          notificationReceived: notification('FriendRequestReceived', 'new', {
            from: stranger('REQUEST_RECEIVED'),
          }),
        },
      },
      (client) => client.subscription(NotificationReceivedDocument, {}).toPromise(),
    ],
    [
      'the moblog of the author is gone',
      { MoblogPosts: { moblog: null } },
      (client) => client.query(MoblogPostsDocument, { id: 'ada' }).toPromise(),
    ],
  ]

  it.each(ended)(
    'is known no more when %s, also without a connection and after a reload',
    async (_why, more, learn) => {
      const answers: Record<string, unknown> = {
        HomePosts: {
          feed: connection('Post', [hers('a'), hers('b'), { ...post('own'), seenByViewer: true }]),
        },
        ...more,
      }
      const { client, rows, known } = await withKnown(answers)
      expect(known('a', 'b', 'own')).toEqual(['a', 'b', 'own'])
      expect(rows['Post:b.text']).toBeDefined()
      // From now on, nothing else is answered.
      answers.HomePosts = undefined
      await learn(client)
      await settled()
      expect(known('a', 'b')).toEqual([])
      expect(rows['Post:b.text']).toBeUndefined()
    },
  )

  it('is known no more when the list is read again without it, unless it may only be on the next page', async () => {
    const page = (...ids: string[]) => {
      const list = connection(
        'Post',
        ids.map((id) => hers(id)),
      )
      return { feed: { ...list, pageInfo: { ...list.pageInfo, hasNextPage: true } } }
    }
    const answers: Record<string, unknown> = { HomePosts: page('d', 'c', 'b', 'a') }
    const { client, rows, known } = await withKnown(answers)
    answers.HomePosts = page('e', 'd', 'b')
    await client.query(HomePostsDocument, {}, { requestPolicy: 'network-only' }).toPromise()
    await settled()
    const ids = ['e', 'd', 'c', 'b', 'a']
    expect(known(...ids)).toEqual(['e', 'd', 'b'])
    expect(ids.filter((id) => rows[`Post:${id}.text`])).toEqual(['e', 'd', 'b', 'a'])
  })

  it('stays known of a stranger only if it is public', async () => {
    const author = stranger('NONE')
    const answers = {
      HomePosts: {
        feed: connection('Post', [hers('a', { author, audience: 'PUBLIC' }), hers('b', { author })]),
      },
    }
    const { known } = await withKnown(answers)
    expect(known('a', 'b')).toEqual(['a'])
  })

  it('is known without asking the server, until it is deleted', async () => {
    const asked: string[] = []
    const client = clientWith(
      {
        HomePosts: { feed: connection('Post', [{ ...post('a'), seenByViewer: true }]) },
        LikePost: {
          likePost: {
            __typename: 'LikePostPayload',
            post: { __typename: 'Post', id: 'a', likeCount: 1, likedByViewer: true },
          },
        },
        DeletePost: { deletePost: { __typename: 'DeletePostPayload', postId: 'a' } },
      },
      asked,
    )
    const known = (id: string) => client.readQuery(KNOWN_POST, { id }, CACHE_ONLY)?.data?.knownPost ?? null
    expect(known('a')).toBeNull()
    await watch(client, HomePostsDocument, {}, (data) => data.feed)
    expect(known('a')).toMatchObject({ text: '#lake and more', author: person, entities: [{}, {}, {}] })
    expect(known('b')).toBeNull()
    const results: unknown[] = []
    client.query(KNOWN_POST, { id: 'a' }, CACHE_ONLY).subscribe(({ data }) => {
      results.push(data?.knownPost?.likeCount)
    })
    await client.mutation(LikePostDocument, { input: { postId: 'a' } }).toPromise()
    await settled()
    await client.mutation(DeletePostDocument, { input: { postId: 'a' } }).toPromise()
    await settled()
    expect([...new Set(results)]).toEqual([0, 1, undefined])
    expect(known('a')).toBeNull()
    expect(asked).toEqual(['HomePosts', 'LikePost', 'DeletePost'])
  })
})
