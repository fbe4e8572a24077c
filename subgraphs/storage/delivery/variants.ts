import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Db } from '../database.ts'
import { findDisplayImages } from '../media/display-image-store.ts'
import type { Media } from '../media/media.ts'
import { type DisplayImage, MASTER, type Playlist, type Rendition, streamObject } from '../media/rendition.ts'
import { findPlaylist, findRenditions } from '../media/rendition-store.ts'
import { createCaptionsFinder } from './captions-variants.ts'
import { imageForWidth, sizedImages } from './image-for-width.ts'

/** A variant of a media file as it is sent: a stored file, or the text of a playlist. */
export type Variant = {
  mimeType: string
  /** A strong entity tag (RFC 9110 §8.8.3). */
  etag: string
  cacheControl: string
} & ({ objectName: string } | { text: string })

/** Finds the variant for a name in a media address; `NOT_YET` while it is being made, null if it does not exist. */
export type FindVariant = (
  media: Media,
  name: string,
  viewerId: string | null,
) => Promise<Variant | 'NOT_YET' | null>

// The content behind a name never changes. The token bounds how long it is cached (`boundMaxAge`).
const IMMUTABLE = 'private, max-age=31536000, immutable'
const GROWING = 'private, no-cache'
const REMEMBERED_MS = 60_000
// The cache time while more is being made. With it, many requests for one playlist cost the database a few statements
// per second.
const REMEMBERED_WHILE_GROWING_MS = 300

/** Creates a function that finds variants in the tables, and caches them while they do not change. */
export function createVariantFinder(db: Db): FindVariant {
  const renditions = new LRUCache<string, Rendition[]>({ max: 5_000 })
  const displayImages = new LRUCache<string, DisplayImage[]>({ max: 5_000 })
  const playlists = new LRUCache<string, Playlist>({ max: 2_000 })
  const captions = createCaptionsFinder(db)

  const lifetime = ({ state }: Media) => ({
    ttl: state === 'PROCESSING' ? REMEMBERED_WHILE_GROWING_MS : REMEMBERED_MS,
  })
  const renditionsOf = async (media: Media): Promise<Rendition[]> => {
    const made = await findRenditions(db, [media.id])
    renditions.set(media.id, made, lifetime(media))
    return made
  }
  // A missing rendition is never cached, because it may exist a moment later.
  const renditionOf = async (media: Media, role: Rendition['role']): Promise<Rendition | null> => {
    const ofRole = (made: readonly Rendition[] = []) =>
      made.find((rendition) => rendition.role === role) ?? null
    return ofRole(renditions.get(media.id)) ?? ofRole(await renditionsOf(media))
  }
  const displayImagesOf = async (media: Media): Promise<DisplayImage[]> => {
    if (media.kind !== 'IMAGE') return []
    const known = displayImages.get(media.id)
    if (known) return known
    const made = await findDisplayImages(db, [media.id])
    displayImages.set(media.id, made, lifetime(media))
    return made
  }
  const playlistOf = async (media: Media, name: string): Promise<Playlist | null> => {
    const key = `${media.id}/${name}`
    const playlist = playlists.get(key) ?? (await findPlaylist(db, media.id, name))
    if (!playlist || playlists.has(key)) return playlist
    playlists.set(key, playlist, {
      ttl: isFinal(media, playlist) ? REMEMBERED_MS : REMEMBERED_WHILE_GROWING_MS,
    })
    return playlist
  }

  const variantOf = async (media: Media, role: Rendition['role']): Promise<Variant | null> => {
    const rendition = await renditionOf(media, role)
    if (!rendition) return null
    return rendition.objectName === 'original' ? original(media) : fileVariant(media, rendition)
  }

  const imageOf = async (media: Media, width: number): Promise<Variant | null> => {
    const made = renditions.get(media.id) ?? (await renditionsOf(media))
    const images = sizedImages(media.kind, made, await displayImagesOf(media))
    const chosen = imageForWidth(images, width)
    return chosen && fileVariant(media, chosen)
  }

  // Only the owner gets the uploaded file. All others get copies that contain nothing but what playback needs.
  const progressive = async (media: Media, isOwner: boolean): Promise<Variant | null> => {
    const made = await variantOf(media, 'PROGRESSIVE')
    // For media stored by earlier versions, the rendition may be the uploaded file.
    if (made && (isOwner || !('objectName' in made && made.objectName === 'original'))) return made
    return null
  }

  return async (media, name, viewerId) => {
    const isOwner = media.ownerId === viewerId
    const missing = media.state === 'PROCESSING' ? 'NOT_YET' : null
    if (name === 'original') {
      if (isOwner) return original(media)
      return (await variantOf(media, 'SHARED')) ?? (await progressive(media, false)) ?? missing
    }
    if (name === 'progressive') {
      const made = await progressive(media, isOwner)
      if (made) return made
      // The original is used until there is a rendition, or if none can be made.
      if (!media.isProgressive) return missing
      return isOwner ? original(media) : ((await variantOf(media, 'SHARED')) ?? missing)
    }
    if (name === 'poster')
      return (await variantOf(media, 'POSTER')) ?? (media.state === 'PROCESSING' ? 'NOT_YET' : null)
    const [, width] = /^image\/(\d{1,5})$/.exec(name) ?? []
    if (width) return (await imageOf(media, Number(width))) ?? missing
    const ofCaptions = await captions.find(media, name)
    if (ofCaptions) return ofCaptions
    const [, file = '', extension] = /^stream\/([\w-]+\.(m3u8|m4s|mp4))$/.exec(name) ?? []
    if (extension === 'm3u8') {
      const playlist = await playlistOf(media, file)
      if (!playlist) return media.state === 'PROCESSING' ? 'NOT_YET' : null
      const text = file === MASTER ? await captions.addTo(media, playlist.text) : playlist.text
      return playlistVariant(media, { ...playlist, text })
    }
    return extension ? segment(media, file) : null
  }
}

function fileVariant(
  { id }: Media,
  { objectName, mimeType, byteSize }: Pick<Rendition, 'objectName' | 'mimeType' | 'byteSize'>,
): Variant {
  return { objectName, mimeType, etag: `"${id}-${objectName}-${byteSize}"`, cacheControl: IMMUTABLE }
}

// The entity tag does not contain the SHA-256 of the original, because only the owner may see that digest.
function original({ id, mimeType }: Media): Variant {
  return { objectName: 'original', mimeType, etag: `"${id}-original"`, cacheControl: 'private' }
}

function playlistVariant(media: Media, playlist: Playlist): Variant {
  return {
    text: playlist.text,
    mimeType: 'application/vnd.apple.mpegurl',
    etag: `"${hash('sha256', playlist.text, 'base64url')}"`,
    cacheControl: isFinal(media, playlist) ? 'private, max-age=60' : GROWING,
  }
}

// Another attempt may produce other sizes, so even a playlist that lists all of them can still change.
function isFinal({ state }: Media, { isComplete }: Playlist): boolean {
  return isComplete && state !== 'PROCESSING'
}

function segment({ kind, id }: Media, file: string): Variant {
  const isInit = file.endsWith('.mp4')
  const family = kind === 'AUDIO' ? 'audio' : 'video'
  return {
    objectName: streamObject(file),
    mimeType: isInit ? `${family}/mp4` : `${family}/iso.segment`,
    etag: `"${id}-${file}"`,
    cacheControl: IMMUTABLE,
  }
}
