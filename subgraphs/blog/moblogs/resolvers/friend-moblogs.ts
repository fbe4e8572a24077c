import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { Clock } from '../../../../platform/clock.ts'
import { badCursor, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { isId } from '../../../../platform/ids.ts'
import type { AccessModule } from '../../access/module.ts'
import type { Context } from '../../context.ts'
import type { Pool } from '../../database.ts'
import { type ActiveMoblog, activeMoblogs, compareActive } from '../active-moblogs.ts'

/** The dependencies of `Query.friendMoblogs`. */
export type FriendMoblogsDeps = {
  pool: Pool
  clock: Clock
  access: Pick<AccessModule, 'communication' | 'relationships' | 'mutedUserIds'>
}

const LIST = 'friendMoblogs'

/** `Query.friendMoblogs` */
export function friendMoblogsResolvers({ pool, clock, access }: FriendMoblogsDeps) {
  const { communication, relationships, mutedUserIds } = access
  const unmutedFriends = async (viewerId: string, context: Context) => {
    const [friends, muted] = await Promise.all([communication.friendsOf(viewerId), mutedUserIds(context)])
    return friends.filter(({ id }) => !muted.has(id))
  }
  return {
    Query: {
      async friendMoblogs(_root, args, context) {
        const request = readPageRequest(args, LIST)
        const after = request.after && readPosition(request.after)
        const { viewerId } = context
        const friends = viewerId ? await unmutedFriends(viewerId, context) : []
        const active = (await activeMoblogs(pool, viewerId, friends, clock()))
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
