import { crc32, deflateSync } from 'node:zlib'
import { type Chunk, chunksOf } from './chunks.ts'
import { rebuiltProfile } from './colour-profile.ts'
import { inflatesTo, inflateUpTo } from './inflates-to.ts'
import { orientationOf } from './orientation.ts'

const PNG = 'image/png'
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const MAX_PROFILE_BYTES = 1024 * 1024
// All pictures of an animation are decompressed. These take about 10 s; longer animations become still pictures.
const MAX_ANIMATION_PIXELS = 500_000_000
const ANIMATION = ['acTL', 'fcTL', 'fdAT']

// The allowed lengths of the chunks that say what to show and how (PNG, third edition, §11). Others are left out.
const LENGTHS: Record<string, (length: number) => boolean> = {
  IHDR: (length) => length === 13,
  PLTE: (length) => length % 3 === 0 && length <= 768,
  tRNS: (length) => length <= 256,
  gAMA: (length) => length === 4,
  cHRM: (length) => length === 32,
  sRGB: (length) => length === 1,
  cICP: (length) => length === 4,
  sBIT: (length) => length <= 4,
  bKGD: (length) => length <= 6,
  pHYs: (length) => length === 9,
  mDCV: (length) => length === 24,
  cLLI: (length) => length === 8,
  acTL: (length) => length === 8,
  fcTL: (length) => length === 26,
  fdAT: (length) => length > 4,
  IDAT: () => true,
  IEND: (length) => length === 0,
}

/** The chunks that define how a picture's numbers map to colours, except its colour profile. */
const COLOURS = ['gAMA', 'cHRM', 'sRGB', 'cICP']

/**
 * Copies the picture without decoding. The copy contains only the chunks that say what to show and how. Of an animation
 * that would take too long, it contains the still picture that other programs show.
 *
 * @returns null if the picture must be turned, or if these chunks contain anything that this function does not
 * understand
 */
export async function allowedPng(bytes: Buffer): Promise<Buffer | null> {
  const chunks = chunksOf(bytes, PNG)
  if (chunks?.[0]?.type !== 'IHDR' || orientationOf(bytes, PNG) !== 1) return null
  const kept: Chunk[] = []
  for (const chunk of chunks) {
    const isAllowed = LENGTHS[chunk.type]
    if (chunk.type === 'iCCP') {
      const profile = pngProfile(chunk.body)
      if (!profile) return null
      kept.push(profile)
    } else if (isAllowed) {
      if (!isAllowed(chunk.body.length)) return null
      kept.push(chunk)
    }
  }
  if (new Set(kept.map(({ type }) => type)).size !== new Set(kept.map(onlyOnce)).size) return null
  const shown = animationPixels(kept) > MAX_ANIMATION_PIXELS ? kept.filter(isStill) : kept
  if (!(await areAllPictures(shown))) return null
  return writePng(shown)
}

const isStill = ({ type }: Chunk) => !ANIMATION.includes(type)

/** The number of pixels of all pictures of an animation together; 0 if it is none. */
function animationPixels(chunks: readonly Chunk[]): number {
  const sizes = chunks.flatMap(({ type, body }) => (type === 'fcTL' ? [sizeOf(body)] : []))
  return sizes.reduce((sum, { width, height }) => sum + width * height, 0)
}

/** The size of one picture of an animation, from its fcTL chunk (§11.3.6.2). */
function sizeOf(fcTL: Buffer): { width: number; height: number } {
  return { width: fcTL.readUInt32BE(4), height: fcTL.readUInt32BE(8) }
}

function onlyOnce({ type }: Chunk, index: number): string {
  return /^(IDAT|fcTL|fdAT)$/.test(type) ? type : `${type} ${index}`
}

/**
 * Returns the chunks that define a PNG's colours, for another PNG with the same numbers; null if they cannot be kept.
 */
export function pngColours(bytes: Buffer): Chunk[] | null {
  const chunks = chunksOf(bytes, PNG)
  if (!chunks) return null
  const kept: Chunk[] = []
  for (const chunk of chunks) {
    const profile = chunk.type === 'iCCP' ? pngProfile(chunk.body) : undefined
    if (profile === null) return null
    if (profile) kept.push(profile)
    else if (COLOURS.includes(chunk.type) && LENGTHS[chunk.type]?.(chunk.body.length)) kept.push(chunk)
  }
  return kept
}

/** Inserts chunks after the first chunk of a PNG. */
export function withChunks(png: Buffer, added: readonly Chunk[]): Buffer {
  const [first, ...rest] = chunksOf(png, PNG) ?? []
  return first ? writePng([first, ...added, ...rest]) : png
}

// §11.3.2.3: a name, a zero byte, the method (0), then the compressed profile.
function pngProfile(body: Buffer): Chunk | null {
  const name = body.indexOf(0)
  const profile = name < 0 ? null : inflateUpTo(body.subarray(name + 2), MAX_PROFILE_BYTES)
  const rebuilt = profile && rebuiltProfile(profile)
  if (!rebuilt) return null
  const head = Buffer.from('Colour\0\0', 'latin1')
  return { type: 'iCCP', body: Buffer.concat([head, deflateSync(rebuilt)]) }
}

/** Checks that the compressed data holds exactly the announced pictures, byte for byte. */
async function areAllPictures(chunks: readonly Chunk[]): Promise<boolean> {
  const header = chunks[0]?.body ?? Buffer.alloc(0)
  const fullSize = { width: header.readUInt32BE(0), height: header.readUInt32BE(4) }
  const pictures: { size: typeof fullSize; parts: Buffer[] }[] = []
  const main = { size: fullSize, parts: chunks.flatMap(({ type, body }) => (type === 'IDAT' ? [body] : [])) }
  for (const { type, body } of chunks) {
    if (type === 'fcTL') {
      pictures.push({ size: sizeOf(body), parts: [] })
    } else if (type === 'fdAT') pictures.at(-1)?.parts.push(body.subarray(4))
  }
  for (const { size, parts } of [main, ...pictures.filter(({ parts }) => parts.length > 0)]) {
    const length = decodedLength(header, size)
    if (length === null || !(await inflatesTo(parts, length))) return false
  }
  return true
}

const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
// §8.1: where each of the seven passes of an interlaced picture begins, and how far apart its pixels are.
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** Returns the size of a picture before compression, in bytes: its rows, each with one byte before it (§9.2). */
function decodedLength(header: Buffer, { width, height }: { width: number; height: number }): number | null {
  const bits = (header[8] ?? 0) * (SAMPLES[header[9] ?? -1] ?? 0)
  if (bits === 0) return null
  const rows = (across: number, down: number) =>
    across > 0 ? down * (1 + Math.ceil((across * bits) / 8)) : 0
  if (header[12] === 0) return rows(width, height)
  return ADAM7.reduce(
    (sum, [x, y, stepX, stepY]) =>
      sum + rows(Math.ceil((width - x) / stepX), Math.max(0, Math.ceil((height - y) / stepY))),
    0,
  )
}

function writePng(chunks: readonly Chunk[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks.map(writeChunk)])
}

function writeChunk({ type, body }: Chunk): Buffer {
  const written = Buffer.alloc(body.length + 12)
  written.writeUInt32BE(body.length, 0)
  written.write(type, 4, 'latin1')
  body.copy(written, 8)
  written.writeUInt32BE(crc32(written.subarray(4, -4)), body.length + 8)
  return written
}
