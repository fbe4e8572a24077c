import type { Report, Stream } from '../probing/ffprobe.ts'
import type { TrackTimes } from '../probing/measure-tracks.ts'
import { type Orientation, orientationOf } from '../probing/orientation.ts'
import { hasCover, tracksOf } from '../probing/tracks.ts'
import { type Matrix, matrixOf } from './colours.ts'

/** When a track plays, in seconds from the start of the recording. */
type Plays = {
  /** The index of the stream in the file. */
  index: number
  startsAt: number
  endsAt: number
  /** The duration that is decoded but not shown, such as what an edit list cuts off. */
  hiddenSeconds: number
}

/** The properties of a recording that rendering needs. */
export type Source = {
  container: string
  /** Total bits per second; 0 if unknown. */
  bitRate: number
  /** Measured from the packets: from the start of the first used track to the end of the last. */
  durationSeconds: number
  /**
   * Seconds between the start time that ffmpeg assumes and the start of the used tracks. Unused tracks may start
   * earlier.
   */
  beginsAfter: number
  video:
    | (Plays & {
        /** Whether it is H.264 that every phone decodes. */
        isPlain: boolean
        orientation: Orientation
        isHdr: 'PQ' | 'HLG' | false
        isInterlaced: boolean
        /** The frame rate of the renditions in frames per second, as an ffmpeg fraction. */
        frameRate: string
        /** The encoded size, not the displayed size. */
        longSide: number
        matrix: Matrix
      })
    | null
  audio: (Plays & { isPlain: boolean; mix: Mix }) | null
  /** Whether there is a cover picture. */
  hasCover: boolean
}

/**
 * How the audio channels are mixed to two: by ffmpeg's speaker layout, as a sound field heard from the front, or by
 * taking the first two if nothing says what each channel is for.
 */
export type Mix = 'SPEAKERS' | 'SOUND_FIELD' | 'FIRST_CHANNELS'

/** The tracks of a recording that can be decoded. */
export type Decodable = { video: Stream | null; audio: { stream: Stream; mix: Mix } | null }

/** Lists the video tracks and the audio tracks, in the order in which to try them. */
export function playableTracks(report: Report, times: readonly TrackTimes[]) {
  const hasPackets = new Set(times.map(({ index }) => index))
  const { video, audio } = tracksOf(report)
  const playable = (tracks: Stream[]) => tracks.filter(({ index }) => hasPackets.has(index))
  return { video: playable(video), audio: playable(audio) }
}

/** Describes a recording from ffprobe's report, the times of its tracks, and the tracks that can be decoded. */
export function describeSource(
  report: Report,
  times: readonly TrackTimes[],
  { video, audio }: Decodable,
): Source {
  const { format } = report
  const used = [video, audio?.stream].flatMap((stream) =>
    times.filter(({ index }) => index === stream?.index),
  )
  const begins = Math.min(...used.map(({ start }) => start))
  const ends = Math.max(...used.map(({ end }) => end))
  const plays = ({ index }: Stream): Plays => {
    const {
      start = begins,
      end = ends,
      hiddenSeconds = 0,
    } = used.find((track) => track.index === index) ?? {}
    return { index, startsAt: start - begins, endsAt: end - begins, hiddenSeconds }
  }
  // A bare AAC stream repeats its parameters in each frame; an MP4 stores them once.
  const hasHeaders = /mp4|matroska/.test(format?.format_name ?? '')
  return {
    container: format?.format_name ?? '',
    bitRate: format?.bit_rate ?? 0,
    durationSeconds: ends - begins,
    beginsAfter: begins - (format?.start_time ?? 0),
    video: video && { ...plays(video), ...describeVideo(video) },
    audio: audio && {
      ...plays(audio.stream),
      mix: audio.mix,
      isPlain:
        hasHeaders &&
        audio.mix === 'SPEAKERS' &&
        audio.stream.codec_name === 'aac' &&
        audio.stream.profile === 'LC' &&
        (audio.stream.channels ?? 0) <= 2,
    },
    hasCover: hasCover(report),
  }
}

// H.264 level 4.2 in ffprobe's notation: 1920 x 1080 at 60 pictures per second. Many phones decode no more. ffprobe reports
// an unknown level as 0 or less.
const MAX_PLAIN_LEVEL = 42
const MAX_PLAIN_RATE = 60
// Phones do not keep their rate exactly.
const RATE_TOLERANCE = 0.02

function describeVideo(video: Stream): Omit<NonNullable<Source['video']>, keyof Plays> {
  const isInterlaced = ['tt', 'bb', 'tb', 'bt'].includes(video.field_order ?? '')
  const hasSquarePixels = ['1:1', '0:1', undefined].includes(video.sample_aspect_ratio)
  return {
    isPlain:
      video.codec_name === 'h264' &&
      /^yuvj?420p$/.test(video.pix_fmt ?? '') &&
      /baseline|main|high$/i.test(video.profile ?? '') &&
      isWithin(video.level ?? 0, MAX_PLAIN_LEVEL) &&
      isWithin(averageRate(video), MAX_PLAIN_RATE * (1 + RATE_TOLERANCE)) &&
      hasSquarePixels &&
      !isInterlaced,
    orientation: orientationOf(video),
    isHdr:
      video.color_transfer === 'smpte2084' ? 'PQ' : video.color_transfer === 'arib-std-b67' ? 'HLG' : false,
    isInterlaced,
    frameRate: frameRate(video),
    longSide: Math.max(video.width ?? 0, video.height ?? 0),
    matrix: matrixOf(video),
  }
}

/** Whether a value is known and at most `most`. */
function isWithin(value: number, most: number): boolean {
  return value > 0 && value <= most
}

/** The average frame rate; 0 if unknown. */
function averageRate({ r_frame_rate = '', avg_frame_rate = '' }: Stream): number {
  return rateOf(avg_frame_rate) || rateOf(r_frame_rate)
}

const COMMON_RATES = [10, 15, 24, 25, 30, 60]

/**
 * The frame rate of the renditions: the original's if it is steady, otherwise the next common rate above its average,
 * up to 60. Recorders in browsers announce 1000.
 */
function frameRate(video: Stream): string {
  const { r_frame_rate = '' } = video
  const least = rateOf(r_frame_rate)
  const average = averageRate(video)
  if (least >= 1 && least <= 60 && Math.abs(average / least - 1) < RATE_TOLERANCE) return r_frame_rate
  if (!(average > 0)) return '30'
  return `${COMMON_RATES.find((rate) => rate >= average * 0.98) ?? 60}`
}

/** Converts an ffmpeg fraction to frames per second; 0 if unknown. */
export function rateOf(fraction: string): number {
  const [frames = 0, seconds = 1] = fraction.split('/').map(Number)
  return seconds > 0 && frames > 0 ? frames / seconds : 0
}
