import DataLoader from 'dataloader'
import { createIdLoader } from '../../../platform/subgraph/id-loader.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Db, Pool } from '../database.ts'
import type { Media } from './media.ts'
import { findMediaWithRenditions } from './media-store.ts'
import type { FindPlayable } from './playable-media.ts'
import { findRenditions, type StoredRendition } from './rendition-store.ts'

// The maximum number of ids per call: `communication` refuses to answer for more at once.
const MAX_ASKED = 10_000

/** The loaders of one request of a viewer or of another service. */
export type MediaLoaders = {
  /** Media by id, without an access check. */
  media: DataLoader<string, Media | null>
  /** The renditions of media, by media id. */
  renditions: DataLoader<string, StoredRendition[]>
}

/** Returns the loaders of the request with this context. */
export type LoadersOf = (context: object) => MediaLoaders

/**
 * Returns the loader of the media that the viewer may see. It asks `communication`, because an id proves nothing: if a
 * gateway lets aliases shadow keys, a client can put any text in place of the id.
 */
export type VisibleMedia = (context: Context) => DataLoader<string, Media | null>

/** Creates the function that returns the loaders of a request. */
export function createMediaLoaders({ db, pool }: { db: Db; pool: Pool }): LoadersOf {
  return perRequest(() => {
    const renditions = new DataLoader(async (ids: readonly string[]) => {
      const found = Map.groupBy(await findRenditions(db, ids), ({ mediaId }) => mediaId)
      return ids.map((id) => found.get(id) ?? [])
    })
    const media = createIdLoader<Media>(async (ids) => {
      const found = await findMediaWithRenditions(pool, ids)
      for (const media of found) renditions.prime(media.id, media.renditions)
      return found
    })
    return { media, renditions }
  })
}

/** Creates the function that returns the loader of the media that a viewer may see. */
export function createVisibleMedia(loaders: LoadersOf, findPlayable: FindPlayable): VisibleMedia {
  return perRequest((context: Context) => {
    const { viewerId } = context
    return createIdLoader<Media>(async (ids) => {
      const [found, playable] = await Promise.all([
        loaders(context).media.loadMany(ids),
        findPlayable(viewerId, ids),
      ])
      return found.flatMap((media) => {
        if (media instanceof Error) throw media
        const isVisible = media?.ownerId === viewerId || playable.has(media?.id ?? '')
        return media && isVisible ? media : []
      })
    }, MAX_ASKED)
  })
}
