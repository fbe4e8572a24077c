import type { RelationshipLoader } from '../access/relationship-loader.ts'
import { INVISIBLE, maySeeMoblog } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { findHomeMoblogs, type HomeOrder, type RankedMoblog } from './discovery-store.ts'

/**
 * A page of a home page list without moblogs of users who do not exist for the viewer. Reads on until the page is full.
 */
export async function homeMoblogs(
  deps: { pool: Pool; relationships: RelationshipLoader },
  order: HomeOrder,
  count: number,
  after: RankedMoblog | null,
): Promise<RankedMoblog[]> {
  const { pool, relationships } = deps
  const found = await findHomeMoblogs(pool, order, count, after)
  const seen = await Promise.all(found.map(({ id }) => relationships.load(id)))
  const visible = found.filter((_moblog, index) => maySeeMoblog(seen[index] ?? INVISIBLE))
  const last = found.at(-1)
  if (!last || found.length < count || visible.length === count) return visible
  return [...visible, ...(await homeMoblogs(deps, order, count - visible.length, last))]
}
