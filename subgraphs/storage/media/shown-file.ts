import type { StoredRendition } from '../renditions/rendition-store.ts'
import type { Medium } from './medium.ts'

/** A medium's file as its address delivers it; the size is null while that file is being made. */
export type ShownFile = { mimeType: string; byteSize: number | null }

/**
 * The file that a medium's address delivers: to its owner the uploaded one, to everyone else what stands for it, whose
 * type and size may be others.
 */
export function shownFile(
  { mimeType, byteSize }: Pick<Medium, 'mimeType' | 'byteSize'>,
  renditions: readonly StoredRendition[],
  isOwner: boolean,
): ShownFile {
  if (isOwner) return { mimeType, byteSize }
  const made = renditions.filter(({ objectName }) => objectName !== 'original')
  const byRole = (role: StoredRendition['role']) => made.find((rendition) => rendition.role === role)
  const file = byRole('SHARED') ?? byRole('PROGRESSIVE')
  return file ?? { mimeType, byteSize: null }
}
