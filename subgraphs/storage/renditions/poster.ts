import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { orientationFilters } from '../probing/orientation.ts'
import { CannotRender, type Ffmpeg, type FfmpegRun, runFfmpeg } from './ffmpeg.ts'
import { fitInto, type Size } from './ladder.ts'
import { inputArguments, type Recording } from './recording-arguments.ts'
import { shrunk } from './shrunk.ts'
import { mixFilters } from './steady-tracks.ts'

/** The file in the work folder that becomes the poster. */
export const POSTER_FILE = 'poster'

const LONG_SIDE = 640
const WAVEFORM: Size = { width: 640, height: 240 }
// ffmpeg picks the picture that is most like all pictures in a batch of this size. This avoids a flash or a black
// picture as poster.
const THUMBNAIL_BATCH = 25
const JPEG = [
  '-frames:v',
  '1',
  '-map_metadata',
  '-1',
  '-c:v',
  'mjpeg',
  '-q:v',
  '4',
  '-f',
  'image2',
  POSTER_FILE,
]

/** The arguments of `makePoster`. */
export type PosterWork = Pick<FfmpegRun, 'file' | 'cwd' | 'owner' | 'signal'> & {
  ffmpeg: Ffmpeg
  recording: Recording
}

/**
 * Makes the poster, which is shown before playing: a representative picture after the first second of a video, the
 * cover of a piece of music, or the waveform of its sound.
 *
 * @returns the poster's size; null for a cover, whose size is not known
 * @throws CannotRender if nothing in the file can be shown
 */
export async function makePoster(work: PosterWork): Promise<Size | null> {
  const { recording, ffmpeg } = work
  const { source, shown } = recording
  if (source.video && shown) {
    const size = fitInto(shown, LONG_SIDE)
    const chain = [
      ...orientationFilters(source.video.orientation),
      ...shrunk(size, source.video, ffmpeg.canToneMap, 'JPEG'),
      `thumbnail=${THUMBNAIL_BATCH}`,
      'format=yuvj420p',
    ]
    const still = ['-map', `0:${source.video.index}`, '-vf', chain.join(','), ...JPEG]
    // A video that is shorter than stated may have no picture there; then the next attempt starts at the beginning.
    if (source.video.endsAt > 1.5 && (await attempt(work, still, ['-ss', '1']))) return size
    if (await attempt(work, still)) return size
    throw new CannotRender('no picture could be decoded')
  }
  if (source.hasCover) {
    const square = `scale=${LONG_SIDE}:${LONG_SIDE}:force_original_aspect_ratio=decrease,setsar=1,format=yuvj420p`
    if (await attempt(work, ['-map', '0:v:0', '-vf', square, ...JPEG])) return null
  }
  const { width, height } = WAVEFORM
  if (!source.audio) throw new CannotRender('no sound could be decoded')
  const mix = [...mixFilters(source.audio.mix), 'anull'].join(',')
  const wave = [
    `[0:${source.audio.index}]${mix},aformat=channel_layouts=mono,showwavespic=s=${width}x${height}:scale=sqrt:colors=0x2F6F8F[wave]`,
    `color=c=0xF4F1EA:s=${width}x${height}:d=1[plain]`,
    '[plain][wave]overlay=format=rgb,format=yuvj420p[picture]',
  ]
  if (await attempt(work, ['-filter_complex', wave.join(';'), '-map', '[picture]', ...JPEG])) return WAVEFORM
  throw new CannotRender('no sound could be decoded')
}

async function attempt(work: PosterWork, outputArgs: string[], inputArgs: string[] = []): Promise<boolean> {
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
  return (await readdir(cwd)).includes(path.basename(POSTER_FILE))
}
