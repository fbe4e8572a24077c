import { readFile, rename, writeFile } from 'node:fs/promises'
import sharp, { type OutputInfo, type Sharp } from 'sharp'
import { copyImage } from './image-copy.ts'
import type { ImageVariant, ImageWork, MadeImage } from './image-work.ts'
import { longSideOf } from './panorama.ts'
import { LOOK_SIDE, lookOf, type PictureLook } from './picture-look.ts'

// Runs as a separate process, because image decoders must not share the service's memory. Loading modules takes longer
// than a photo, so this file imports as few as possible.
const { file, mimeType, maxPixels, variants }: ImageWork = JSON.parse(process.argv[2] ?? '')

sharp.concurrency(1)
// Damaged images are accepted: the part that can be decoded is shown.
const options = { limitInputPixels: maxPixels, failOn: 'none' } as const
// Smaller stills are made from a picture of this size, so that a large one is decoded once.
const BASE_SIDE = 2048
const longest = Math.max(BASE_SIDE, ...variants.map(({ longSide }) => longSide))
const picture =
  mimeType === 'image/heic' ? await heic() : mimeType === 'image/avif' ? await stillOfSequence() : file
const { autoOrient: shown } = await sharp(picture, options).metadata()
const pictures = await movingPictures()

let base: Promise<{ data: Buffer; info: OutputInfo }> | undefined
const made: (MadeImage | null)[] = []
for (const variant of variants) made.push(await make(variant))
process.stdout.write(JSON.stringify({ variants: made, look: await look() }))

async function make(variant: ImageVariant): Promise<MadeImage | null> {
  if (variant.onlyAbove !== null && (pictures > 1 || !exceeds(variant.onlyAbove))) return null
  if (variant.isCopy) return (await copy(variant)) ?? still(variant)
  return variant.mayMove && pictures > 1 ? moving(variant) : still(variant)
}

async function copy({ name }: ImageVariant): Promise<MadeImage | null> {
  const bytes = await readFile(file)
  const copied = await copyImage(bytes, mimeType, maxPixels)
  if (!copied) return null
  const { width, pageHeight, autoOrient } = await sharp(copied.bytes, options).metadata()
  const size = pageHeight ? { width, height: pageHeight } : autoOrient
  const isOriginal = copied.bytes.equals(bytes)
  if (!isOriginal) {
    await writeFile(`${name}.draft`, copied.bytes)
    await rename(`${name}.draft`, name)
  }
  return { ...size, mimeType: copied.mimeType, isOriginal }
}

async function heic(): Promise<Buffer> {
  // Loaded only for phone photos, because the module is large.
  const { decodeHeic } = await import('./heic.ts')
  return decodeHeic(await readFile(file), maxPixels, longest)
}

// A sequence (major brand `avis`) also holds a still picture. sharp finds it only in a file of the brand `avif`.
async function stillOfSequence(): Promise<Buffer> {
  const bytes = await readFile(file)
  bytes.write('avif', 8, 'latin1')
  return bytes
}

/** The number of pictures of an animation to show, limited by the number of pixels that may be decoded in total. */
async function movingPictures(): Promise<number> {
  if (mimeType !== 'image/gif' && mimeType !== 'image/webp') return 1
  const { pages = 1, width, height } = await sharp(file, options).metadata()
  return Math.min(pages, Math.floor(maxPixels / (width * height)))
}

function exceeds(longSide: number): boolean {
  return Math.max(shown.width, shown.height) > longSideOf(shown, longSide)
}

/** The picture upright, opaque and in sRGB. */
function upright(longSide: number): Sharp {
  const side = longSideOf(shown, longSide)
  return sharp(picture, options)
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
}

/** The same in the size of the base, decoded once. */
async function fromBase(): Promise<Sharp> {
  base ??= upright(BASE_SIDE).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  const { data, info } = await base
  const { width, height, channels } = info
  return sharp(data, { raw: { width, height, channels } })
}

/** The same in a size up to that of the base. */
async function smaller(longSide: number): Promise<Sharp> {
  const scale = Math.min(1, longSideOf(shown, longSide) / Math.max(shown.width, shown.height))
  const [width, height] = [shown.width, shown.height].map((length) => Math.max(1, Math.round(length * scale)))
  return (await fromBase()).resize({ width, height, fit: 'fill' })
}

async function look(): Promise<PictureLook> {
  const { data, info } = await (await fromBase())
    .resize({ width: LOOK_SIDE, height: LOOK_SIDE, fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return lookOf(data, info.width, info.height)
}

async function still({ name, longSide, quality }: ImageVariant): Promise<MadeImage> {
  const shrunk = await (longSide > BASE_SIDE ? upright(longSide) : smaller(longSide))
  const { width, height } = await shrunk.jpeg({ quality, mozjpeg: false }).toFile(`${name}.draft`)
  await rename(`${name}.draft`, name)
  return { width, height, mimeType: 'image/jpeg', isOriginal: false }
}

async function moving({ name, longSide, quality }: ImageVariant): Promise<MadeImage> {
  const { width, height, pageHeight } = await sharp(file, { ...options, pages: pictures })
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    .webp({ quality, effort: 2 })
    .toFile(`${name}.draft`)
  await rename(`${name}.draft`, name)
  return { width, height: pageHeight ?? height, mimeType: 'image/webp', isOriginal: false }
}
