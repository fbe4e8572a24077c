import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { badCursor, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Communication } from '../../access/communication.ts'
import type { RelationshipsOf } from '../../access/relationship-loader.ts'
import type { Pool } from '../../database.ts'
import { type ActiveMoblog, activeMoblogs, compareActive } from '../active-moblogs.ts'

/** The dependencies of `Query.friendMoblogs`. */
export type FriendMoblogsDeps = { pool: Pool; communication: Communication; relationships: RelationshipsOf }

const LIST = 'friendMoblogs'

/** `Query.friendMoblogs` */
export function friendMoblogsResolvers({ pool, communication, relationships }: FriendMoblogsDeps) {
  return {
    Query: {
      async friendMoblogs(_root, args, context) {
        const request = readPageRequest(args, LIST)
        const after = request.after && readPosition(request.after)
        const friendIds = context.viewerId ? await communication.friendIdsOf(context.viewerId) : []
        const active = (await activeMoblogs(pool, friendIds))
          .filter((each) => !after || compareActive(after, each) < 0)
          .slice(0, request.first + 1)
        for (const { id } of active) relationships(context).prime(id, 'FRIEND')
        return toConnection(active, request, LIST, toPosition, ({ id }) => ({
          __typename: 'Moblog' as const,
          id,
          relationship: 'FRIEND' as const,
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
