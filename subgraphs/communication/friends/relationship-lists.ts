import type pg from 'pg'
import type { RequestDirection, UserResolvers } from '../../../generated/graphql/communication.ts'
import { type PageRequest, readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { PERSON_COLUMNS, type Person, type PersonRow, visible } from '../accounts/people.ts'
import type { Context } from '../context.ts'
import type { RelationshipRow } from './relationship.ts'

/** A user in a list, and since when the user belongs to it. */
type Listed = { person: Person; since: Date }

const TIES: Record<RequestDirection, RelationshipRow> = { SENT: 'REQUEST_SENT', RECEIVED: 'REQUEST_RECEIVED' }

/** Resolvers of a user's lists of related users. Only that user sees them; a page costs one statement. */
export function friendListResolvers(pool: pg.Pool) {
  const list = async (
    name: string,
    tie: RelationshipRow,
    userId: string,
    args: { first?: number | null | undefined; after?: string | null | undefined },
    { viewerId, people }: Context,
  ) => {
    const request = readPageRequest(args, name)
    if (viewerId !== userId) return null
    const listed = await findTied(pool, userId, tie, request)
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
async function findTied(
  pool: pg.Pool,
  userId: string,
  tie: RelationshipRow,
  { first, after }: PageRequest,
): Promise<Listed[]> {
  const [since, otherId = ''] = after ?? []
  if (since !== undefined && (Number.isNaN(Date.parse(since)) || !isId(otherId))) {
    throw badInput('"after" is not a cursor of this list.')
  }
  const text = `SELECT ${PERSON_COLUMNS}, r.since
    FROM relations r JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.tie = $2::tie ${since === undefined ? '' : 'AND (r.since, r.other_id) < ($4, $5)'}
    ORDER BY r.since DESC, r.other_id DESC LIMIT $3`
  const values = [userId, tie, first + 1, ...(since === undefined ? [] : [since, otherId])]
  const name = since === undefined ? 'tied' : 'tied-after'
  const { rows } = await pool.query<PersonRow & { since: Date }>({ name, text, values })
  return rows.flatMap(({ since, ...row }) => visible(userId, [row]).map((person) => ({ person, since })))
}
