import DataLoader from 'dataloader'
import type { ServiceCaller, Viewer } from '../../platform/identity/caller.ts'
import { isId } from '../../platform/ids.ts'
import type { ViewerContext } from '../../platform/subgraph/guard.ts'
import type { ServiceContext } from '../../platform/subgraph/internal-api.ts'
import type { Db } from './database.ts'
import type { Media } from './media/media.ts'
import { findMediaWithRenditions } from './media/media-store.ts'
import type { FindPlayable } from './media/playable-media.ts'
import { findRenditions, type StoredRendition } from './media/rendition-store.ts'
import type { Upload } from './uploads/upload.ts'
import { findUploads } from './uploads/upload-store.ts'

// The maximum number of ids per call: `communication` refuses to answer for more at once.
const MAX_ASKED = 10_000

type MediaLoaders = {
  /** Media by id, without an access check. */
  media: DataLoader<string, Media | null>
  /** The renditions of media, by media id. */
  renditions: DataLoader<string, StoredRendition[]>
}

/** The context that the public resolvers of one request share. */
export type Context = ViewerContext &
  MediaLoaders & {
    /** The viewer; null when signed out. */
    viewerId: string | null
    /**
     * Media by id that the viewer may see. It asks `communication`, because an id proves nothing: if a gateway lets
     * aliases shadow keys, a client can put any text in place of the id.
     */
    visibleMedia: DataLoader<string, Media | null>
    /** Uploads by id, without an access check. */
    uploads: DataLoader<string, Upload | null>
  }

/** The context that the internal resolvers of one request share. */
export type InternalContext = ServiceContext & MediaLoaders

/** The data sources that contexts read from. */
export type Sources = { db: Db; findPlayable: FindPlayable }

/** Creates the context of one request of a viewer. */
export function createContext({ db, findPlayable }: Sources, caller: Viewer): Context {
  const viewerId = caller.userId
  const { media, renditions } = mediaLoaders(db)
  const visibleMedia = byKey(
    async (ids) => {
      const [found, playable] = await Promise.all([media.loadMany(ids), findPlayable(viewerId, ids)])
      return found.flatMap((media) => {
        if (media instanceof Error) throw media
        const isVisible = media?.ownerId === viewerId || playable.has(media?.id ?? '')
        return media && isVisible ? media : []
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

/** Creates the context of one request of another service. */
export function createInternalContext(db: Db, caller: ServiceCaller): InternalContext {
  return { caller, ...mediaLoaders(db) }
}

function mediaLoaders(db: Db): MediaLoaders {
  const renditions = new DataLoader(async (ids: readonly string[]) => {
    const found = Map.groupBy(await findRenditions(db, ids), ({ mediaId }) => mediaId)
    return ids.map((id) => found.get(id) ?? [])
  })
  const media = byKey(
    async (ids) => {
      const found = await findMediaWithRenditions(db, ids)
      for (const media of found) renditions.prime(media.id, media.renditions)
      return found
    },
    ({ id }) => id,
  )
  return { media, renditions }
}

// A text that is not a UUID matches no row, and PostgreSQL cannot compare it with a column of that type. So only valid
// ids reach the query.
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
