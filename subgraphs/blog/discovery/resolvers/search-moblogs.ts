import { createHash } from 'node:crypto'
import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { Clock } from '../../../../platform/clock.ts'
import { badCursor, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { badInput } from '../../../../platform/errors.ts'
import { isId } from '../../../../platform/ids.ts'
import type { AccessModule } from '../../access/module.ts'
import type { Pool } from '../../database.ts'
import { nodesOf } from '../nodes.ts'
import { searchMoblogs } from '../search-moblogs.ts'
import { compareFound, type FoundMoblog } from '../search-order.ts'

/** The dependencies of `Query.searchMoblogs`. */
export type SearchMoblogsDeps = Pick<AccessModule, 'relationships' | 'hiddenUserIds'> & {
  /** See `createSearchPool`. */
  searchPool: Pool
  clock: Clock
}

const MAX_QUERY = 200

/** `Query.searchMoblogs` */
export function searchMoblogsResolvers(deps: SearchMoblogsDeps) {
  const { searchPool, clock, relationships, hiddenUserIds } = deps
  return {
    Query: {
      async searchMoblogs(_root, args, context) {
        if (args.query.length > MAX_QUERY)
          throw badInput(`"query" has ${args.query.length} characters. Shorten it to at most ${MAX_QUERY}.`)
        const query = args.query.trim()
        const list = searchList(query)
        const request = readPageRequest(args, list)
        const after = request.after && readFound(request.after)
        const loader = relationships(context)
        const searching = { searchPool, relationships: loader, hiddenUserIds: () => hiddenUserIds(context) }
        const found = await searchMoblogs(searching, context.viewerId, query, clock())
        const rows = found
          .filter((moblog) => !after || compareFound(after, moblog) < 0)
          .slice(0, request.first + 1)
        return toConnection(rows, request, list, toPosition, await nodesOf(rows, loader))
      },
    },
  } satisfies Resolvers
}

/** The list name for cursors of a search, so that cursors of another search are refused. */
function searchList(query: string): string {
  return `search/${createHash('sha256').update(query).digest('base64url').slice(0, 8)}`
}

function toPosition({ byName, at, id }: FoundMoblog): string[] {
  return [byName ? 'name' : 'post', String(at), id]
}

function readFound([by = '', at = '', id = '']: readonly string[]): FoundMoblog {
  if (!/^(name|post)$/.test(by) || !/^\d{1,16}$/.test(at) || !isId(id)) throw badCursor()
  return { id, byName: by === 'name', at: Number(at) }
}
