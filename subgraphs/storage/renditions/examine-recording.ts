import { AUDIO_VIDEO_FORMATS, displayedSize, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { askFfprobe, type Prober, type Stream } from '../probing/ffprobe.ts'
import { measureTracks } from '../probing/measure-tracks.ts'
import { orientationOf } from '../probing/orientation.ts'
import { canBeHeard, firstPicture, type SampleWork } from './decode-sample.ts'
import { CannotRender } from './ffmpeg.ts'
import type { Size } from './ladder.ts'
import type { Attempt, Rendering } from './rendering.ts'
import { type Decodable, describeSource, type Mix, playableTracks, type Source } from './source.ts'

/** What was learned about a recording by reading all of it and decoding its beginning. */
export type Examined = {
  source: Source
  /** The displayed size; null if no video can be decoded. */
  shown: Size | null
  /** The first picture that is shown; null if there is none. */
  firstPicture: Buffer | null
}

const OPENABLE = { formats: AUDIO_VIDEO_FORMATS, maxPixels: MAX_VIDEO_PIXELS }
// Packets take time, and the smallest ones, such as those of speech in Opus, have 4 bytes: a million of them takes 7 s.
const CPU_SECONDS_PER_MB = 4
const MAX_CPU_SECONDS = 900
// With the lowest priority, a command waits most of the time on a busy machine. Nothing in reading a file can block.
const WAITING = 20
const MIXES: Mix[] = ['SPEAKERS', 'SOUND_FIELD', 'FIRST_CHANNELS']
const SOUND_FIELD_CHANNELS = [4, 6, 9, 11, 16, 18]

/**
 * Finds out when the tracks of a recording play and which of them can be decoded. It uses the first decodable track of
 * each kind and tries tracks marked as default first. A track that cannot be decoded does not affect the others.
 *
 * @throws CannotRender if no track can be decoded
 */
export async function examineRecording(
  rendering: Rendering,
  { media, file, cwd, signal }: Attempt,
): Promise<Examined> {
  const { byteSize, ownerId: owner } = media
  const prober = withTimeFor({ ...rendering.prober, owner, signal }, byteSize)
  const report = await askFfprobe(prober, file, OPENABLE, false)
  if (!report) throw new CannotRender('ffprobe does not recognise the file')
  const times = await measureTracks(prober, file, OPENABLE, report.format?.format_name ?? '')
  if (times.length === 0) {
    throw new CannotRender(
      'the file has no packets',
      'The file describes audio or video but contains none of it: it is the beginning of a recording, or incomplete.',
    )
  }
  const durationSeconds = Math.max(...times.map(({ start, end }) => end - start))
  const work = { ffmpeg: await rendering.ffmpeg(), file, cwd, owner, signal, byteSize, durationSeconds }
  const tracks = playableTracks(report, times)
  const [video, audio] = await Promise.all([
    firstOf(tracks.video, async (stream) => {
      const picture = await firstPicture(work, stream.index, orientationOf(stream))
      return picture && { stream, picture }
    }),
    firstOf(tracks.audio, async (stream) => findMix(work, stream)),
  ])
  if (!video && !audio) throw new CannotRender('no track can be decoded', undecodable(tracks))
  const decodable: Decodable = { video: video?.stream ?? null, audio }
  return {
    source: describeSource(report, times, decodable),
    shown: video && displayedSize(video.stream),
    firstPicture: video?.picture ?? null,
  }
}

/**
 * Extends a prober's limits for reading all packets of a file of this size. The limit of processor time counts, because
 * the time that has passed says more about the machine than about the file.
 */
export function withTimeFor(prober: Prober, byteSize: number): Prober {
  const forPackets = Math.ceil((byteSize / 1e6) * CPU_SECONDS_PER_MB)
  const cpuSeconds = Math.min(MAX_CPU_SECONDS, Math.ceil(prober.timeoutMs / 1000) + forPackets)
  return { ...prober, cpuSeconds, timeoutMs: cpuSeconds * 1000 * WAITING }
}

async function findMix(work: SampleWork, stream: Stream): Promise<Decodable['audio']> {
  const mix = await firstOf(MIXES, async (candidate) => {
    if (candidate === 'SOUND_FIELD' && !isSoundField(stream)) return null
    return (await canBeHeard(work, stream.index, candidate)) ? candidate : null
  })
  return mix && { stream, mix }
}

// WebM and Ogg store sound fields as Opus, with or without two extra channels for music.
function isSoundField({ codec_name, channels = 0 }: Stream): boolean {
  return codec_name === 'opus' && SOUND_FIELD_CHANNELS.includes(channels)
}

async function firstOf<Candidate, Found>(
  candidates: readonly Candidate[],
  look: (candidate: Candidate) => Promise<Found | null>,
): Promise<Found | null> {
  for (const candidate of candidates) {
    const found = await look(candidate)
    if (found) return found
  }
  return null
}

function undecodable({ video, audio }: ReturnType<typeof playableTracks>): string {
  const names = (kind: string, streams: Stream[]) =>
    streams.length > 0 ? [`${kind} (${streams.map(({ codec_name }) => codec_name).join(', ')})`] : []
  const tracks = [...names('video', video), ...names('audio', audio)]
  return tracks.length > 0
    ? `The server can decode neither the pictures nor the sound of this file, which contains ${tracks.join(' and ')}: it is damaged, or uses a variant of its format that is not supported.`
    : 'The formats of the pictures and the sound in this file are not supported.'
}
