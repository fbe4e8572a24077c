import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { MAX_IMAGE_PIXELS } from '../probing/image.ts'
import { runLimited } from '../probing/limited-process.ts'
import { CannotRender } from './ffmpeg.ts'
import type { Attempt } from './rendering.ts'

const WORKER = fileURLToPath(new URL('./image-worker.ts', import.meta.url))
// What it is made of: our own code and its libraries.
const CODE = ['node_modules', 'package.json', 'platform', 'subgraphs/storage'].map((part) =>
  fileURLToPath(new URL(`../../../${part}`, import.meta.url)),
)

const size = z.number().int().positive()

const imageForm = z.object({
  /** A copy of the picture as it is, where that can be had without anything else that is in the file. */
  isCopy: z.boolean(),
  /** The file to be made, in the folder of the attempt. */
  name: z.string(),
  /** Its longest side at most, in pixels. */
  longSide: size,
  quality: z.number().int().min(1).max(100),
  /** What moves is made as an animated WebP; all else is a JPEG. */
  mayMove: z.boolean(),
})

/** What the process that decodes an image is told. */
export const imageWork = z.object({
  file: z.string(),
  mimeType: z.string(),
  maxPixels: size,
  forms: z.array(imageForm),
})

const madeImage = z.object({
  width: size,
  height: size,
  mimeType: z.enum(['image/jpeg', 'image/png', 'image/webp', 'image/gif']),
  /** It is the original, byte for byte, which holds nothing but the picture; no file was made. */
  isOriginal: z.boolean().default(false),
})

/** A form of an image that is to be made. */
export type ImageForm = z.infer<typeof imageForm>

/** What a form of an image has become. */
export type MadeImage = z.infer<typeof madeImage>

const LIMITS = {
  wallClockMs: 60_000,
  cpuSeconds: 40,
  memoryBytes: 1792 * 1024 ** 2,
  // Node reserves far more addresses than it uses.
  addressBytes: 256 * 1024 ** 3,
  // A picture that is encoded anew without loss may be larger than its original.
  writtenBytes: 256 * 1024 ** 2,
}
// libheif's own memory, in pages of 64 KiB: 48 megapixels take 600 MiB.
const MOST_WASM_PAGES = (1536 * 1024) / 64

/**
 * Decodes an image in a process of its own and makes forms of it: in sRGB, the right way up, without any metadata.
 *
 * @throws CannotRender where the image can't be decoded, or not within the limits
 */
export async function makeForms(
  { medium, file, cwd, sandbox, signal }: Attempt,
  forms: readonly ImageForm[],
): Promise<MadeImage[]> {
  const work = { file, mimeType: medium.mimeType, maxPixels: MAX_IMAGE_PIXELS, forms }
  const ended = await runLimited({
    sandbox,
    command: process.execPath,
    args: [
      '--disable-warning=ExperimentalWarning',
      `--wasm-max-mem-pages=${MOST_WASM_PAGES}`,
      WORKER,
      JSON.stringify(work),
    ],
    cwd,
    input: file,
    code: CODE,
    limits: LIMITS,
    signal,
  })
  signal.throwIfAborted()
  if (ended.cause === 'KILLED') throw new Error('the process that decodes an image was killed')
  if (ended.code !== 0) {
    throw new CannotRender(ended.stderr.match(/^\w*Error: .*$/m)?.[0] ?? 'the picture can’t be decoded')
  }
  return z.array(madeImage).length(forms.length).parse(JSON.parse(ended.stdout))
}
