import type { Media } from '../media/media.ts'

// Phones take photos of 12 or 24 megapixels. Anything above takes several seconds, however few bytes it has.
const COSTLY_PIXELS = 25_000_000
const COSTLY_BYTES = 20_000_000

/** The number of pixels of an image, as far as they are known. Of an animation, the pixels of one picture. */
export function pixelsOf({ width, height }: Pick<Media, 'width' | 'height'>): number {
  return (width ?? 0) * (height ?? 0)
}

/** Whether an image takes so long that it must not occupy the places of usual photos. */
export function isCostly(media: Pick<Media, 'width' | 'height' | 'byteSize'>): boolean {
  return pixelsOf(media) > COSTLY_PIXELS || media.byteSize > COSTLY_BYTES
}
