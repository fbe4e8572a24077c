import { maySeeMoblog, maySeePost, type ViewerRelationship } from '../access/viewer-relationship.ts'
import type { SearchHit } from './search-store.ts'

/** A search result and its sort position: matches by the moblog's own name come first, then the newest. */
export type FoundMoblog = { id: string; byName: boolean; at: number }

/** The moblogs whose match the viewer may know about, each once, in order. */
export function orderHits(
  hits: readonly SearchHit[],
  relationshipOf: (moblogId: string) => ViewerRelationship,
  now: Date,
): FoundMoblog[] {
  const found = new Map<string, FoundMoblog>()
  for (const { moblogId, post, at } of hits) {
    const relationship = relationshipOf(moblogId)
    if (post ? !maySeePost(relationship, post, now) : !maySeeMoblog(relationship)) continue
    const hit = { id: moblogId, byName: post === null, at: at?.getTime() ?? 0 }
    const known = found.get(moblogId)
    if (!known || compareFound(hit, known) < 0) found.set(moblogId, hit)
  }
  return [...found.values()].sort(compareFound)
}

/** Compares two results; negative if the first one comes first. */
export function compareFound(one: FoundMoblog, other: FoundMoblog): number {
  if (one.byName !== other.byName) return one.byName ? -1 : 1
  if (one.at !== other.at) return other.at - one.at
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0
}
