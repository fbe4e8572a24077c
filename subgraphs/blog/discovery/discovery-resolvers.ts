import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { QueryResolvers, ResolversTypes } from '../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { maySeeMoblog } from '../access/viewer-relationship.ts'
import type { BlogContext } from '../context.ts'
import type { VisibleMoblog } from '../moblogs/visible-moblog.ts'
import { searchQuery } from '../search-words/search-words.ts'
import { findHomeMoblogs, type HomeOrder, type RankedMoblog } from './discovery-store.ts'
import { compareFound, type FoundMoblog, orderHits } from './search-order.ts'
import { findHits } from './search-store.ts'

type Connection = ResolversTypes['MoblogConnection']
type Queries = Required<Pick<QueryResolvers<BlogContext>, 'hotMoblogs' | 'newestMoblogs' | 'searchMoblogs'>>

const MAX_QUERY = 200

/** Resolvers of the queries that find moblogs of unknown users: the two lists of the home page, and search. */
export function discoveryQueries(pool: pg.Pool, searchPool: pg.Pool): Queries {
  const home = async (
    order: HomeOrder,
    args: { first?: number | null; after?: string | null },
    context: BlogContext,
  ) => {
    const list = `${order}Moblogs`
    const request = readPageRequest(args, list)
    const rows = await findVisible(pool, order, request.first + 1, request.after, context)
    const nodes = await loadNodes(rows, context)
    return toConnection(rows, request, list, ({ rank, id }) => [rank, id], nodes)
  }
  return {
    hotMoblogs: (_query, args, context): Promise<Connection> => home('hot', args, context),
    newestMoblogs: (_query, args, context): Promise<Connection> => home('newest', args, context),

    async searchMoblogs(_query, args, context): Promise<Connection> {
      if (args.query.length > MAX_QUERY)
        throw badInput(`"query" has ${args.query.length} characters. Shorten it to at most ${MAX_QUERY}.`)
      const query = args.query.trim()
      const list = searchList(query)
      const request = readPageRequest(args, list)
      const after = request.after && readFound(request.after)
      const found = (await search(searchPool, query, context)).filter(
        (moblog) => !after || compareFound(after, moblog) < 0,
      )
      const rows = found.slice(0, request.first + 1)
      const nodes = await loadNodes(rows, context)
      return toConnection(rows, request, list, toPosition, nodes)
    },
  }
}

/**
 * A page of a home page list without moblogs of users who do not exist for the viewer. Reads on until the page is full.
 */
async function findVisible(
  pool: pg.Pool,
  order: HomeOrder,
  count: number,
  after: readonly string[] | null,
  context: BlogContext,
): Promise<RankedMoblog[]> {
  const found = await findHomeMoblogs(pool, order, count, after)
  const relationships = await Promise.all(found.map(({ id }) => context.relationships.load(id)))
  const visible = found.filter((_moblog, index) => maySeeMoblog(relationships[index] ?? 'INVISIBLE'))
  const last = found.at(-1)
  if (!last || found.length < count || visible.length === count) return visible
  return [
    ...visible,
    ...(await findVisible(pool, order, count - visible.length, [last.rank, last.id], context)),
  ]
}

async function search(pool: pg.Pool, query: string, context: BlogContext): Promise<FoundMoblog[]> {
  if (isId(query)) {
    const id = query.toLowerCase()
    return maySeeMoblog(await context.relationships.load(id)) ? [{ id, byName: true, at: 0 }] : []
  }
  const tsquery = searchQuery(query)
  if (!tsquery) return []
  const hits = await findHits(pool, context.viewerId, tsquery)
  const ids = [...new Set(hits.map(({ moblogId }) => moblogId))]
  const relationships = new Map(
    await Promise.all(ids.map(async (id) => [id, await context.relationships.load(id)] as const)),
  )
  return orderHits(hits, (id) => relationships.get(id) ?? 'INVISIBLE')
}

/** Creates the moblog of each row. The rows are already known to be visible. */
async function loadNodes(
  rows: readonly { id: string }[],
  context: BlogContext,
): Promise<(row: { id: string }) => VisibleMoblog> {
  const relationships = new Map(
    await Promise.all(rows.map(async ({ id }) => [id, await context.relationships.load(id)] as const)),
  )
  return ({ id }) => ({ __typename: 'Moblog', id, relationship: relationships.get(id) ?? 'NONE' })
}

/** The list name for cursors of a search, so that cursors of another search are refused. */
function searchList(query: string): string {
  return `search/${createHash('sha256').update(query).digest('base64url').slice(0, 8)}`
}

function toPosition({ byName, at, id }: FoundMoblog): string[] {
  return [byName ? 'name' : 'post', String(at), id]
}

function readFound([by = '', at = '', id = '']: readonly string[]): FoundMoblog {
  if (!/^(name|post)$/.test(by) || !/^\d{1,16}$/.test(at) || !isId(id)) {
    throw badInput('"after" is not a cursor of this list. Pass a cursor that this list returned.')
  }
  return { id, byName: by === 'name', at: Number(at) }
}
