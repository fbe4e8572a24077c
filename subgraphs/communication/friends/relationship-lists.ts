import type { RequestDirection, UserResolvers } from '../../../generated/graphql/communication.ts'
import {
  badCursor,
  type Connection,
  type PageRequest,
  readInstant,
  readPageRequest,
  toConnection,
} from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import type { RelationshipKind } from '../people/relationship.ts'
import type { VisibleUser } from '../people/visible-user.ts'
import { findRelated, type Listed, type ListPosition } from './relationship-lists-store.ts'

const REQUEST_KINDS: Record<RequestDirection, RelationshipKind> = {
  SENT: 'REQUEST_SENT',
  RECEIVED: 'REQUEST_RECEIVED',
}

/** Resolvers of a user's lists of related users. Only that user sees them; a page costs one statement. */
export function friendListResolvers(pool: Pool) {
  const list = async (
    name: string,
    kind: RelationshipKind,
    userId: string,
    args: { first?: number | null | undefined; after?: string | null | undefined },
    { viewerId, people }: Context,
  ) => {
    const request = readPageRequest(args, name)
    if (viewerId !== userId) return null
    const after = readListPosition(request)
    const listed = await findRelated(pool, { userId, kind, after, limit: request.first + 1 })
    for (const { user } of listed) people.prime(user.id, user)
    return { listed, request, name }
  }

  return {
    friends: async ({ id }, args, context) => users(await list('friends', 'FRIEND', id, args, context)),
    blockedUsers: async ({ id }, args, context) =>
      users(await list('blockedUsers', 'BLOCKED', id, args, context)),
    friendRequests: async ({ id }, { direction, ...args }, context) => {
      const page = await list(`friendRequests ${direction}`, REQUEST_KINDS[direction], id, args, context)
      return (
        page &&
        toConnection(page.listed, page.request, page.name, position, ({ user, since }) => ({
          user,
          direction,
          createdAt: since,
        }))
      )
    },
  } satisfies UserResolvers<Context>
}

function users(page: { listed: Listed[]; request: PageRequest; name: string } | null) {
  return page && toUserPage(page.listed, page.request, page.name)
}

/** A page of users. */
export function toUserPage(listed: Listed[], request: PageRequest, name: string): Connection<VisibleUser> {
  return toConnection(listed, request, name, position, ({ user }) => user)
}

const position = ({ user, since }: Listed) => [since.toISOString(), user.id]

/**
 * Reads the position after which a page of users starts; null starts at the beginning.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the cursor has no position
 */
export function readListPosition({ after }: PageRequest): ListPosition | null {
  const [since, otherId = ''] = after ?? []
  if (since === undefined) return null
  if (!isId(otherId)) throw badCursor()
  return { since: readInstant(since), otherId }
}
