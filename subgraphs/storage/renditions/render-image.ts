import { stat } from 'node:fs/promises'
import type { Rendition } from '../media/rendition.ts'
import { makeVariants } from './image-work.ts'
import { take } from './outputs.ts'
import type { Attempt, Rendering } from './rendering.ts'

const VARIANTS = [
  // The shared copy keeps the full size. The quality applies if it must be encoded again, and is about that of cameras'
  // JPEGs.
  { role: 'SHARED', name: 'shared', longSide: 16_384, quality: 92, mayMove: false, isCopy: true },
  { role: 'PROGRESSIVE', name: 'progressive', longSide: 1280, quality: 82, mayMove: true, isCopy: false },
  { role: 'POSTER', name: 'poster', longSide: 320, quality: 82, mayMove: false, isCopy: false },
] as const

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
): Promise<Rendition[]> {
  const { media } = attempt
  const made = await makeVariants(rendering, attempt, VARIANTS)
  return Promise.all(
    VARIANTS.map(async ({ role, name }, index) => {
      const { width = null, height = null, mimeType = 'image/jpeg', isOriginal } = made[index] ?? {}
      const rendition = { role, mimeType, width, height }
      if (isOriginal) return { ...rendition, objectName: 'original', byteSize: media.byteSize }
      const target = await take(attempt, name)
      await rendering.objects.put(media.id, name, target)
      return { ...rendition, objectName: name, byteSize: (await stat(target)).size }
    }),
  )
}
