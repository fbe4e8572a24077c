/** The media token of a viewer and the addresses that it opens. */
export type IssuedMediaAccess = {
  token: string
  expiresAt: Date
  url: string
  progressiveUrl: string | null
  streamUrl: string | null
  posterUrl: string | null
  /** The address of the images in all sizes, without the width at its end; null if there are none. */
  imagesUrl: string | null
  captions: { language: string; label: string; url: string }[]
}

// As storage makes them. Few addresses, because caches know an image by its address.
const WIDTHS = [320, 640, 1280]
const WIDEST = 2048

/** The address of an image for a place of some width in pixels; null if there is none. */
export function imageAddress(
  { imagesUrl }: Pick<IssuedMediaAccess, 'imagesUrl'>,
  width: number,
): string | null {
  return imagesUrl && `${imagesUrl}/${WIDTHS.find((known) => known >= width) ?? WIDEST}`
}
