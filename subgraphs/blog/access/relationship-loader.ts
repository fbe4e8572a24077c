import DataLoader from 'dataloader'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Communication } from './communication.ts'
import { SELF, type ViewerRelationship } from './viewer-relationship.ts'

/** Loads what users are to the viewer of one request. Simultaneous loads are batched into one call. */
export type RelationshipLoader = DataLoader<string, ViewerRelationship> & {
  /** Whether loading this user takes no further call. */
  isKnown(userId: string): boolean
}

/** Returns the loader of a request. */
export type RelationshipsOf = (context: Context) => RelationshipLoader

/**
 * Creates the loader of each request. It asks `communication` instead of reading the relationship from the entity
 * representation that the gateway sends, because an alias in the client's operation can change the id in that
 * representation (docs/method.md, B2).
 */
export function createRelationshipLoaders(communication: Communication): RelationshipsOf {
  return perRequest(({ viewerId }: Context) => {
    const known = new Map<string, Promise<ViewerRelationship>>()
    const loader = new DataLoader<string, ViewerRelationship>(
      (userIds) => communication.relationshipsOf(viewerId, userIds),
      { maxBatchSize: 500, cacheMap: known },
    )
    // Primed without a call, so that viewers can edit and delete their own content while `communication` does not
    // answer.
    if (viewerId !== null) loader.prime(viewerId, SELF)
    return Object.assign(loader, { isKnown: (userId: string) => known.has(userId) })
  })
}
