import type { ReactiveControllerHost } from 'lit'
import {
  type Document,
  type PostCardFragment,
  PostCardFragmentDocument,
} from '../../../generated/graphql/web.ts'
import { Query } from './query.ts'

/** A question that only the cache knows: one about `post` also asks for what the lists do not have. */
export const KNOWN_POST =
  `query KnownPost($id: ID!) { knownPost(id: $id) { ...PostCard } } ${PostCardFragmentDocument}` as Document<
    { knownPost: PostCardFragment | null },
    { id: string }
  >

/** The server knows no such question. */
export const CACHE_ONLY = { requestPolicy: 'cache-only', isOnDevice: true } as const

/** Reads what lists show of a post from the cache; null if it is in none, or may not be shown any more. */
export function knownPost(host: ReactiveControllerHost, id: () => string | null) {
  const variables = () => {
    const postId = id()
    return postId === null ? null : { id: postId }
  }
  return new Query(host, KNOWN_POST, variables, CACHE_ONLY)
}
