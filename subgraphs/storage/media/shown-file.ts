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
  const made = renditions.filter(({ objectName }) => objectName !== 'original')
  const byRole = (role: StoredRendition['role']) => made.find((rendition) => rendition.role === role)
  const file = byRole('SHARED') ?? byRole('PROGRESSIVE')
  return file ?? { mimeType, byteSize: null }
}

/** The renditions to list. A shared copy stands in for the original and is not listed as a separate rendition. */
export function listedRenditions(renditions: readonly StoredRendition[]) {
  return renditions.flatMap(({ role, ...rendition }) => (role === 'SHARED' ? [] : [{ ...rendition, role }]))
}
