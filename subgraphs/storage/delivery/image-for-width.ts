import type { DisplayImage, Rendition } from '../media/rendition.ts'

/** A file that shows an image in some size. */
export type SizedImage = Pick<Rendition, 'objectName' | 'mimeType' | 'byteSize' | 'width'>

/**
 * Lists the files among which a width chooses. The original is never one of them: it may contain metadata, and only its
 * owner gets it.
 */
export function sizedImages(
  kind: 'AUDIO' | 'VIDEO' | 'IMAGE',
  renditions: readonly Rendition[],
  displayImages: readonly DisplayImage[],
): SizedImage[] {
  const roles = kind === 'IMAGE' ? ['POSTER', 'PROGRESSIVE'] : ['POSTER']
  return [
    ...renditions.filter(({ role, objectName }) => roles.includes(role) && objectName !== 'original'),
    ...displayImages.map((image) => ({ ...image, mimeType: 'image/jpeg' })),
  ]
}

/**
 * Chooses the smallest image that is at least this wide, or else the widest one; null if there is none. Of images of the
 * same width it chooses the one with fewer bytes, so a small animation is shown as its still.
 */
export function imageForWidth(images: readonly SizedImage[], width: number): SizedImage | null {
  const ascending = images.toSorted(
    (one, other) => (one.width ?? 0) - (other.width ?? 0) || one.byteSize - other.byteSize,
  )
  return ascending.find((image) => (image.width ?? 0) >= width) ?? ascending.at(-1) ?? null
}
