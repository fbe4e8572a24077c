import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { badCursor, readInstant, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { isId } from '../../../../platform/ids.ts'
import type { RelationshipsOf } from '../../access/relationship-loader.ts'
import type { Context } from '../../context.ts'
import type { Pool } from '../../database.ts'
import type { HomeOrder, RankedMoblog } from '../discovery-store.ts'
import { homeMoblogs } from '../home-moblogs.ts'
import { nodesOf } from '../nodes.ts'

/** The dependencies of the lists of the home page. */
export type HomeMoblogsDeps = { pool: Pool; relationships: RelationshipsOf }

/** `Query.hotMoblogs` and `Query.newestMoblogs` */
export function homeMoblogsResolvers({ pool, relationships }: HomeMoblogsDeps) {
  const home = async (
    order: HomeOrder,
    args: { first?: number | null; after?: string | null },
    context: Context,
  ) => {
    const list = `${order}Moblogs`
    const request = readPageRequest(args, list)
    const after = request.after && readPosition(order, request.after)
    const loader = relationships(context)
    const rows = await homeMoblogs({ pool, relationships: loader }, order, request.first + 1, after)
    return toConnection(rows, request, list, ({ rank, id }) => [rank, id], await nodesOf(rows, loader))
  }
  return {
    Query: {
      hotMoblogs: (_root, args, context) => home('hot', args, context),
      newestMoblogs: (_root, args, context) => home('newest', args, context),
    },
  } satisfies Resolvers
}

function readPosition(order: HomeOrder, [rank = '', id = '']: readonly string[]): RankedMoblog {
  if (!isId(id)) throw badCursor()
  if (order === 'newest') return { rank: readInstant(rank), id }
  if (!/^-?\d+(\.\d+)?$/.test(rank) || !Number.isFinite(Number(rank))) throw badCursor()
  return { rank, id }
}
