import { stat } from 'node:fs/promises'
import type { DisplayImage, Rendition } from '../media/rendition.ts'
import { CannotRender } from './ffmpeg.ts'
import { type MadeImage, makeVariants } from './image-work.ts'
import { take } from './outputs.ts'
import type { PictureLook } from './picture-look.ts'
import type { Attempt, Rendering } from './rendering.ts'

const RENDITIONS = [
  // The shared copy keeps the full size. The quality applies if it must be encoded again, and is about that of cameras'
  // JPEGs.
  { role: 'SHARED', name: 'shared', longSide: 16_384, quality: 92, mayMove: false, isCopy: true },
  { role: 'PROGRESSIVE', name: 'progressive', longSide: 1280, quality: 82, mayMove: true, isCopy: false },
  { role: 'POSTER', name: 'poster', longSide: 320, quality: 82, mayMove: false, isCopy: false },
] as const

// The sizes between. A screen of a given width gets the smallest that is wide enough, which may also be one of the
// renditions (delivery/image-for-width.ts).
const DISPLAY_IMAGES = [
  { name: 'display-640', longSide: 640, onlyAbove: 640 },
  { name: 'display-2048', longSide: 2048, onlyAbove: 1280 },
] as const

const WANTED = [
  ...RENDITIONS.map((variant) => ({ ...variant, onlyAbove: null })),
  ...DISPLAY_IMAGES.map((variant) => ({ ...variant, quality: 82, mayMove: false, isCopy: false })),
]

/** What is made of an image. */
export type RenderedImage = { renditions: Rendition[]; displayImages: DisplayImage[]; look: PictureLook }

/**
 * Makes and stores the variants of an image, without metadata. The variants are upright JPEGs; an animation becomes an
 * animated WebP, but its poster is a still. The shared copy is what other users get as the original: the same picture
 * without anything else that is in the file. HEIC and AVIF become JPEG.
 *
 * @throws CannotRender if the image cannot be decoded, or if a variant is not a regular file
 */
export async function renderImage(
  rendering: Pick<Rendering, 'objects' | 'imageCode'>,
  attempt: Attempt,
): Promise<RenderedImage> {
  const { media } = attempt
  const { variants, look } = await makeVariants(rendering, attempt, WANTED)
  const byName = new Map(WANTED.map(({ name }, index) => [name, variants[index] ?? null]))
  const keep = async (name: string): Promise<number> => {
    const target = await take(attempt, name)
    await rendering.objects.put(media.id, name, target)
    return (await stat(target)).size
  }
  const renditions = RENDITIONS.map(async ({ role, name }): Promise<Rendition> => {
    const { isOriginal, ...made } = required(byName.get(name))
    if (isOriginal) return { role, ...made, objectName: 'original', byteSize: media.byteSize }
    return { role, ...made, objectName: name, byteSize: await keep(name) }
  })
  const displayImages = DISPLAY_IMAGES.map(async ({ name }): Promise<DisplayImage[]> => {
    const made = byName.get(name)
    if (!made) return []
    return [{ objectName: name, byteSize: await keep(name), width: made.width, height: made.height }]
  })
  // Waits for both at once, so that no failure is left without a handler.
  const [kept, sized] = await Promise.all([Promise.all(renditions), Promise.all(displayImages)])
  return { renditions: kept, displayImages: sized.flat(), look }
}

function required(made: MadeImage | null | undefined): MadeImage {
  if (!made) throw new CannotRender('the image worker left out a variant')
  return made
}
