import { stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { MAX_IMAGE_PIXELS } from '../probing/image.ts'
import { runLimited } from '../probing/limited-process.ts'
import { CannotRender } from './ffmpeg.ts'
import type { Attempt, Rendering } from './rendering.ts'
import type { Rendition } from './rendition.ts'

const WORKER = fileURLToPath(new URL('./image-worker.ts', import.meta.url))

const FORMS = [
  { role: 'PROGRESSIVE', name: 'progressive', longSide: 1280 },
  { role: 'POSTER', name: 'poster', longSide: 320 },
] as const

const LIMITS = {
  wallClockMs: 60_000,
  cpuSeconds: 60,
  // Node reserves far more addresses than it uses; what the picture takes is bounded by its pixels.
  memoryBytes: 256 * 1024 ** 3,
  writtenBytes: 64 * 1024 ** 2,
}

const sizes = z.array(z.object({ width: z.number(), height: z.number() })).length(FORMS.length)

/**
 * Makes and keeps the sizes that an image is shown in: JPEG the right way up, without any metadata.
 *
 * @throws CannotRender where the image can't be decoded
 */
export async function renderImage(
  { objects }: Pick<Rendering, 'objects'>,
  { medium, file, cwd, signal }: Attempt,
): Promise<Rendition[]> {
  const ended = await runLimited({
    command: process.execPath,
    args: [
      ...['--disable-warning=ExperimentalWarning', WORKER, file, `${MAX_IMAGE_PIXELS}`],
      ...FORMS.flatMap(({ name, longSide }) => [name, `${longSide}`]),
    ],
    ...{ cwd, limits: LIMITS, signal },
  })
  signal.throwIfAborted()
  if (ended.code !== 0)
    throw new CannotRender(ended.stderr.match(/^Error: .*$/m)?.[0] ?? 'the picture can’t be decoded')
  const made = sizes.parse(JSON.parse(ended.stdout))
  return Promise.all(
    FORMS.map(async ({ role, name }, index) => {
      const target = path.join(cwd, name)
      await objects.put(medium.id, name, target)
      const { width = null, height = null } = made[index] ?? {}
      return {
        ...{ role, objectName: name, mimeType: 'image/jpeg', width, height },
        byteSize: (await stat(target)).size,
      }
    }),
  )
}
