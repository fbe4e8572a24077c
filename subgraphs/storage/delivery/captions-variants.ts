import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { findCaptionsText, listCaptions, type StoredCaptions } from '../captions/captions-store.ts'
import { captionsPlaylist, withCaptions } from '../captions/hls-captions.ts'
import type { Db } from '../database.ts'
import type { Media } from '../media/media.ts'

/** Captions as they are sent. They can be replaced at any time, so caches ask whether they are current. */
export type CaptionsVariant = { text: string; mimeType: string; etag: string; cacheControl: string }

/** Finds the captions of media files for delivery. */
export type CaptionsFinder = {
  /** The WebVTT file or the playlist for a name in a media address; null if it does not exist. */
  find(media: Media, name: string): Promise<CaptionsVariant | null>
  /** Adds the captions of a media file to the text of the playlist that lists all sizes. */
  addTo(media: Media, playlist: string): Promise<string>
}

const CACHED = 'private, no-cache'
// With it, many requests for one file cost the database a few statements per second.
const REMEMBERED_MS = 300
const REMEMBERED_BYTES = 32 * 1024 ** 2

// A language tag contains only letters, digits and hyphens.
const FILE = /^captions\/([a-z\d-]+)$/i
const STREAM_FILE = /^stream\/captions-([a-z\d-]+)\.(vtt|m3u8)$/i

/** Creates a finder that caches captions for a moment. */
export function createCaptionsFinder(db: Db): CaptionsFinder {
  const lists = new LRUCache<string, StoredCaptions[]>({ max: 5_000, ttl: REMEMBERED_MS })
  const texts = new LRUCache<string, string>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: (text) => text.length + 100,
  })
  const listOf = async ({ id, kind }: Media): Promise<StoredCaptions[]> => {
    if (kind === 'IMAGE') return []
    const listed = lists.get(id) ?? (await listCaptions(db, [id]))
    if (!lists.has(id)) lists.set(id, listed)
    return listed
  }
  // The version stands for the text, so a cached text is never outdated.
  const textOf = async ({ mediaId, language, version }: StoredCaptions): Promise<string | null> => {
    const text = texts.get(version) ?? (await findCaptionsText(db, mediaId, language))
    if (text !== null) texts.set(version, text)
    return text
  }
  return {
    async find(media, name) {
      const [, tag, extension = 'vtt'] = FILE.exec(name) ?? STREAM_FILE.exec(name) ?? []
      if (tag === undefined) return null
      const captions = (await listOf(media)).find(({ language }) => language === tag)
      if (!captions) return null
      if (extension === 'vtt') {
        const text = await textOf(captions)
        return text === null ? null : variant(text, 'text/vtt')
      }
      return variant(captionsPlaylist(tag, media.durationSeconds ?? 0), 'application/vnd.apple.mpegurl')
    },
    addTo: async (media, playlist) => withCaptions(playlist, await listOf(media)),
  }
}

function variant(text: string, mimeType: string): CaptionsVariant {
  return { text, mimeType, etag: `"${hash('sha256', text, 'base64url')}"`, cacheControl: CACHED }
}
