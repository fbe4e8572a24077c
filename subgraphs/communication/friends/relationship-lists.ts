import type pg from 'pg'
import type { RequestDirection, UserResolvers } from '../../../generated/graphql/communication.ts'
import { type PageRequest, readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { PERSON_COLUMNS, type Person, type PersonRow, visible } from '../accounts/people.ts'
import type { Context } from '../context.ts'
import type { RelationshipKind } from './relationship.ts'

/** A user in a list, and since when the user belongs to it. */
type Listed = { person: Person; since: Date }

const TIES: Record<RequestDirection, RelationshipKind> = {
  SENT: 'REQUEST_SENT',
  RECEIVED: 'REQUEST_RECEIVED',
}

/** Resolvers of a user's lists of related users. Only that user sees them; a page costs one statement. */
export function friendListResolvers(pool: pg.Pool) {
  const list = async (
    name: string,
    kind: RelationshipKind,
    userId: string,
    args: { first?: number | null | undefined; after?: string | null | undefined },
    { viewerId, people }: Context,
  ) => {
    const request = readPageRequest(args, name)
    if (viewerId !== userId) return null
    const listed = await findRelated(pool, userId, kind, request)
    for (const { person } of listed) people.prime(person.id, person)
    return { listed, request, name }
  }

  return {
    friends: async ({ id }, args, context) => people(await list('friends', 'FRIEND', id, args, context)),
    blockedUsers: async ({ id }, args, context) =>
      people(await list('blockedUsers', 'BLOCKED', id, args, context)),
    friendRequests: async ({ id }, { direction, ...args }, context) => {
      const page = await list(`friendRequests ${direction}`, TIES[direction], id, args, context)
      return (
        page &&
        toConnection(page.listed, page.request, page.name, position, ({ person, since }) => ({
          user: person,
          direction,
          createdAt: since,
        }))
      )
    },
  } satisfies UserResolvers<Context>
}

function people(page: { listed: Listed[]; request: PageRequest; name: string } | null) {
  return page && toConnection(page.listed, page.request, page.name, position, ({ person }) => person)
}

const position = ({ person, since }: Listed) => [since.toISOString(), person.id]

/**
 * Finds the users with a given relationship to a user, newest first. If there are more, it returns one more than the
 * page size.
 */
async function findRelated(
  pool: pg.Pool,
  userId: string,
  kind: RelationshipKind,
  { first, after }: PageRequest,
): Promise<Listed[]> {
  const [since, otherId = ''] = after ?? []
  if (since !== undefined && (Number.isNaN(Date.parse(since)) || !isId(otherId))) {
    throw badInput('"after" is not a cursor of this list. Pass a cursor that this list returned.')
  }
  const text = `SELECT ${PERSON_COLUMNS}, r.since
    FROM relationships r JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.kind = $2::relationship_kind ${since === undefined ? '' : 'AND (r.since, r.other_id) < ($4, $5)'}
    ORDER BY r.since DESC, r.other_id DESC LIMIT $3`
  const values = [userId, kind, first + 1, ...(since === undefined ? [] : [since, otherId])]
  const name = since === undefined ? 'related' : 'related-after'
  const { rows } = await pool.query<PersonRow & { since: Date }>({ name, text, values })
  return rows.flatMap(({ since, ...row }) => visible(userId, [row]).map((person) => ({ person, since })))
}
