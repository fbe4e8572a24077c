import { isId } from '../../../platform/ids.ts'
import type { RelationshipLoader } from '../access/relationship-loader.ts'
import { INVISIBLE, maySeeMoblog } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { searchQuery } from '../search-words/search-words.ts'
import { type FoundMoblog, orderHits } from './search-order.ts'
import { findHits } from './search-store.ts'

/** The dependencies of `searchMoblogs`. */
export type SearchDeps = {
  searchPool: Pool
  relationships: RelationshipLoader
  /** The users who do not exist for the viewer. */
  hiddenUserIds(): Promise<readonly string[]>
}

/** The moblogs that a search finds for a viewer, in order. A moblog's id finds that moblog. */
export async function searchMoblogs(
  { searchPool, relationships, hiddenUserIds }: SearchDeps,
  viewerId: string | null,
  query: string,
  now: Date,
): Promise<FoundMoblog[]> {
  if (isId(query)) {
    const id = query.toLowerCase()
    return maySeeMoblog(await relationships.load(id)) ? [{ id, byName: true, at: 0 }] : []
  }
  const tsquery = searchQuery(query)
  if (!tsquery) return []
  const hits = await findHits(searchPool, viewerId, tsquery, await hiddenUserIds(), now)
  const ids = [...new Set(hits.map(({ moblogId }) => moblogId))]
  const seen = new Map(await Promise.all(ids.map(async (id) => [id, await relationships.load(id)] as const)))
  return orderHits(hits, (id) => seen.get(id) ?? INVISIBLE, now)
}
