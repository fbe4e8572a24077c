import type { Cache } from '@urql/exchange-graphcache'

/** The key of an object in the cache. */
type Key = string

/** The keys of the cached posts of a user to which a list or a question about one post leads. */
export function postsBy(cache: Cache, userId: string): Key[] {
  const listed = [...postsBelow(cache, 'Query'), ...postsBelow(cache, `Moblog:${userId}`)]
  return [...new Set(listed)].filter((post) => cache.resolve(post, 'author') === `User:${userId}`)
}

/**
 * Whether a cached post may be shown before the server has answered. A list must lead to it, so that nothing is shown that
 * the lists do not show as well: after they were read again or forgotten, nobody knows what has become of each of their
 * posts, and the cache may still have them.
 */
export function mayShow(cache: Cache, post: Key): boolean {
  const author = cache.resolve(post, 'author')
  if (typeof author !== 'string' || !isShared(cache, post)) return false
  return postsBy(cache, author.slice('User:'.length)).includes(post)
}

/** Whether the viewer may see a post, by what the cache knows of its author and its audience. */
export function isShared(cache: Cache, post: Key): boolean {
  const author = cache.resolve(post, 'author')
  const relationship = typeof author === 'string' ? cache.resolve(author, 'relationship') : null
  if (relationship === 'FRIEND' || relationship === 'SELF') return true
  return relationship !== 'BLOCKED' && cache.resolve(post, 'audience') === 'PUBLIC'
}

function postsBelow(cache: Cache, object: Key): Key[] {
  return cache
    .inspectFields(object)
    .flatMap(({ fieldKey }) => linked(cache, object, fieldKey))
    .flatMap((key) => (isPost(key) ? key : nodesOf(cache, key)))
    .filter(isPost)
}

function nodesOf(cache: Cache, list: Key): Key[] {
  return linked(cache, list, 'edges').flatMap((edge) => linked(cache, edge, 'node'))
}

/** The objects to which a field leads. */
function linked(cache: Cache, object: Key, field: string): Key[] {
  return [cache.resolve(object, field)].flat().filter((key) => typeof key === 'string')
}

const isPost = (key: Key) => key.startsWith('Post:')
