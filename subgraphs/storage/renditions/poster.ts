import { readdir } from 'node:fs/promises'
import { orientationFilters } from '../probing/orientation.ts'
import { CannotRender, type Ffmpeg, type FfmpegRun, runFfmpeg } from './ffmpeg.ts'
import { fitInto, type Size } from './ladder.ts'
import { discard, peek } from './outputs.ts'
import { inputArguments, type Recording } from './recording-arguments.ts'
import { shrunk } from './shrunk.ts'
import { mixFilters } from './steady-tracks.ts'

/** A made poster. */
export type Poster = {
  /** Its file in the work folder. */
  file: string
  /** Its size; null for a cover, whose size is not known. */
  size: Size | null
}

const POSTER_FILE = 'poster'
const LONG_SIDE = 640
const WAVEFORM: Size = { width: 640, height: 240 }
// ffmpeg picks the picture that is most like all pictures in a batch of this size. This avoids a flash or a black
// picture as poster.
const THUMBNAIL_BATCH = 25
// Where to look for another picture if that one is nearly black, as parts of the duration. Many films begin with black.
const OTHER_POSITIONS = [0.1, 0.3, 0.7]
// The brightness of a picture is measured in this many squares in each direction, from 0 for black to 255. Compression
// makes black a little brighter.
const BRIGHTNESS_FILE = 'poster-brightness'
const BRIGHTNESS_SIDE = 16
const NEARLY_BLACK = 24

const JPEG = ['-frames:v', '1', '-map_metadata', '-1', '-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2']

/** The arguments of `makePoster`. */
export type PosterWork = Pick<FfmpegRun, 'file' | 'cwd' | 'owner' | 'signal'> & {
  ffmpeg: Ffmpeg
  recording: Recording
}

/**
 * Makes the poster, which is shown before playing: a representative picture of a video, the cover of a piece of music,
 * or the waveform of its sound.
 *
 * @throws CannotRender if nothing in the file can be shown
 */
export async function makePoster(work: PosterWork): Promise<Poster> {
  const { video } = work.recording.source
  const { shown } = work.recording
  if (video && shown) return stillOf(work, video, fitInto(shown, LONG_SIDE))
  const size = await coverOrWaveform(work)
  return { file: POSTER_FILE, size }
}

/**
 * A representative picture after the first second of a video. If it is nearly black, a picture from further on; if these
 * are nearly black too, the first one.
 */
async function stillOf(
  work: PosterWork,
  video: NonNullable<Recording['source']['video']>,
  size: Size,
): Promise<Poster> {
  const chain = [
    ...orientationFilters(video.orientation),
    ...shrunk(size, video, work.ffmpeg.canToneMap, 'JPEG'),
    `thumbnail=${THUMBNAIL_BATCH}`,
    'format=yuvj420p',
    'split[picture][copy]',
  ]
  const graph = `[0:${video.index}]${chain.join(',')};[copy]scale=${BRIGHTNESS_SIDE}:${BRIGHTNESS_SIDE}:flags=area,format=gray[brightness]`
  const still = (file: string, second: number) => {
    const outputArgs = [
      ...['-filter_complex', graph, '-map', '[picture]', ...JPEG, file],
      ...['-map', '[brightness]', '-frames:v', '1', '-f', 'rawvideo', BRIGHTNESS_FILE],
    ]
    return attempt(work, { file, outputArgs, inputArgs: second > 0 ? ['-ss', second.toFixed(3)] : [] })
  }
  // A video that is shorter than stated may have no picture there; then the next attempt starts at the beginning.
  const isMade = (video.endsAt > 1.5 && (await still(POSTER_FILE, 1))) || (await still(POSTER_FILE, 0))
  if (!isMade) throw new CannotRender('no picture could be decoded')
  const first = { file: POSTER_FILE, size }
  if (!(await isNearlyBlack(work))) return first
  const seconds = OTHER_POSITIONS.map((part) => video.startsAt + part * (video.endsAt - video.startsAt))
  for (const [index, second] of seconds.entries()) {
    if (second <= 1) continue
    const file = `${POSTER_FILE}-${index}`
    const position = work.recording.source.beginsAfter + second
    if ((await still(file, position)) && !(await isNearlyBlack(work))) return { file, size }
  }
  return first
}

/** Whether the picture of the last attempt is black, except for what compression adds. Removes its brightness. */
async function isNearlyBlack(work: PosterWork): Promise<boolean> {
  const brightness = await peek(work, BRIGHTNESS_FILE, BRIGHTNESS_SIDE ** 2)
  await discard(work, BRIGHTNESS_FILE)
  return brightness !== null && brightness.length > 0 && Math.max(...brightness) < NEARLY_BLACK
}

/** Makes the cover, whose size is not known, or the waveform. */
async function coverOrWaveform(work: PosterWork): Promise<Size | null> {
  const { source } = work.recording
  const make = (...args: string[]) =>
    attempt(work, { file: POSTER_FILE, outputArgs: [...args, ...JPEG, POSTER_FILE] })
  if (source.hasCover) {
    const square = `scale=${LONG_SIDE}:${LONG_SIDE}:force_original_aspect_ratio=decrease,setsar=1,format=yuvj420p`
    if (await make('-map', '0:v:0', '-vf', square)) return null
  }
  const { width, height } = WAVEFORM
  if (!source.audio) throw new CannotRender('no sound could be decoded')
  const mix = [...mixFilters(source.audio.mix), 'anull'].join(',')
  const wave = [
    // The waveform has the time of the first sound, which may be after the plain picture that it is laid on.
    `[0:${source.audio.index}]${mix},aformat=channel_layouts=mono,showwavespic=s=${width}x${height}:scale=sqrt:colors=0x2F6F8F,setpts=0[wave]`,
    `color=c=0xF4F1EA:s=${width}x${height}:d=1[plain]`,
    '[plain][wave]overlay=format=rgb,format=yuvj420p[picture]',
  ]
  if (await make('-filter_complex', wave.join(';'), '-map', '[picture]')) return WAVEFORM
  throw new CannotRender('no sound could be decoded')
}

/** Runs ffmpeg, and returns whether it made `file`. */
async function attempt(
  work: PosterWork,
  { file: made, outputArgs, inputArgs = [] }: { file: string; outputArgs: string[]; inputArgs?: string[] },
): Promise<boolean> {
  const { ffmpeg, file, cwd, owner, signal, recording } = work
  const { source, byteSize } = recording
  try {
    await runFfmpeg({
      ffmpeg,
      file,
      cwd,
      owner,
      inputArgs: [...inputArguments(recording), ...inputArgs],
      outputArgs,
      byteSize,
      durationSeconds: source.durationSeconds,
      ...(signal && { signal }),
    })
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
  }
  return (await readdir(cwd)).includes(made)
}
