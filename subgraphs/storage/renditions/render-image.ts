import { stat } from 'node:fs/promises'
import path from 'node:path'
import { makeForms } from './image-work.ts'
import type { Attempt, Rendering } from './rendering.ts'
import type { Rendition } from './rendition.ts'

const FORMS = [
  // As large as it is: cameras write their own JPEGs of about this quality, where it has to be encoded anew.
  { role: 'SHARED', name: 'shared', longSide: 16_384, quality: 92, mayMove: false, isCopy: true },
  { role: 'PROGRESSIVE', name: 'progressive', longSide: 1280, quality: 82, mayMove: true, isCopy: false },
  { role: 'POSTER', name: 'poster', longSide: 320, quality: 82, mayMove: false, isCopy: false },
] as const

/**
 * Makes and keeps the sizes that an image is shown in, without any metadata: JPEG the right way up, and animated WebP of
 * what moves, which its poster does not. Beside them, what everyone but its owner gets as the original: the same picture
 * without anything else that is in the file. HEIC and AVIF become JPEG.
 *
 * @throws CannotRender where the image can't be decoded
 */
export async function renderImage(
  { objects }: Pick<Rendering, 'objects'>,
  attempt: Attempt,
): Promise<Rendition[]> {
  const { medium, cwd } = attempt
  const made = await makeForms(attempt, FORMS)
  return Promise.all(
    FORMS.map(async ({ role, name }, index) => {
      const { width = null, height = null, mimeType = 'image/jpeg', isOriginal } = made[index] ?? {}
      const rendition = { role, mimeType, width, height }
      if (isOriginal) return { ...rendition, objectName: 'original', byteSize: medium.byteSize }
      const target = path.join(cwd, name)
      await objects.put(medium.id, name, target)
      return { ...rendition, objectName: name, byteSize: (await stat(target)).size }
    }),
  )
}
