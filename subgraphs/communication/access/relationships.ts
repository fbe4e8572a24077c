import { currentScope, type RequestFacts } from '../../../platform/observability/request-scope.ts'
import type { Pool } from '../database.ts'
import type { VisibleUser } from '../people/visible-user.ts'
import {
  findRelationshipRecords,
  findUserWithRecord,
  type RelationshipRecord,
} from './relationship-record-store.ts'

/** What users are to viewers. */
export type Relationships = {
  /**
   * Finds a user by the key of a handle; null if the user does not exist for the viewer. `recordsOf` then knows what the user
   * is to the viewer, for the rest of the request.
   */
  findUserByHandleKey(viewerId: string | null, key: string): Promise<VisibleUser | null>
  /** Finds what users are to a viewer, in no particular order. Users who do not exist for the viewer are omitted. */
  recordsOf(viewerId: string | null, userIds: readonly string[]): Promise<RelationshipRecord[]>
}

/**
 * Creates the reads of relationships. A query for a moblog begins with its owner's handle, and asks what the owner is to the
 * viewer a moment later. If both run in this process, the first statement answers the second question too. What a request
 * has read is forgotten with the request. Only queries ask for users by handle, so nothing changes in between, and a stream,
 * whose events share a scope, never does.
 */
export function createRelationships(pool: Pool): Relationships {
  const read = new WeakMap<RequestFacts, Map<string, RelationshipRecord>>()
  const keyOf = (requestId: string, viewerId: string | null, userId: string) =>
    `${requestId} ${viewerId} ${userId}`

  return {
    async findUserByHandleKey(viewerId, key) {
      const found = await findUserWithRecord(pool, viewerId, key)
      if (!found) return null
      const scope = currentScope()
      if (scope) {
        const records = read.get(scope.facts) ?? new Map<string, RelationshipRecord>()
        read.set(scope.facts, records)
        records.set(keyOf(scope.requestId, viewerId, found.user.id), found.record)
      }
      return found.user
    },
    async recordsOf(viewerId, userIds) {
      const scope = currentScope()
      const records = scope && read.get(scope.facts)
      if (!records) return findRelationshipRecords(pool, viewerId, userIds)
      const known = userIds.flatMap((userId) => records.get(keyOf(scope.requestId, viewerId, userId)) ?? [])
      const missing = userIds.filter((userId) => !records.has(keyOf(scope.requestId, viewerId, userId)))
      const others = missing.length > 0 ? await findRelationshipRecords(pool, viewerId, missing) : []
      return [...known, ...others]
    },
  }
}
