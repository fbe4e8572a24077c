import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AUDIO_VIDEO_FORMATS, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { measureTracks } from '../probing/measure-tracks.ts'
import { firstPicture, showTheSame } from './decode-sample.ts'
import { withTimeFor } from './examine-recording.ts'
import { CannotRender } from './ffmpeg.ts'
import type { FragmentTimes } from './fragment-times.ts'
import { PROGRESSIVE_FILE, type Recording, rungsOf } from './recording-arguments.ts'
import type { Attempt, Rendering } from './rendering.ts'
import { type PublishedStream, sampleFiles } from './stream-publisher.ts'

/** The measured properties of a recording's renditions. */
export type Output = {
  /** When the tracks of each rendition play: each size of the stream, then the progressive file. */
  variants: FragmentTimes[]
  /** The total duration of the segments of each size, in seconds. */
  streamSeconds: number[]
  /** The first picture of the stream; null if there is none. */
  picture: Buffer | null
}

const SAMPLE_FILE = 'sample.mp4'

/** Reads the renditions of a recording back and measures them. They were taken out of the work folder. */
export async function examineOutput(
  rendering: Rendering,
  { media, cwd, taken, signal }: Attempt,
  recording: Recording,
  stream: PublishedStream,
): Promise<Output> {
  const { plan, source, byteSize } = recording
  const owner = media.ownerId
  const variants = [...stream.times]
  const file = path.join(taken, PROGRESSIVE_FILE)
  const openable = { formats: AUDIO_VIDEO_FORMATS, maxPixels: MAX_VIDEO_PIXELS }
  const tracks = await measureTracks(
    withTimeFor({ ...rendering.prober, owner }, byteSize),
    file,
    openable,
    'mp4',
  )
  // In all renditions the video track comes first.
  const [video, audio] = plan.video ? [tracks[0], tracks[1]] : [undefined, tracks[0]]
  variants.push({ ...(video && { video }), ...(audio && { audio }) })
  const sample = path.join(taken, SAMPLE_FILE)
  const parts = sampleFiles(rungsOf(recording)).map((name) => readFile(path.join(taken, name)))
  await writeFile(sample, Buffer.concat(await Promise.all(parts)))
  const work = {
    ffmpeg: await rendering.ffmpeg(),
    file: sample,
    cwd,
    owner,
    signal,
    byteSize,
    durationSeconds: source.durationSeconds,
  }
  return {
    variants,
    streamSeconds: stream.seconds,
    picture: plan.video ? await firstPicture(work, 0, null) : null,
  }
}

/**
 * Compares the renditions with the original.
 *
 * @returns the playing time in seconds if it is shorter than the original's and no better result is possible; null if
 * the renditions are complete
 * @throws CannotRender if the renditions do not match the original
 */
export function compareOutput(recording: Recording, output: Output, original: Buffer | null): number | null {
  const { plan, source, isTolerant } = recording
  const { durationSeconds } = source
  for (const times of output.variants) {
    if ((plan.video !== null) !== Boolean(times.video))
      throw new CannotRender('the video track of a rendition is missing or unexpected')
    if ((plan.audio !== null) !== Boolean(times.audio))
      throw new CannotRender('the audio track of a rendition is missing or unexpected')
  }
  if (plan.video && original) {
    if (!output.picture) throw new CannotRender('the first picture of the stream cannot be decoded')
    if (!showTheSame(original, output.picture, Boolean(source.video?.isHdr))) {
      throw new CannotRender(
        'the first picture differs from the original',
        'The server could not convert the picture correctly.',
      )
    }
  }
  const ends = output.variants.flatMap(({ video, audio }) =>
    [video, audio].flatMap((track) => track?.end ?? []),
  )
  const shortest = Math.min(...ends, ...output.streamSeconds)
  const longest = Math.max(...ends, ...output.streamSeconds)
  const toleratedSeconds = tolerance(recording)
  if (longest > durationSeconds + toleratedSeconds) {
    throw new CannotRender(`a rendition has ${longest} s instead of ${durationSeconds} s`)
  }
  if (shortest >= durationSeconds - toleratedSeconds) return null
  // A half-complete recording is still useful, if its duration is stated correctly.
  if (isTolerant && shortest > durationSeconds / 2) return shortest
  throw new CannotRender(
    `a rendition has ${shortest} s instead of ${durationSeconds} s`,
    `Only ${shortest.toFixed(1)} of the ${durationSeconds.toFixed(1)} seconds of this file can be decoded: it is damaged or incomplete.`,
  )
}

// Pictures come in whole frames and sound in whole packets. In a long recording a missing second goes unnoticed.
function tolerance({ source }: Recording): number {
  const [frames = 30, seconds = 1] = (source.video?.frameRate ?? '30').split('/').map(Number)
  return Math.min(1, Math.max(0.3, source.durationSeconds / 50)) + (source.video ? seconds / frames : 0)
}
