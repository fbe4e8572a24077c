import { type Exchange, gql, type OperationResult } from '@urql/core'
import { filter, map, merge, pipe, share, tap } from 'wonka'

/** What the viewer can no longer see: a post, a media file, or what a user has shared with friends. */
export type Lost = { postId?: string; mediaId?: string; userId?: string }

/** A mutation that only the cache knows, because it cannot be changed reliably while it writes the result of a query. */
const FORGET = gql`
  mutation ForgetLost($postId: ID, $mediaId: ID, $userId: ID) {
    forgetLost(postId: $postId, mediaId: $mediaId, userId: $userId)
  }
`

/**
 * Learns from the answer to a question about one thing that it is not shared with the viewer any more, such as when a
 * friendship has ended, of which nobody is told. The cache then forgets the lists in which there may be more of it. It
 * belongs before the cache.
 */
export function forgetLostPosts(): Exchange {
  return ({ client, forward }) =>
    (operations) =>
      pipe(
        forward(operations),
        tap((result) => {
          const lost = lostIn(result)
          if (lost) void client.mutation(FORGET, lost, { isOnDevice: true }).toPromise()
        }),
      )
}

/**
 * Answers the mutations that are for the cache only, and subscriptions with what another window has received. Queries for
 * the cache only have no other answer than that of the cache. It belongs behind the cache.
 */
export function answerOnDevice(): Exchange {
  return ({ forward }) =>
    (operations) => {
      const shared = share(operations)
      const answers = pipe(
        shared,
        filter(({ context, kind }) => context.isOnDevice === true && kind !== 'query' && kind !== 'teardown'),
        map((operation): OperationResult => {
          return {
            operation,
            data: operation.context.onDevice ?? { forgetLost: true },
            stale: false,
            hasNext: false,
          }
        }),
      )
      const others = pipe(
        shared,
        filter(({ context }) => context.isOnDevice !== true),
      )
      return merge([answers, forward(others)])
    }
}

function lostIn({ data, error, operation: { context, kind, variables } }: OperationResult): Lost | null {
  const id: unknown = variables?.id
  // What the cache answers was learned before.
  if (kind !== 'query' || error || !data || typeof id !== 'string' || context.meta?.cacheOutcome === 'hit')
    return null
  const { media, moblog, post } = data
  if (post === null) return { postId: id }
  if (media === null || media?.access === null) return { mediaId: id }
  if (moblog === null || (moblog && !['FRIEND', 'SELF'].includes(moblog.owner?.relationship)))
    return { userId: id }
  return null
}
