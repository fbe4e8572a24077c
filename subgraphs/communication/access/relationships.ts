import { createAttachment } from '../../../platform/attachment.ts'
import { currentScope, type RequestFacts } from '../../../platform/observability/request-scope.ts'
import { CURRENT_MS } from '../../../platform/subgraph/work.ts'
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
   * is to the viewer, for a moment and for the same request.
   */
  findUserByHandleKey(viewerId: string | null, key: string): Promise<VisibleUser | null>
  /** Finds what users are to a viewer, in no particular order. Users who do not exist for the viewer are omitted. */
  recordsOf(viewerId: string | null, userIds: readonly string[]): Promise<RelationshipRecord[]>
}

/**
 * Creates the reads of relationships. A query for a moblog begins with its owner's handle, and asks what the owner is to the
 * viewer a moment later. If both run in this process, the first statement answers the second question too. It
 * counts for `CURRENT_MS`, because a slow request must not decide with what was true when it began.
 */
export function createRelationships(pool: Pool): Relationships {
  type Read = { record: RelationshipRecord; at: number }
  const read = createAttachment<RequestFacts, Map<string, Read>>('relationships')
  const keyOf = (requestId: string, viewerId: string | null, userId: string) =>
    `${requestId} ${viewerId} ${userId}`

  return {
    async findUserByHandleKey(viewerId, key) {
      const at = performance.now()
      const found = await findUserWithRecord(pool, viewerId, key)
      if (!found) return null
      const scope = currentScope()
      if (scope) {
        const records = read.get(scope.facts) ?? new Map<string, Read>()
        read.set(scope.facts, records)
        records.set(keyOf(scope.requestId, viewerId, found.user.id), { record: found.record, at })
      }
      return found.user
    },
    async recordsOf(viewerId, userIds) {
      const scope = currentScope()
      const records = scope && read.get(scope.facts)
      if (!records) return findRelationshipRecords(pool, viewerId, userIds)
      const oldest = performance.now() - CURRENT_MS
      const known = new Map(
        userIds.flatMap((userId) => {
          const found = records.get(keyOf(scope.requestId, viewerId, userId))
          return found && found.at > oldest ? [[userId, found.record]] : []
        }),
      )
      const missing = userIds.filter((userId) => !known.has(userId))
      const others = missing.length > 0 ? await findRelationshipRecords(pool, viewerId, missing) : []
      return [...known.values(), ...others]
    },
  }
}
