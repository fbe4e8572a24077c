import { stat } from 'node:fs/promises'
import path from 'node:path'
import { makeForms } from './image-work.ts'
import type { Attempt, Rendering } from './rendering.ts'
import type { Rendition } from './rendition.ts'

const FORMS = [
  { role: 'PROGRESSIVE', name: 'progressive', longSide: 1280, quality: 82, mayMove: true },
  { role: 'POSTER', name: 'poster', longSide: 320, quality: 82, mayMove: false },
] as const

/**
 * Makes and keeps the sizes that an image is shown in, without any metadata: JPEG the right way up, and animated WebP of
 * what moves, which its poster does not.
 *
 * @throws CannotRender where the image can't be decoded
 */
export async function renderImage(
  { objects }: Pick<Rendering, 'objects'>,
  attempt: Attempt,
): Promise<Rendition[]> {
  const made = await makeForms(attempt, FORMS)
  return Promise.all(
    FORMS.map(async ({ role, name }, index) => {
      const { width = null, height = null, mimeType = 'image/jpeg' } = made[index] ?? {}
      const target = path.join(attempt.cwd, name)
      await objects.put(attempt.medium.id, name, target)
      return { role, objectName: name, mimeType, width, height, byteSize: (await stat(target)).size }
    }),
  )
}
