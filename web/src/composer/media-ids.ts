import type { Upload } from '../uploads/uploads.ts'
import type { Draft, DraftItem } from './draft.ts'

/** How far the media of a draft are: all stored, some on their way, or one that will not arrive. */
export type Readiness = { kind: 'READY'; mediaIds: string[] } | { kind: 'ON_THEIR_WAY' } | { kind: 'FAILED' }

/** The id of the media of an item; null if it will not arrive. */
function mediaOf(
  { uploadId, mediaId }: DraftItem,
  find: (uploadId: string) => Upload | null,
): string | 'ON_ITS_WAY' | null {
  if (mediaId !== null) return mediaId
  const upload = uploadId === null ? null : find(uploadId)
  if (!upload || upload.state === 'CANCELLED' || upload.state === 'FAILED') return null
  return upload.mediaId ?? 'ON_ITS_WAY'
}

/** The places of the media in a draft that will not arrive by themselves. */
export function failedPlaces({ items }: Draft, find: (uploadId: string) => Upload | null): number[] {
  return items.flatMap((item, index) => (mediaOf(item, find) === null ? [index] : []))
}

/**
 * Says whether a draft can be published.
 *
 * @param find returns an upload of this device; null if it is no longer in the list
 */
export function readinessOf({ items }: Draft, find: (uploadId: string) => Upload | null): Readiness {
  const found = items.map((item) => mediaOf(item, find))
  if (found.includes(null)) return { kind: 'FAILED' }
  if (found.includes('ON_ITS_WAY')) return { kind: 'ON_THEIR_WAY' }
  return { kind: 'READY', mediaIds: found.filter((id) => id !== null) }
}
