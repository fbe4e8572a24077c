import DataLoader from 'dataloader'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Db } from '../database.ts'
import { listCaptions, type StoredCaptions } from './captions-store.ts'

/** Returns the loader of the request with this context: the captions of media by their ids, without an access check. */
export type CaptionsOf = (context: object) => DataLoader<string, StoredCaptions[]>

/** Creates the function that returns the loader of a request. */
export function createCaptionsLoader(db: Db): CaptionsOf {
  return perRequest(
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = Map.groupBy(await listCaptions(db, ids), ({ mediaId }) => mediaId)
        return ids.map((id) => found.get(id) ?? [])
      }),
  )
}
