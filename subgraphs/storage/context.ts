import DataLoader from 'dataloader'
import type { Caller } from '../../platform/identity/caller.ts'
import { isId } from '../../platform/ids.ts'
import type { CallerContext } from '../../platform/subgraph/guard.ts'
import type { Db } from './database.ts'
import type { FindPlayable } from './media/may-play.ts'
import { findMediaWithRenditions } from './media/media-store.ts'
import type { Medium } from './media/medium.ts'
import { findRenditions, type StoredRendition } from './renditions/rendition-store.ts'
import type { Upload } from './uploads/upload.ts'
import { findUploads } from './uploads/upload-store.ts'

// More `communication` does not answer at once.
const MAX_ASKED = 10_000

/** What the resolvers of one request share. */
export type Context = CallerContext & {
  /** Who looks; null when signed out, and when another service asks. */
  viewerId: string | null
  /** Media by id, whoever's they are. */
  media: DataLoader<string, Medium | null>
  /**
   * Media by id that the viewer may see. `communication` is asked, since an id proves nothing: where a gateway lets aliases
   * shadow keys, it is whatever text a client had put beside it.
   */
  visibleMedia: DataLoader<string, Medium | null>
  /** Uploads by id, whoever's they are. */
  uploads: DataLoader<string, Upload | null>
  /** What was made of media, by the medium's id. */
  renditions: DataLoader<string, StoredRendition[]>
}

/** What contexts read from. */
export type Sources = { db: Db; findPlayable: FindPlayable }

/** Makes the context of one request. */
export function createContext({ db, findPlayable }: Sources, caller: Caller): Context {
  const viewerId = caller.kind === 'viewer' ? caller.userId : null
  const renditions = new DataLoader(async (ids: readonly string[]) => {
    const found = Map.groupBy(await findRenditions(db, ids), ({ mediumId }) => mediumId)
    return ids.map((id) => found.get(id) ?? [])
  })
  const media = byKey(
    async (ids) => {
      const found = await findMediaWithRenditions(db, ids)
      for (const medium of found) renditions.prime(medium.id, medium.renditions)
      return found
    },
    ({ id }) => id,
  )
  // Other services decide themselves what they show to whom.
  const isForService = caller.kind === 'service'
  const visibleMedia = byKey(
    async (ids) => {
      const [found, playable] = await Promise.all([
        media.loadMany(ids),
        isForService ? null : findPlayable(viewerId, ids),
      ])
      return found.flatMap((medium) => {
        if (medium instanceof Error) throw medium
        const isVisible = playable === null || medium?.ownerId === viewerId || playable.has(medium?.id ?? '')
        return medium && isVisible ? medium : []
      })
    },
    ({ id }) => id,
    MAX_ASKED,
  )
  const uploads = byKey(
    (ids) => findUploads(db, ids),
    ({ id }) => id,
  )
  return { caller, viewerId, media, visibleMedia, uploads, renditions }
}

// What is no UUID can't be compared with a column of that type, and belongs to nothing.
function byKey<Row>(
  find: (keys: string[]) => Promise<Row[]>,
  keyOf: (row: Row) => string,
  maxBatchSize = Number.POSITIVE_INFINITY,
) {
  const load = async (keys: readonly string[]) => {
    const valid = keys.filter(isId)
    const rows = valid.length > 0 ? await find(valid) : []
    const found = new Map(rows.map((row) => [keyOf(row), row]))
    return keys.map((key) => found.get(key) ?? null)
  }
  return new DataLoader<string, Row | null>(load, { maxBatchSize })
}
