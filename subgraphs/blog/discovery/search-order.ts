import { maySeeMoblog, maySeePost, type Standing } from '../access/standing.ts'
import type { SearchHit } from './search-store.ts'

/** A moblog that was found, and where it stands: those found by their own name first, then the newest. */
export type FoundMoblog = { id: string; byName: boolean; at: number }

/** The moblogs that a viewer may know that they match, each once, in order. */
export function orderHits(
  hits: readonly SearchHit[],
  standingOf: (moblogId: string) => Standing,
): FoundMoblog[] {
  const found = new Map<string, FoundMoblog>()
  for (const { moblogId, audience, at } of hits) {
    const standing = standingOf(moblogId)
    if (audience ? !maySeePost(standing, audience) : !maySeeMoblog(standing)) continue
    const hit = { id: moblogId, byName: audience === null, at: at?.getTime() ?? 0 }
    const known = found.get(moblogId)
    if (!known || compareFound(hit, known) < 0) found.set(moblogId, hit)
  }
  return [...found.values()].sort(compareFound)
}

/** Less than 0 where the first comes first. */
export function compareFound(one: FoundMoblog, other: FoundMoblog): number {
  if (one.byName !== other.byName) return one.byName ? -1 : 1
  if (one.at !== other.at) return other.at - one.at
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0
}
