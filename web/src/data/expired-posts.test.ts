import { Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange, type SerializedEntries, type StorageAdapter } from '@urql/exchange-graphcache'
import { removeExpired, withoutExpiredPosts } from './expired-posts.ts'

const NOW = Date.parse('2026-11-26T12:00:00Z')
const POSTS = gql`{ posts { __typename edges { __typename node { __typename id text expiresAt } } } pinned { __typename id text expiresAt } }`

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

/** What the cache writes into its storage for `ALL`. */
const KEPT: SerializedEntries = {
  'Query.__typename': '"Query"',
  'Query.posts': ':"Query.posts"',
  'Query.pinned': ':"Post:2"',
  'Query%2eposts.__typename': '"PostConnection"',
  'Query%2eposts.edges': ':["Query.posts.edges.0","Query.posts.edges.1","Query.posts.edges.2"]',
  ...Object.fromEntries(
    ALL.posts.edges.flatMap(({ node }, index) => [
      [`Query%2eposts%2eedges%2e${index}.__typename`, '"PostEdge"'],
      [`Query%2eposts%2eedges%2e${index}.node`, `:"Post:${node.id}"`],
      ...Object.entries(node).map(([field, value]) => [`Post:${node.id}.${field}`, JSON.stringify(value)]),
    ]),
  ),
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Opens a client without a connection. */
function openClient(storage: StorageAdapter): Client {
  const keys = { PostConnection: () => null, PostEdge: () => null }
  return new Client({
    url: 'http://moblog.test/graphql',
    preferGetMethod: false,
    exchanges: [cacheExchange({ storage, keys }), fetchExchange],
  })
}

describe('expired posts', () => {
  it('are not shown of what was kept, and the others are', async () => {
    const storage: StorageAdapter = { readData: async () => KEPT, writeData: async () => {} }
    const seen = async (kept: StorageAdapter) => {
      const client = openClient(kept)
      // The cache reads what is kept.
      await pause(10)
      return (await client.query(POSTS, {}, { requestPolicy: 'cache-only' }).toPromise()).data
    }
    expect(await seen(storage)).toEqual(ALL)
    const edges = [ALL.posts.edges[0], ALL.posts.edges[2]]
    const later = withoutExpiredPosts(storage, () => NOW)
    expect(await seen(later)).toEqual({ posts: { ...ALL.posts, edges }, pinned: null })
  })

  it('change nothing if there are none', () => {
    const entries = { 'Post:1.text': '"a"', 'Post:1.expiresAt': 'null', 'Query.post': ':"Post:1"' }
    expect(removeExpired(entries, NOW)).toBe(entries)
  })
})
