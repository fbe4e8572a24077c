import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { Clock } from '../../../../platform/clock.ts'
import { badCursor, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Communication } from '../../access/communication.ts'
import type { RelationshipsOf } from '../../access/relationship-loader.ts'
import type { Pool } from '../../database.ts'
import { type ActiveMoblog, activeMoblogs, compareActive } from '../active-moblogs.ts'

/** The dependencies of `Query.friendMoblogs`. */
export type FriendMoblogsDeps = {
  pool: Pool
  clock: Clock
  communication: Communication
  relationships: RelationshipsOf
}

const LIST = 'friendMoblogs'

/** `Query.friendMoblogs` */
export function friendMoblogsResolvers({ pool, clock, communication, relationships }: FriendMoblogsDeps) {
  return {
    Query: {
      async friendMoblogs(_root, args, context) {
        const request = readPageRequest(args, LIST)
        const after = request.after && readPosition(request.after)
        const friends = context.viewerId ? await communication.friendsOf(context.viewerId) : []
        const active = (await activeMoblogs(pool, friends, clock()))
          .filter((each) => !after || compareActive(after, each) < 0)
          .slice(0, request.first + 1)
        for (const { id, relationship } of active) relationships(context).prime(id, relationship)
        return toConnection(active, request, LIST, toPosition, ({ id, relationship }) => ({
          __typename: 'Moblog' as const,
          id,
          relationship,
        }))
      },
    },
  } satisfies Resolvers
}

function toPosition({ id, updatedAt }: ActiveMoblog): string[] {
  return [String(updatedAt.getTime()), id]
}

function readPosition([at = '', id = '']: readonly string[]): ActiveMoblog {
  if (!/^\d{1,16}$/.test(at) || !isId(id)) throw badCursor()
  return { id, updatedAt: new Date(Number(at)) }
}
