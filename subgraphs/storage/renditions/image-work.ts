import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { MAX_IMAGE_PIXELS } from '../probing/image.ts'
import { runLimited } from '../sandbox/limited-process.ts'
import { shortNiceness } from '../sandbox/niceness.ts'
import { CannotRender } from './ffmpeg.ts'
import { pixelsOf } from './image-cost.ts'
import type { PictureLook } from './picture-look.ts'
import type { Attempt, Rendering } from './rendering.ts'

const WORKER = fileURLToPath(new URL('./image-worker.ts', import.meta.url))
// The code that the image worker needs: Moblog's code and its libraries.
const CODE = ['node_modules', 'package.json', 'platform', 'subgraphs/storage'].map((part) =>
  fileURLToPath(new URL(`../../../${part}`, import.meta.url)),
)

const size = z.number().int().positive()

/** A variant of an image to make. */
export type ImageVariant = {
  /** Copy the picture without decoding if the rest of the file can be left out. */
  isCopy: boolean
  /** The name of the file to make, in the work folder of the attempt. */
  name: string
  /** The maximum length of the longest side, in pixels. */
  longSide: number
  /** 1 to 100. */
  quality: number
  /** Whether an animation becomes an animated WebP. Otherwise the result is a JPEG. */
  mayMove: boolean
  /**
   * Make it only of pictures that are not animated and that a variant of this limit does not show in full size; null to
   * make it of every picture.
   */
  onlyAbove: number | null
}

/** The input of the image worker. */
export type ImageWork = {
  file: string
  mimeType: string
  maxPixels: number
  variants: readonly ImageVariant[]
}

const madeImage = z.object({
  width: size,
  height: size,
  mimeType: z.enum(['image/jpeg', 'image/png', 'image/webp', 'image/gif']),
  /** True if the original already holds nothing but the picture, so no file was made. */
  isOriginal: z.boolean().default(false),
})

/** The result of making a variant of an image. */
export type MadeImage = z.infer<typeof madeImage>

const pictureLook = z.object({
  placeholder: z.string().regex(/^[A-Za-z0-9+/]{1,40}={0,2}$/),
  dominantColor: z.string().regex(/^#[0-9a-f]{6}$/),
}) satisfies z.ZodType<PictureLook>

const madeImages = z.object({ variants: z.array(madeImage.nullable()), look: pictureLook })

/** The result of the image worker. */
export type MadeImages = {
  /** In the order of the wanted variants; null for those that the picture is too small for. */
  variants: (MadeImage | null)[]
  look: PictureLook
}
const LIMITS = {
  wallClockMs: 60_000,
  cpuSeconds: 40,
  memoryBytes: 1792 * 1024 ** 2,
  // Node reserves many more addresses than it uses.
  addressBytes: 256 * 1024 ** 3,
  // A picture that is encoded again without loss may be larger than its original.
  writtenBytes: 256 * 1024 ** 2,
}
// The limit of libheif's memory, in pages of 64 KiB. 48 megapixels take 600 MiB.
const MAX_WASM_PAGES = (1536 * 1024) / 64

/** A run of the image worker. */
export type ImageRun = Pick<Attempt, 'cwd' | 'sandbox'> & {
  work: ImageWork
  /** A folder with compiled code to use. */
  codeCache: string | null
  /** A folder in `cwd` to keep the compiled code in. */
  newCodeCache?: string
  owner?: string
  niceness?: number
  signal?: AbortSignal
}

/**
 * Decodes an image in a sandboxed process and makes variants of it: in sRGB, upright and without metadata. It also
 * describes how the image looks.
 *
 * @throws CannotRender if the image cannot be decoded, or not within the limits
 */
export async function makeVariants(
  { imageCode }: Pick<Rendering, 'imageCode'>,
  { media, file, cwd, sandbox, signal }: Attempt,
  variants: readonly ImageVariant[],
): Promise<MadeImages> {
  const work: ImageWork = { file, mimeType: media.mimeType, maxPixels: MAX_IMAGE_PIXELS, variants }
  // A small file may hold a picture of many pixels, which costs as much as a large file.
  const niceness = shortNiceness({ bytes: media.byteSize, pixels: pixelsOf(media) })
  const codeCache = await imageCode()
  return runImageWorker({ work, cwd, sandbox, codeCache, owner: media.ownerId, niceness, signal })
}

/**
 * Describes how a picture looks that a media tool or the image worker has made. It is decoded in a sandboxed process.
 *
 * @throws CannotRender if it cannot be decoded, or not within the limits
 */
export async function describePicture(
  { imageCode }: Pick<Rendering, 'imageCode'>,
  { media, cwd, sandbox, signal }: Attempt,
  file: string,
  mimeType = 'image/jpeg',
): Promise<PictureLook> {
  const work: ImageWork = { file, mimeType, maxPixels: MAX_IMAGE_PIXELS, variants: [] }
  const codeCache = await imageCode()
  return (await runImageWorker({ work, cwd, sandbox, codeCache, owner: media.ownerId, signal })).look
}

/**
 * Runs the image worker.
 *
 * @throws CannotRender if the image cannot be decoded, or not within the limits
 */
export async function runImageWorker(run: ImageRun): Promise<MadeImages> {
  const { work, cwd, sandbox, codeCache, newCodeCache = codeCache, owner, niceness, signal } = run
  const ended = await runLimited({
    sandbox,
    command: process.execPath,
    args: [
      '--disable-warning=ExperimentalWarning',
      `--wasm-max-mem-pages=${MAX_WASM_PAGES}`,
      WORKER,
      JSON.stringify(work),
    ],
    cwd,
    input: work.file,
    code: [...CODE, ...(codeCache ? [codeCache] : [])],
    environment: newCodeCache ? { NODE_COMPILE_CACHE: newCodeCache } : {},
    limits: LIMITS,
    owner,
    ...(niceness !== undefined && { niceness }),
    signal,
  })
  signal?.throwIfAborted()
  if (ended.cause === 'KILLED')
    throw new Error('the image worker was killed from outside; the job must be repeated')
  if (ended.code !== 0) {
    throw new CannotRender(ended.stderr.match(/^\w*Error: .*$/m)?.[0] ?? 'the picture cannot be decoded')
  }
  const made = madeImages.parse(JSON.parse(ended.stdout))
  if (made.variants.length !== work.variants.length)
    throw new CannotRender('the image worker left out a variant')
  return made
}
