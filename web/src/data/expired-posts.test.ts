import { Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange, type StorageAdapter } from '@urql/exchange-graphcache'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { browserDatabase } from '../browser-database.ts'
import { type KeptEntries, keptMedia, removeExpired, withoutExpiredPosts } from './expired-posts.ts'

const NAME = 'moblog-cache-7'
const NOW = Date.parse('2026-11-26T12:00:00Z')
const POSTS = gql`{ posts { __typename edges { __typename node { __typename id text expiresAt } } } pinned { __typename id text expiresAt } }`

const memory = memoryIndexedDb()
Object.assign(globalThis, { indexedDB: memory.indexedDB })
const database = browserDatabase({ name: NAME, version: 1, stores: { entries: null } })

const post = (id: string, expiresAt: string | null) => ({
  __typename: 'Post',
  id,
  text: `text ${id}`,
  expiresAt,
})
const edge = (node: ReturnType<typeof post>) => ({ __typename: 'PostEdge', node })
const ALL = {
  posts: {
    __typename: 'PostConnection',
    edges: [
      edge(post('1', null)),
      edge(post('2', '2026-11-26T11:59:00Z')),
      edge(post('3', '2026-11-27T12:00:00Z')),
    ],
  },
  pinned: post('2', '2026-11-26T11:59:00Z'),
}

/** What the cache writes into its storage for `ALL`: the posts on one day, the lists and a comment on the next one. */
const POST_ENTRIES: KeptEntries = Object.fromEntries(
  ALL.posts.edges.flatMap(({ node }) =>
    Object.entries(node).map(([field, value]) => [`Post:${node.id}.${field}`, JSON.stringify(value)]),
  ),
)
const LIST_ENTRIES: KeptEntries = {
  'Query.__typename': '"Query"',
  'Query.posts': ':"Query.posts"',
  'Query.pinned': ':"Post:2"',
  'Query%2eposts.__typename': '"PostConnection"',
  'Query%2eposts.edges': ':["Query.posts.edges.0","Query.posts.edges.1","Query.posts.edges.2"]',
  ...Object.fromEntries(
    ALL.posts.edges.flatMap(({ node }, index) => [
      [`Query%2eposts%2eedges%2e${index}.__typename`, '"PostEdge"'],
      [`Query%2eposts%2eedges%2e${index}.node`, `:"Post:${node.id}"`],
    ]),
  ),
  'Post:2.comments': ':["Comment:5"]',
  'Comment:5.text': '"a comment on 2"',
  'Comment:5.author': ':"User:9"',
  'User:9.name': '"whom only the comment names"',
  'Post:3.comments': ':["Comment:6"]',
  'Comment:6.text': '"a comment on 3"',
  'Post:1.liked': undefined,
}

const storage: StorageAdapter = {
  readData: async () => Object.assign({}, ...(await database.all<KeptEntries>('entries'))),
  writeData: async () => {},
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What a client without a connection shows of what is kept. */
async function seen(kept: StorageAdapter): Promise<unknown> {
  const keys = { PostConnection: () => null, PostEdge: () => null }
  const client = new Client({
    url: 'http://moblog.test/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange({ storage: kept, keys }), fetchExchange],
  })
  // The cache reads what is kept.
  await pause(30)
  return (await client.query(POSTS, {}, { requestPolicy: 'cache-only' }).toPromise()).data
}

describe('expired posts', () => {
  it('are deleted from the device at the next start, with all that only they lead to', async () => {
    await database.put('entries', POST_ENTRIES, 20_783)
    await database.put('entries', LIST_ENTRIES, 20_784)
    expect(await seen(storage)).toEqual(ALL)

    const edges = [ALL.posts.edges[0], ALL.posts.edges[2]]
    const later = withoutExpiredPosts(storage, NAME, () => NOW)
    expect(await seen(later)).toEqual({ posts: { ...ALL.posts, edges }, pinned: null })
    const kept = JSON.stringify(await database.all('entries'))
    for (const text of ['text 1', 'text 3', 'a comment on 3']) expect(kept).toContain(text)
    for (const text of ['text 2', 'Post:2', 'a comment on 2', 'whom only']) expect(kept).not.toContain(text)
  })

  it('do not keep the client from starting when they cannot be deleted', async () => {
    const broken = { ...storage, readData: async () => ({ 'Query.__typename': '"Query"' }) }
    expect(await withoutExpiredPosts(broken, 'nowhere').readData()).toEqual({ 'Query.__typename': '"Query"' })
    await browserDatabase({ name: 'other', version: 1, stores: { rows: null } }).put('rows', 1, 1)
    expect(await withoutExpiredPosts(broken, 'other').readData()).toEqual({ 'Query.__typename': '"Query"' })
  })

  it('change nothing if there are none', () => {
    const days = [{ 'Post:1.text': '"a"', 'Post:1.expiresAt': 'null', 'Query.post': ':"Post:1"' }]
    expect(removeExpired(days, NOW)[0]).toBe(days[0])
  })
})

describe('posts that the cache has forgotten', () => {
  it('are deleted at the next start from the rows of all days', () => {
    const older = {
      'Query.feed': ':["Post:1","Post:2"]',
      'Query.post': ':"Post:3"',
      'Post:1.text': '"a"',
      'Post:2.text': '"b"',
      'Post:2.media': ':["Media:b"]',
      'Media:b.kind': '"IMAGE"',
      'Post:3.text': '"c"',
    }
    const newer = { 'Query.feed': ':["Post:1"]', 'Post:3.text': undefined }
    expect(removeExpired([older, newer], NOW)).toEqual([
      { 'Query.feed': ':["Post:1","Post:2"]', 'Query.post': ':"Post:3"', 'Post:1.text': '"a"' },
      { 'Query.feed': ':["Post:1"]' },
    ])
  })
})

describe('media that were asked for by their id', () => {
  const asked = (id: string) => ({ [`Query.media({"id":"${id}","width":1280})`]: `:"Media:${id}"` })
  const days = [
    { 'Query.feed': ':["Post:1"]', 'Post:1.media': ':["Media:a"]', ...asked('a'), 'Media:a.altText': '"a"' },
    { ...asked('b'), 'Media:b.altText': '"b"', 'Media:b.access': ':"Media:b.access"' },
    { 'Media:b%2eaccess.token': '"b"', 'Query.mediaLibrary': ':["Media:own"]', 'Media:own.altText': '"own"' },
  ]

  it('are deleted at the next start if no post and no list has them', () => {
    const [first, second, third] = removeExpired(days, NOW)
    expect(Object.keys(first ?? {})).toEqual(['Query.feed', 'Post:1.media', 'Media:a.altText'])
    expect(second).toEqual({})
    expect(Object.keys(third ?? {})).toEqual(['Query.mediaLibrary', 'Media:own.altText'])
  })

  it('do not keep their pictures either', () => {
    expect(keptMedia(days)).toEqual(new Set(['a', 'own']))
  })
})

describe('the media that are kept', () => {
  it('are those to which a query leads', () => {
    const days = [
      { 'Query.post': ':"Post:1"', 'Post:1.media': ':["Media:a"]', 'Media:a.kind': '"IMAGE"' },
      { 'Post:2.media': ':["Media:b"]', 'Media:b.kind': '"IMAGE"' },
    ]
    expect(keptMedia(days)).toEqual(new Set(['a']))
  })
})
