import type { Report, Stream } from '../probing/ffprobe.ts'
import type { TrackTimes } from '../probing/measure-tracks.ts'
import { type Orientation, orientationOf } from '../probing/orientation.ts'
import { type Matrix, matrixOf } from './colours.ts'

/** When a track plays, in seconds from where the recording begins. */
type Plays = {
  /** Which stream of the file it is. */
  index: number
  startsAt: number
  endsAt: number
  /** How much of it is decoded and not shown, such as what an edit list cuts off. */
  hiddenSeconds: number
}

/** What making renditions needs to know of a recording. */
export type Source = {
  container: string
  /** Bits per second in all; 0 where not known. */
  bitRate: number
  /** As its packets say, from the first thing that is seen or heard to the last. */
  durationSeconds: number
  /** How much later than ffmpeg thinks the recording begins: other tracks may begin before those that are used. */
  beginsAfter: number
  video:
    | (Plays & {
        /** H.264 as every phone decodes it. */
        isPlain: boolean
        orientation: Orientation
        isHdr: 'PQ' | 'HLG' | false
        isInterlaced: boolean
        /** Frames per second to be made, as ffmpeg writes it. */
        frameRate: string
        /** As it is encoded, not as it is shown. */
        longSide: number
        matrix: Matrix
      })
    | null
  audio: (Plays & { isPlain: boolean; mix: Mix }) | null
  /** There is a cover picture. */
  hasCover: boolean
}

/**
 * How the channels of a sound become two: as ffmpeg mixes speakers; as a sound field is heard from the front; or by
 * taking the first ones, where nothing says what each is for.
 */
export type Mix = 'SPEAKERS' | 'SOUND_FIELD' | 'FIRST_CHANNELS'

/** The tracks of a recording that can be decoded. */
export type Decodable = { video: Stream | null; audio: { stream: Stream; mix: Mix } | null }

/** The tracks with moving pictures, those with sound, in the order in which they are to be tried. */
export function playableTracks({ streams }: Report, times: readonly TrackTimes[]) {
  const hasPackets = new Set(times.map(({ index }) => index))
  const usable = streams.filter(({ index, codec_name }) => isKnown(codec_name) && hasPackets.has(index))
  const inOrder = (kind: string) => {
    const ofKind = usable.filter(({ codec_type }) => codec_type === kind)
    const isDefault = (stream: Stream) => Number(stream.disposition?.default ?? 0)
    return ofKind.sort((one, other) => isDefault(other) - isDefault(one))
  }
  return {
    video: inOrder('video').filter(({ disposition, width = 0 }) => !disposition?.attached_pic && width > 0),
    audio: inOrder('audio'),
  }
}

/** Describes a recording from ffprobe's report, when its tracks play, and which of them can be decoded. */
export function describeSource(
  { format, streams }: Report,
  times: readonly TrackTimes[],
  { video, audio }: Decodable,
): Source {
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
  // A bare AAC stream names its parameters in each frame, where an MP4 has them once.
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
    hasCover: streams.some(
      ({ codec_type, codec_name, disposition }) =>
        codec_type === 'video' && isKnown(codec_name) && disposition?.attached_pic,
    ),
  }
}

function describeVideo(video: Stream): Omit<NonNullable<Source['video']>, keyof Plays> {
  const isInterlaced = ['tt', 'bb', 'tb', 'bt'].includes(video.field_order ?? '')
  const hasSquarePixels = ['1:1', '0:1', undefined].includes(video.sample_aspect_ratio)
  return {
    isPlain:
      video.codec_name === 'h264' &&
      /^yuvj?420p$/.test(video.pix_fmt ?? '') &&
      /baseline|main|high$/i.test(video.profile ?? '') &&
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

/** How many a second, of a fraction as ffmpeg writes it; 0 where that is not known. */
export function rateOf(fraction: string): number {
  const [frames = 0, seconds = 1] = fraction.split('/').map(Number)
  return seconds > 0 && frames > 0 ? frames / seconds : 0
}

function isKnown(codec: string | undefined): boolean {
  return codec !== undefined && codec !== 'unknown'
}
