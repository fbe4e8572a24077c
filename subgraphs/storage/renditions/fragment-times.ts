import { type FileHandle, open, readFile } from 'node:fs/promises'
import { listBoxes } from '../probing/mp4-boxes.ts'

/** What the initialization segment of a segmented MP4 says about one of its tracks. */
export type InitTrack = { id: number; kind: 'video' | 'audio'; timescale: number; defaultDuration: number }

/** When the tracks of a segment play, in seconds. Empty tracks are left out. */
export type FragmentTimes = Partial<Record<InitTrack['kind'], { start: number; end: number }>>

/** Reads the tracks of a segmented MP4 from its initialization segment (ISO/IEC 14496-12 §8.3, §8.4, §8.8.3). */
export async function readInitTracks(file: string): Promise<InitTrack[]> {
  const movie = child(await readFile(file), 'moov')
  if (!movie) return []
  const defaults = new Map(
    children(child(movie, 'mvex') ?? Buffer.alloc(0), 'trex').map((trex) => [
      trex.readUInt32BE(4),
      trex.readUInt32BE(12),
    ]),
  )
  return children(movie, 'trak').flatMap((track) => {
    const [header, media] = [child(track, 'tkhd'), child(track, 'mdia')]
    const [clock, handler] = [media && child(media, 'mdhd'), media && child(media, 'hdlr')]
    if (!header || !clock || !handler) return []
    const name = handler.toString('latin1', 8, 12)
    if (name !== 'vide' && name !== 'soun') return []
    const id = header.readUInt32BE(header[0] === 1 ? 20 : 12)
    const timescale = clock.readUInt32BE(clock[0] === 1 ? 20 : 12)
    return [
      { id, timescale, kind: name === 'vide' ? 'video' : 'audio', defaultDuration: defaults.get(id) ?? 0 },
    ]
  })
}

/** Reads when the tracks of a segment play, from the samples in its fragments (§8.8.7, §8.8.8, §8.8.12). */
export async function readFragmentTimes(file: string, tracks: readonly InitTrack[]): Promise<FragmentTimes> {
  const times: FragmentTimes = {}
  for (const movie of await readFragments(file)) {
    for (const fragment of children(movie, 'traf')) {
      const [header, clock] = [child(fragment, 'tfhd'), child(fragment, 'tfdt')]
      const track = tracks.find(({ id }) => id === header?.readUInt32BE(4))
      if (!header || !clock || !track) continue
      const start = clock[0] === 1 ? Number(clock.readBigInt64BE(4)) : clock.readUInt32BE(4)
      const usual = defaultDuration(header) ?? track.defaultDuration
      const length = children(fragment, 'trun').reduce((sum, run) => sum + runLength(run, usual), 0)
      if (length === 0) continue
      const known = times[track.kind]
      times[track.kind] = {
        start: Math.min(known?.start ?? Number.POSITIVE_INFINITY, start / track.timescale),
        end: Math.max(known?.end ?? 0, (start + length) / track.timescale),
      }
    }
  }
  return times
}

async function readFragments(file: string): Promise<Buffer[]> {
  const handle = await open(file, 'r')
  try {
    const boxes = await listBoxes(handle, 0, (await handle.stat()).size)
    return await Promise.all(boxes.filter(({ type }) => type === 'moof').map((box) => readBox(handle, box)))
  } finally {
    await handle.close()
  }
}

async function readBox(handle: FileHandle, { start, end }: { start: number; end: number }): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start)
  await handle.read(bytes, 0, bytes.length, start)
  return bytes
}

function defaultDuration(header: Buffer): number | null {
  const flags = header.readUIntBE(1, 3)
  if (!(flags & 0x8)) return null
  return header.readUInt32BE(8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0))
}

function runLength(run: Buffer, usual: number): number {
  const flags = run.readUIntBE(1, 3)
  const count = run.readUInt32BE(4)
  if (!(flags & 0x100)) return count * usual
  const first = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0)
  const size = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length
  let length = 0
  for (let sample = 0; sample < count; sample++) length += run.readUInt32BE(first + sample * size)
  return length
}

function child(parent: Buffer, type: string): Buffer | null {
  return children(parent, type)[0] ?? null
}

function children(parent: Buffer, type: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 8 <= parent.length; ) {
    const size = parent.readUInt32BE(at)
    if (size < 8) break
    if (parent.toString('latin1', at + 4, at + 8) === type) found.push(parent.subarray(at + 8, at + size))
    at += size
  }
  return found
}
