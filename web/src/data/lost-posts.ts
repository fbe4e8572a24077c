import { type Exchange, gql, type OperationContext, type OperationResult } from '@urql/core'
import { filter, map, merge, pipe, share, tap } from 'wonka'
import { MoblogOwnerDocument } from '../../../generated/graphql/web.ts'

/** What the viewer can no longer see. */
export type Lost = {
  postId?: string
  mediaId?: string
  /** A user who is gone: one of the two has blocked the other, or the account was deleted. */
  userId?: string
  /** Users who share no more than their public posts with the viewer. */
  strangerIds?: string[]
  /** Posts that have disappeared from a list. */
  missingIds?: string[]
}

const FRIENDS: ReadonlySet<string> = new Set(['FRIEND', 'SELF'])
// A list is compared with the one before, also if its screen was left meanwhile.
const MOST_LISTS = 100

/** A mutation that only the cache knows, because it cannot be changed reliably while it writes the result of a query. */
const FORGET = gql`
  mutation ($lost: Lost) {
    forgetLost(lost: $lost)
  }
`

/**
 * Learns from the answers of the server what is not shared with the viewer any more, such as when a friendship has ended, of
 * which nobody is told: they ask about one thing that is gone, name a user who is no friend, or list a post no more. When the
 * moblog of a friend is listed no more, it asks about the friend. The cache then forgets the posts, and the lists in which
 * there may be more of them, and the comments of users who are gone. It belongs before the cache.
 */
export function forgetLostPosts(): Exchange {
  return ({ client, forward }) => {
    const lists = new Map<number, List>()
    const missingIn = ({ data, operation: { key, kind, context } }: OperationResult): string[] => {
      const list = kind === 'query' ? listIn(data, data?.friendMoblogs ? 'Moblog' : 'Post') : null
      if (!list) return []
      const before = lists.get(key)
      lists.delete(key)
      lists.set(key, list)
      for (const oldest of lists.keys()) if (lists.size > MOST_LISTS) lists.delete(oldest)
      return before && !isFromCache(context) ? missing(before, list) : []
    }
    return (operations) =>
      pipe(
        forward(operations),
        tap((result) => {
          const missingIds = missingIn(result)
          const lost = lostIn(result)
          if (!result.data?.friendMoblogs) Object.assign(lost, optional('missingIds', missingIds))
          // The reason may be harmless, such as an expired post. What the answer says is learned as from any other.
          else
            for (const id of missingIds)
              void client.query(MoblogOwnerDocument, { id }, { requestPolicy: 'network-only' }).toPromise()
          if (Object.keys(lost).length > 0)
            void client.mutation(FORGET, { lost }, { isOnDevice: true }).toPromise()
        }),
      )
  }
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

function lostIn({ data, error, operation: { context, kind, variables } }: OperationResult): Lost {
  // What the cache answers was learned before.
  if (!data || isFromCache(context)) return {}
  const strangers = optional('strangerIds', strangersIn(data))
  const id: unknown = variables?.id
  if (kind !== 'query' || error || typeof id !== 'string') return strangers
  const { media, moblog, post } = data
  if (post === null) return { ...strangers, postId: id }
  if (media === null || media?.access === null) return { ...strangers, mediaId: id }
  if (moblog === null) return { ...strangers, userId: id }
  return strangers
}

const isFromCache = ({ meta }: OperationContext) =>
  meta?.cacheOutcome === 'hit' || meta?.cacheOutcome === 'partial'

function optional(name: 'strangerIds' | 'missingIds', ids: string[]): Lost {
  return ids.length > 0 ? { [name]: ids } : {}
}

/**
 * The users whom an answer calls no friends. While a friendship ends, it may still have a post for friends. Such an author
 * is left out, because to read the post again would have the same answer, and so on.
 */
function strangersIn(data: unknown): string[] {
  const strangers = new Set<string>()
  const sharing = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { __typename, id, relationship, audience, author } = value as Record<string, unknown>
    if (typeof id === 'string' && typeof relationship === 'string' && !FRIENDS.has(relationship))
      strangers.add(id)
    if (__typename === 'Post' && audience !== 'PUBLIC' && typeof author === 'object')
      sharing.add((author as { id?: unknown } | null)?.id)
    for (const each of Object.values(value)) visit(each)
  }
  visit(data)
  return [...strangers].filter((id) => !sharing.has(id))
}

/** The posts or moblogs of a page of a list, newest first, and whether there are older ones. */
type List = { ids: readonly string[]; hasMore: boolean }

function listIn(data: unknown, typename: string): List | null {
  if (typeof data !== 'object' || data === null) return null
  const { edges, pageInfo } = data as { edges?: Edge[]; pageInfo?: { hasNextPage?: boolean } }
  if (Array.isArray(edges)) {
    return edges.every((edge) => edge?.node?.__typename === typename)
      ? { ids: edges.map(({ node }) => node.id), hasMore: pageInfo?.hasNextPage !== false }
      : null
  }
  for (const value of Object.values(data)) {
    const list = listIn(value, typename)
    if (list) return list
  }
  return null
}

type Edge = { node: { __typename: string; id: string } }

/** What a list has lost. Those at its end may only have moved to the next page. */
function missing(before: List, { ids, hasMore }: List): string[] {
  const last = hasMore ? before.ids.findLastIndex((id) => ids.includes(id)) : before.ids.length
  return before.ids.slice(0, Math.max(last, 0)).filter((id) => !ids.includes(id))
}
