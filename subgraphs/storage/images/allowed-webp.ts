import { type Chunk, chunksOf, riffChunk, riffChunks } from './chunks.ts'
import { rebuiltProfile } from './colour-profile.ts'
import { orientationOf } from './orientation.ts'

const WEBP = 'image/webp'
// The flags of the chunks that are kept in an extended file (WebP container specification).
const FLAGS: Record<string, number> = { ICCP: 0x20, ALPH: 0x10, ANIM: 0x02 }
const FRAME_HEADER = 16

/**
 * Copies the picture or animation without decoding. The copy contains only the chunks that say what to show and how.
 *
 * @returns null if the picture must be turned, or if these chunks contain anything that this function does not
 * understand
 */
export function allowedWebp(bytes: Buffer): Buffer | null {
  const chunks = chunksOf(bytes, WEBP)
  const first = chunks?.[0]
  if (!chunks || !first || orientationOf(bytes, WEBP) !== 1) return null
  if (first.type !== 'VP8X') return isPicture(first) ? writeWebp([first]) : null
  const kept = chunks.slice(1).flatMap((chunk) => allowed(chunk))
  if (kept.includes(null) || first.body.length !== 10) return null
  const written = kept.filter((chunk) => chunk !== null)
  if (!written.some(({ type }) => type === 'ANMF' || type.startsWith('VP8'))) return null
  return writeWebp([extended(first, written), ...written])
}

/**
 * Returns the chunk to keep, `[null]` if the chunk is not understood, or `[]` if showing the picture does not need it.
 */
function allowed(chunk: Chunk): [Chunk | null] | [] {
  const { type, body } = chunk
  if (type === 'ICCP') {
    const profile = rebuiltProfile(body)
    return [profile && { type, body: profile }]
  }
  if (type === 'ANIM') return [body.length === 6 ? chunk : null]
  if (type === 'ANMF') return [frame(body)]
  if (type === 'ALPH') return [chunk]
  if (type === 'VP8 ' || type === 'VP8L') return [isPicture(chunk) ? chunk : null]
  return []
}

// A frame of an animation is a header followed by the chunks of a picture.
function frame(body: Buffer): Chunk | null {
  const chunks = body.length < FRAME_HEADER ? null : riffChunks(body.subarray(FRAME_HEADER))
  const kept = (chunks ?? []).filter((chunk) => chunk.type === 'ALPH' || isPicture(chunk))
  if (!kept.some(isPicture)) return null
  const parts = [body.subarray(0, FRAME_HEADER), ...kept.map(riffChunk)]
  return { type: 'ANMF', body: Buffer.concat(parts) }
}

// The first bytes of a picture (RFC 6386 §9.1 and the specification of lossless WebP).
function isPicture({ type, body }: Chunk): boolean {
  return (type === 'VP8 ' && body.toString('hex', 3, 6) === '9d012a') || (type === 'VP8L' && body[0] === 0x2f)
}

function extended({ body }: Chunk, kept: readonly Chunk[]): Chunk {
  const made = Buffer.from(body)
  // Only this flag says whether a lossless picture is transparent.
  const alpha = (body[0] ?? 0) & 0x10
  const flags = kept.reduce((sum, { type }) => sum | (FLAGS[type] ?? 0), alpha)
  made.writeUInt32LE(flags, 0)
  return { type: 'VP8X', body: made }
}

function writeWebp(chunks: readonly Chunk[]): Buffer {
  return Buffer.concat([
    riffChunk({ type: 'RIFF', body: Buffer.concat([Buffer.from('WEBP'), ...chunks.map(riffChunk)]) }),
  ])
}
