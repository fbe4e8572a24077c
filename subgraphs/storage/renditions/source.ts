import { open } from 'node:fs/promises'
import { AUDIO_VIDEO_FORMATS, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { askFfprobe, type Prober, type Report, type Stream } from '../probing/ffprobe.ts'
import { beginsWithIndex } from '../probing/mp4-boxes.ts'

/** What making renditions needs to know of a recording. */
export type Source = {
  container: string
  /** The index comes first, as `+faststart` puts it. */
  isFastStart: boolean
  /** Bits per second in all; 0 where not known. */
  bitRate: number
  video: {
    /** H.264 as every phone decodes it. */
    isPlain: boolean
    isTurned: boolean
    isHdr: 'PQ' | 'HLG' | false
    isInterlaced: boolean
    /** Frames per second to be made, as ffmpeg writes it. */
    frameRate: string
    /** As it is encoded, not as it is shown. */
    longSide: number
  } | null
  audio: { isPlain: boolean } | null
  /** There is a cover picture. */
  hasCover: boolean
}

const OPENABLE = { formats: AUDIO_VIDEO_FORMATS, maxPixels: MAX_VIDEO_PIXELS }

/**
 * Looks at a recording that probing has accepted.
 *
 * @returns null where ffprobe can't make anything of it any more
 */
export async function examineSource(prober: Prober, file: string): Promise<Source | null> {
  const report = await askFfprobe(prober, file, OPENABLE, false)
  return report && { ...describeSource(report), isFastStart: await isFastStart(file, report) }
}

/** Describes a recording from ffprobe's report. */
export function describeSource({ format, streams }: Report): Omit<Source, 'isFastStart'> {
  const pictures = streams.filter(
    ({ codec_type, codec_name }) => codec_type === 'video' && isKnown(codec_name),
  )
  const video = pictures.find((stream) => !stream.disposition?.attached_pic && (stream.width ?? 0) > 0)
  const audio = streams.find(({ codec_type, codec_name }) => codec_type === 'audio' && isKnown(codec_name))
  // A bare AAC stream names its parameters in each frame, where an MP4 has them once.
  const hasHeaders = /mp4|matroska/.test(format?.format_name ?? '')
  return {
    container: format?.format_name ?? '',
    bitRate: format?.bit_rate ?? 0,
    video: video ? describeVideo(video) : null,
    audio: audio
      ? {
          isPlain:
            hasHeaders && audio.codec_name === 'aac' && audio.profile === 'LC' && (audio.channels ?? 0) <= 2,
        }
      : null,
    hasCover: pictures.some(({ disposition }) => disposition?.attached_pic),
  }
}

function describeVideo(video: Stream): NonNullable<Source['video']> {
  const rotation =
    video.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ??
    Number(video.tags?.rotate ?? 0)
  const isInterlaced = ['tt', 'bb', 'tb', 'bt'].includes(video.field_order ?? '')
  const hasSquarePixels = ['1:1', '0:1', undefined].includes(video.sample_aspect_ratio)
  return {
    isPlain:
      video.codec_name === 'h264' &&
      /^yuvj?420p$/.test(video.pix_fmt ?? '') &&
      /baseline|main|high$/i.test(video.profile ?? '') &&
      hasSquarePixels &&
      !isInterlaced,
    isTurned: Math.round(rotation) % 360 !== 0,
    isHdr:
      video.color_transfer === 'smpte2084' ? 'PQ' : video.color_transfer === 'arib-std-b67' ? 'HLG' : false,
    isInterlaced,
    frameRate: frameRate(video),
    longSide: Math.max(video.width ?? 0, video.height ?? 0),
  }
}

const COMMON_RATES = [10, 15, 24, 25, 30, 60]

/**
 * The rate to make frames at: the original's where it is steady, else the next common one above its average, at most
 * 60 a second. Recorders in browsers announce 1000.
 */
function frameRate({ r_frame_rate = '', avg_frame_rate = '' }: Stream): string {
  const least = rateOf(r_frame_rate)
  const average = rateOf(avg_frame_rate) || least
  if (least >= 1 && least <= 60 && Math.abs(average / least - 1) < 0.02) return r_frame_rate
  if (!(average > 0)) return '30'
  return `${COMMON_RATES.find((rate) => rate >= average * 0.98) ?? 60}`
}

function rateOf(fraction: string): number {
  const [frames = 0, seconds = 1] = fraction.split('/').map(Number)
  return seconds > 0 && frames > 0 ? frames / seconds : 0
}

function isKnown(codec: string | undefined): boolean {
  return codec !== undefined && codec !== 'unknown'
}

async function isFastStart(file: string, { format }: Report): Promise<boolean> {
  if (!format?.format_name.includes('mp4')) return false
  const handle = await open(file, 'r')
  try {
    return await beginsWithIndex(handle)
  } finally {
    await handle.close()
  }
}
