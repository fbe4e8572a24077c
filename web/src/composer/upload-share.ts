import type { Upload } from '../uploads/uploads.ts'
import type { Draft } from './draft.ts'

/**
 * How much of the uploads of a post is done, 0 to 1: the share of their bytes, because a film takes longer than its photos.
 *
 * @param find returns an upload of this device; null if it is no longer in the list
 */
export function shareOf(
  items: Draft['items'],
  find: (uploadId: string) => Pick<Upload, 'progress' | 'totalBytes'> | null,
): number {
  const uploads = items.flatMap(({ uploadId }) => (uploadId === null ? [] : (find(uploadId) ?? [])))
  // A recording whose size is not known yet does not say how much is left of it.
  if (uploads.some(({ totalBytes }) => totalBytes === null)) return 0
  const total = uploads.reduce((sum, { totalBytes }) => sum + (totalBytes ?? 0), 0)
  const done = uploads.reduce((sum, { progress, totalBytes }) => sum + (progress ?? 0) * (totalBytes ?? 0), 0)
  return total === 0 ? 0 : done / total
}
