import DataLoader from 'dataloader'
import type { Caller } from '../../platform/identity/caller.ts'
import { isId } from '../../platform/ids.ts'
import type { CallerContext } from '../../platform/subgraph/guard.ts'
import type { Db } from './database.ts'
import { findMedia } from './media/media-store.ts'
import type { Medium } from './media/medium.ts'
import { findRenditions, type StoredRendition } from './renditions/rendition-store.ts'
import type { Upload } from './uploads/upload.ts'
import { findUploads } from './uploads/upload-store.ts'

/** What the resolvers of one request share. */
export type Context = CallerContext & {
  /** Who looks; null when signed out, and when another service asks. */
  viewerId: string | null
  /** Media by id. */
  media: DataLoader<string, Medium | null>
  /** Uploads by id, whoever's they are. */
  uploads: DataLoader<string, Upload | null>
  /** What was made of media, by the medium's id. */
  renditions: DataLoader<string, StoredRendition[]>
}

/** Makes the context of one request. */
export function createContext(db: Db, caller: Caller): Context {
  return {
    caller,
    viewerId: caller.kind === 'viewer' ? caller.userId : null,
    media: byKey(
      (ids) => findMedia(db, ids),
      ({ id }) => id,
    ),
    uploads: byKey(
      (ids) => findUploads(db, ids),
      ({ id }) => id,
    ),
    renditions: new DataLoader(async (ids: readonly string[]) => {
      const found = Map.groupBy(await findRenditions(db, ids), ({ mediumId }) => mediumId)
      return ids.map((id) => found.get(id) ?? [])
    }),
  }
}

// What is no UUID can't be compared with a column of that type, and belongs to nothing.
function byKey<Row>(find: (keys: string[]) => Promise<Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, Row | null>(async (keys) => {
    const valid = keys.filter(isId)
    const rows = valid.length > 0 ? await find(valid) : []
    const found = new Map(rows.map((row) => [keyOf(row), row]))
    return keys.map((key) => found.get(key) ?? null)
  })
}
