import type { Description } from './description.ts'
import type { Report, Stream } from './ffprobe.ts'
import { isOnItsSide, orientationOf } from './orientation.ts'
import { tracksOf } from './tracks.ts'

const MOV = 'mov,mp4,m4a,3gp,3g2,mj2'
const WEBM_CODECS = ['vp8', 'vp9', 'av1', 'opus', 'vorbis']

// Formats of camcorders, older phones and cameras, and recording programs. None of them can refer to another file.
const MIME_SUBTYPES: Record<string, string> = {
  mp3: 'mpeg',
  aac: 'aac',
  ogg: 'ogg',
  wav: 'wav',
  flac: 'flac',
  amr: 'amr',
  mpegts: 'mp2t',
  mpeg: 'mpeg',
  avi: 'x-msvideo',
  flv: 'x-flv',
  asf: 'x-ms-asf',
  mxf: 'mxf',
  dv: 'dv',
  ivf: 'x-ivf',
  nut: 'x-nut',
  aiff: 'aiff',
  caf: 'x-caf',
  ac3: 'ac3',
  eac3: 'eac3',
  dts: 'vnd.dts',
  w64: 'x-w64',
  au: 'basic',
  wv: 'x-wavpack',
  tta: 'x-tta',
}

/** The demuxers that may open audio and video: no playlist, no image sequence, no network. */
export const AUDIO_VIDEO_FORMATS = [MOV, 'matroska', 'webm', ...Object.keys(MIME_SUBTYPES)].join(',')

/** 8192 x 4608: phones and action cameras record this size (8K), and decoding it is safe. */
export const MAX_VIDEO_PIXELS = 37_748_736

/** Returns the picture's size if it has more pixels than allowed; otherwise null. */
export function tooManyPixels({ streams }: Report): { width: number; height: number } | null {
  const { width = 0, height = 0 } =
    streams.find(({ width = 0, height = 0 }) => width * height > MAX_VIDEO_PIXELS) ?? {}
  return width > 0 ? { width, height } : null
}

/**
 * Describes audio or video from ffprobe's report.
 *
 * @returns null if the file has neither; a cover picture does not count as video
 */
export function describeAudioVideo(report: Report): Description | null {
  // The tracks that the renditions will show, if they can be decoded.
  const {
    video: [video],
    audio: [audio],
  } = tracksOf(report)
  if (!video && !audio) return null
  const duration = durationOf(report)
  return {
    kind: video ? 'VIDEO' : 'AUDIO',
    mimeType: mimeType(report, video, audio),
    durationSeconds: duration > 0 ? duration : null,
    ...(video ? displayedSize(video) : { width: null, height: null }),
    isProgressive: isProgressive(report, video, audio),
  }
}

// For these formats ffprobe reports when the last packet ends on the file's clock. In a recorded stream, that clock
// started before the recording.
const DURATION_FROM_ZERO = ['matroska,webm', 'ogg']

function durationOf({ format }: Report): number {
  const { duration = 0, start_time: start = 0, format_name: name = '' } = format ?? {}
  return DURATION_FROM_ZERO.includes(name) && start > 0 && start < duration ? duration - start : duration
}

function mimeType(report: Report, video: Stream | undefined, audio: Stream | undefined): string {
  const family = video ? 'video' : 'audio'
  const format = report.format?.format_name ?? ''
  if (format === MOV) return `${family}/${movSubtype(majorBrand(report))}`
  if (format === 'matroska,webm') {
    const codecs = [video?.codec_name, audio?.codec_name].filter((codec) => codec !== undefined)
    return `${family}/${codecs.every((codec) => WEBM_CODECS.includes(codec)) ? 'webm' : 'x-matroska'}`
  }
  return `${family}/${MIME_SUBTYPES[format] ?? 'octet-stream'}`
}

function movSubtype(brand: string): string {
  if (brand === 'qt') return 'quicktime'
  if (brand.startsWith('3gp')) return '3gpp'
  return brand.startsWith('3g2') ? '3gpp2' : 'mp4'
}

function majorBrand(report: Report): string {
  return report.format?.tags?.major_brand?.trim().toLowerCase() ?? ''
}

// What every phone plays without a rendition: MP3, and MP4 or M4A with 4:2:0 8-bit H.264 and AAC-LC.
function isProgressive(report: Report, video: Stream | undefined, audio: Stream | undefined): boolean {
  const format = report.format?.format_name
  if (format === 'mp3') return !video
  if (format !== MOV || movSubtype(majorBrand(report)) !== 'mp4') return false
  if (audio && !(audio.codec_name === 'aac' && audio.profile === 'LC')) return false
  return !video || (video.codec_name === 'h264' && /^yuvj?420p$/.test(video.pix_fmt ?? ''))
}

/** The size at which a picture is shown: with square pixels, and turned as the file says. */
export function displayedSize(video: Stream): { width: number; height: number } {
  const [across = 1, down = 1] = (video.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  const width = Math.round((video.width ?? 0) * (across > 0 && down > 0 ? across / down : 1))
  const height = video.height ?? 0
  return isOnItsSide(orientationOf(video)) ? { width: height, height: width } : { width, height }
}
