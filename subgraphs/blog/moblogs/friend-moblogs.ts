import type pg from 'pg'
import type { QueryResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import type { Communication } from '../access/communication.ts'
import type { BlogContext } from '../context.ts'
import { begunAt } from './begun-at.ts'
import { findLatest } from './moblog-store.ts'
import type { VisibleMoblog } from './visible-moblog.ts'

type Active = { moblog: VisibleMoblog; updatedAt: Date }

const LIST = 'friendMoblogs'

/**
 * Resolver of `Query.friendMoblogs`. One indexed statement reads when each friend was last active, and this function
 * sorts the result. No order is stored, because a user has few friends compared to all users, and what a friend shows
 * to friends changes all the time.
 */
export function friendMoblogQueries(dependencies: {
  pool: pg.Pool
  communication: Communication
}): Required<Pick<QueryResolvers<BlogContext>, 'friendMoblogs'>> {
  const { pool, communication } = dependencies
  return {
    async friendMoblogs(_query, args, context): Promise<ResolversTypes['MoblogConnection']> {
      const request = readPageRequest(args, LIST)
      const after = request.after && readPosition(request.after)
      const friendIds = context.viewerId ? await communication.friendIdsOf(context.viewerId) : []
      const active = (await lastActive(pool, friendIds))
        .sort(compare)
        .filter((each) => !after || compare(after, each) < 0)
        .slice(0, request.first + 1)
      for (const { moblog } of active) context.relationships.prime(moblog.id, 'FRIEND')
      return toConnection(active, request, LIST, toPosition, ({ moblog }) => moblog)
    },
  }
}

async function lastActive(pool: pg.Pool, friendIds: readonly string[]): Promise<Active[]> {
  if (friendIds.length === 0) return []
  const moblogs = friendIds.map((id): VisibleMoblog => ({ __typename: 'Moblog', id, relationship: 'FRIEND' }))
  const latest = await findLatest(pool, moblogs)
  return moblogs.map((moblog, index) => ({ moblog, updatedAt: latest[index] ?? begunAt(moblog.id) }))
}

/** Negative if the first comes first: newest first, and the higher id first at the same instant. */
function compare(one: Active, other: Active): number {
  const byTime = other.updatedAt.getTime() - one.updatedAt.getTime()
  return byTime || (one.moblog.id < other.moblog.id ? 1 : one.moblog.id > other.moblog.id ? -1 : 0)
}

function toPosition({ moblog, updatedAt }: Active): string[] {
  return [String(updatedAt.getTime()), moblog.id]
}

function readPosition([at = '', id = '']: readonly string[]): Active {
  if (!/^\d{1,16}$/.test(at) || !isId(id))
    throw badInput('"after" is not a cursor of this list. Pass a cursor that this list returned.')
  return { moblog: { __typename: 'Moblog', id, relationship: 'FRIEND' }, updatedAt: new Date(Number(at)) }
}
