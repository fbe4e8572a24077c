import type { Exchange } from '@urql/core'
import { cacheExchange, type StorageAdapter } from '@urql/exchange-graphcache'
import { optimistic } from './expected-results.ts'
import { mutationUpdates, subscriptionUpdates } from './list-updates.ts'
import { mayShow } from './listed-posts.ts'
import { POSSIBLE_TYPES } from './possible-types.ts'

// Types without an id of their own are kept as parts of the object that has them. Graphcache knows this of connections, their edges
// and `PageInfo`.
const PARTS = [
  'Captions',
  'CaptionsAccess',
  'FriendRequest',
  'HashtagEntity',
  'LinkEntity',
  'InvalidInput',
  'MediaAccess',
  'MentionEntity',
  'PageAccess',
  'RequestFailed',
  'StorageUsage',
]

/** Creates the normalized cache: one copy of each user, post and media file, which all screens show. */
export function createCache(storage: StorageAdapter): Exchange {
  return cacheExchange({
    storage,
    possibleTypes: POSSIBLE_TYPES,
    keys: Object.fromEntries(PARTS.map((typename) => [typename, () => null])),
    // What the cache has of a post, whichever question has brought it (known-post.ts).
    resolvers: {
      Query: {
        knownPost: (_parent, { id }, cache) =>
          mayShow(cache, `Post:${id}`) ? { __typename: 'Post', id: String(id) } : null,
      },
    },
    optimistic,
    updates: { Mutation: mutationUpdates, Subscription: subscriptionUpdates },
  })
}
