import type { Media } from './media.ts'
import type { StoredRendition } from './rendition-store.ts'

/** The file that a media address delivers; the size is null while that file is being made. */
export type ShownFile = { mimeType: string; byteSize: number | null }

/**
 * The file that a media address delivers. The owner gets the uploaded file; everyone else gets a copy in its place,
 * whose type and size may differ.
 */
export function shownFile(
  { mimeType, byteSize }: Pick<Media, 'mimeType' | 'byteSize'>,
  renditions: readonly StoredRendition[],
  isOwner: boolean,
): ShownFile {
  if (isOwner) return { mimeType, byteSize }
  // An image that contains nothing but its picture is its own shared copy.
  const shared = renditions.find(({ role }) => role === 'SHARED')
  const file = shared ?? renditions.find(isOwnProgressive)
  return file ?? { mimeType, byteSize: null }
}

// For media stored by earlier versions, the rendition may be the uploaded file, which only its owner gets.
const isOwnProgressive = ({ role, objectName }: StoredRendition) =>
  role === 'PROGRESSIVE' && objectName !== 'original'

/** The renditions to list. A shared copy stands in for the original and is not listed as a separate rendition. */
export function listedRenditions(renditions: readonly StoredRendition[]) {
  return renditions.flatMap(({ role, ...rendition }) => (role === 'SHARED' ? [] : [{ ...rendition, role }]))
}
