import { stat } from 'node:fs/promises'
import type { Rendition } from '../media/rendition.ts'
import { AUDIO_VIDEO_FORMATS, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { askFfprobe, type Report } from '../probing/ffprobe.ts'
import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { take } from './outputs.ts'
import { pictureUnitsAlone } from './picture-units.ts'
import { PRIMING_SECONDS } from './plan.ts'
import type { Attempt, Rendering } from './rendering.ts'
import type { Source } from './source.ts'

const SHARED_FILE = 'shared'

const MUXERS: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/3gpp': '3gp',
  'video/3gpp2': '3g2',
  'video/webm': 'webm',
  'video/x-matroska': 'matroska',
  'video/ogg': 'ogg',
  'audio/mp4': 'mp4',
  'audio/quicktime': 'mov',
  'audio/3gpp': '3gp',
  'audio/mpeg': 'mp3',
  'audio/aac': 'adts',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/amr': 'amr',
  'audio/webm': 'webm',
  'audio/x-matroska': 'matroska',
}

// Lets players start before they have the whole file, and writes no tags.
const OPTIONS: Record<string, string[]> = {
  mp4: ['-movflags', '+faststart'],
  mov: ['-movflags', '+faststart'],
  mp3: ['-id3v2_version', '0'],
}

// The packets of these codecs are copied. They hold only pictures or sound, and a filter removes everything else from
// the bitstream. Cameras and editors write texts into the packets of other codecs. MP3, FLAC and AMR have no container
// that marks the end of a frame, so bytes between two frames or after the last would be copied too.
const COPIED_PICTURES = ['h264', 'hevc', 'av1', 'vp8', 'vp9']
const COPIED_SOUND = /^(aac|opus|alac|pcm_\w+)$/

const OPENABLE = { formats: AUDIO_VIDEO_FORMATS, maxPixels: MAX_VIDEO_PIXELS }

/**
 * Makes and stores the shared copy of a recording, which other users get as the original. It contains only the
 * recording's sound and pictures.
 *
 * @returns null if no shared copy can be made; other users then get only the renditions
 */
export async function renderShared(
  rendering: Rendering,
  attempt: Attempt,
  source: Source,
): Promise<Rendition | null> {
  const { media } = attempt
  const { mimeType, width, height } = media
  let target: string
  try {
    await remux(rendering, attempt, source)
    target = await take(attempt, SHARED_FILE)
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn({ mediaId: media.id, reason: error.message }, 'shared copy not possible')
    return null
  }
  await rendering.objects.put(media.id, SHARED_FILE, target)
  const { size: byteSize } = await stat(target)
  return { role: 'SHARED', objectName: SHARED_FILE, mimeType, byteSize, width, height }
}

async function remux(rendering: Rendering, attempt: Attempt, source: Source): Promise<void> {
  const { media, file, cwd, signal } = attempt
  const { video, audio } = source
  // Copied packets would show what an edit list cuts off.
  if ((video?.hiddenSeconds ?? 0) > 0 || (audio?.hiddenSeconds ?? 0) > PRIMING_SECONDS) {
    throw new CannotRender('an edit list hides a part of the recording')
  }
  const report = await askFfprobe({ ...rendering.prober, owner: media.ownerId }, file, OPENABLE, false)
  const muxer = MUXERS[media.mimeType]
  const codecs = report && codecsOf(report, source)
  if (!muxer || !codecs || !isCopyable(codecs, muxer)) {
    throw new CannotRender(
      `the packets of ${JSON.stringify(codecs)} in ${media.mimeType} may contain metadata`,
    )
  }
  await runFfmpeg({
    ffmpeg: await rendering.ffmpeg(),
    file,
    cwd,
    owner: media.ownerId,
    signal,
    outputArgs: [
      ...(video && codecs.video ? ['-map', `0:${video.index}`, ...pictureUnitsAlone(codecs.video)] : []),
      ...(audio ? ['-map', `0:${audio.index}`] : []),
      ...['-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'],
      ...['-max_muxing_queue_size', '4096', ...(OPTIONS[muxer] ?? []), '-f', muxer, SHARED_FILE],
    ],
    isCopied: true,
    durationSeconds: source.durationSeconds,
    byteSize: media.byteSize,
  })
}

type Codecs = { video: string | null; audio: string | null }

function codecsOf({ streams }: Report, { video, audio }: Source): Codecs {
  const nameOf = (track: { index: number } | null) =>
    (track && streams.find(({ index }) => index === track.index)?.codec_name) ?? null
  return { video: nameOf(video), audio: nameOf(audio) }
}

function isCopyable({ video, audio }: Codecs, muxer: string): boolean {
  // For Vorbis, only Ogg's muxer writes a new comment header. All others copy the existing one.
  const isSound = audio === null || COPIED_SOUND.test(audio) || (audio === 'vorbis' && muxer === 'ogg')
  return isSound && (video === null || COPIED_PICTURES.includes(video))
}
