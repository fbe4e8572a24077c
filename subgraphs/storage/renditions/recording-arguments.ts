import { orientationFilters } from '../probing/orientation.ts'
import { shareOfUsualBits } from './bit-budget.ts'
import { colourArguments } from './colours.ts'
import type { Size } from './ladder.ts'
import { pictureUnitsAlone } from './picture-units.ts'
import { type Plan, progressiveSize } from './plan.ts'
import { shrunk } from './shrunk.ts'
import { rateOf, type Source } from './source.ts'
import { SOUND_RATE, soundFilters, steadyPictures, timing } from './steady-tracks.ts'

/** The file in the work folder that becomes the progressive rendition. */
export const PROGRESSIVE_FILE = 'progressive'

// Video segments are short because a player waits for a whole segment before it starts. Audio segments are longer: one
// request per two seconds of an hour-long recording would cost more than the segments contain.
const SEGMENT_SECONDS = 2
const SOUND_SEGMENT_SECONDS = 10

/** One size of a stream. */
export type Rung = {
  /** The name of its playlist, without the extension. */
  name: string
  /** The prefix of its file names. */
  files: string
  size: Size | null
  bitsPerSecond: number
  /** Whether its pictures were transcoded, which also turns them upright. */
  isEncoded: boolean
}

/** What is known about a recording before its renditions are made. */
export type Recording = {
  source: Source
  plan: Plan
  /** The displayed size; null for audio. */
  shown: Size | null
  byteSize: number
  /**
   * Part of the stream's file names, different for each attempt. So the content of a name never changes, and no player
   * mixes the files of two attempts.
   */
  marker: string
  /** Whether decoders continue after errors that would otherwise stop them. */
  isTolerant: boolean
}

const MAX_BITS_PER_SECOND: [longSide: number, bitsPerSecond: number][] = [
  [640, 1_000_000],
  [1280, 3_000_000],
  [Number.POSITIVE_INFINITY, 6_000_000],
]
const SOUND_BITS_PER_SECOND = 128_000
// Decoders keep several pictures per thread. For 8K pictures and many threads, that exceeds the memory limit.
const MANY_THREADS_SIDE = 4096

/** Lists the sizes of a recording's stream, smallest first. */
export function rungsOf(recording: Recording): [Rung, ...Rung[]] {
  const { plan, source, shown, byteSize, marker } = recording
  const rung = (name: string, size: Size | null, bitsPerSecond: number): Rung => ({
    name,
    files: filesOf(name, marker),
    size,
    bitsPerSecond,
    isEncoded: Array.isArray(plan.video),
  })
  if (!plan.video) return [rung('sound', null, bitsOf(recording).sound)]
  if (plan.video === 'COPY') {
    return [rung('film', shown, source.bitRate || Math.ceil((byteSize * 8) / (source.durationSeconds || 1)))]
  }
  const { picture, sound } = bitsOf(recording)
  const encoded = (size: Size) => rung(nameOf(size), size, picture(size) + sound)
  const [first, ...rest] = plan.video
  return [encoded(first), ...rest.map(encoded)]
}

function filesOf(name: string, marker: string): string {
  return `${name}-${marker}`
}

function nameOf({ width, height }: Size): string {
  return `${Math.max(width, height)}`
}

function maxBits({ width, height }: Size): number {
  return MAX_BITS_PER_SECOND.find(([side]) => Math.max(width, height) <= side)?.[1] ?? 6_000_000
}

// Lower bit rates are not worth watching or listening to.
const MIN_PICTURE_BITS_PER_SECOND = 16_000
const MIN_SOUND_BITS_PER_SECOND = 24_000

/**
 * The maximum bit rates of pictures and sound in bits per second, chosen so that all renditions together fit the bit
 * budget.
 */
function bitsOf({ plan, source, byteSize }: Recording) {
  // The progressive file repeats one of the sizes.
  const files = Array.isArray(plan.video) ? [...plan.video, progressiveSize(plan.video)] : [null, null]
  const usual = files.reduce((sum, size) => sum + (size ? maxBits(size) : 0) + SOUND_BITS_PER_SECOND, 0)
  const share = shareOfUsualBits({ byteSize, durationSeconds: source.durationSeconds }, usual)
  return {
    picture: (size: Size) => Math.max(MIN_PICTURE_BITS_PER_SECOND, Math.floor(maxBits(size) * share)),
    sound: Math.max(MIN_SOUND_BITS_PER_SECOND, Math.floor(SOUND_BITS_PER_SECOND * share)),
  }
}

/**
 * Returns ffmpeg's arguments before the input. Filters turn the pictures, because old ffmpeg versions ignore mirroring.
 */
export function inputArguments({ source, isTolerant }: Pick<Recording, 'source' | 'isTolerant'>): string[] {
  return [
    '-noautorotate',
    ...((source.video?.longSide ?? 0) > MANY_THREADS_SIDE ? ['-threads', '2'] : []),
    ...(isTolerant ? ['-err_detect', 'ignore_err'] : []),
  ]
}

/**
 * Returns ffmpeg's arguments after the input. One run makes the stream in all its sizes and, from the same encoded
 * pictures, the progressive file.
 */
export function recordingArguments(recording: Recording, canToneMap: boolean): string[] {
  const { plan, source } = recording
  const bits = bitsOf(recording)
  const audio = plan.audio && source.audio ? ['-map', `0:${source.audio.index}`] : []
  // For damaged audio, any remaining sound is worth hearing. Damaged pictures are guessed, so most of them must be
  // whole.
  const errorTolerance = !plan.video || recording.isTolerant ? ['-max_error_rate', '1'] : []
  if (plan.video === 'COPY' || !plan.video || !source.video) {
    const video = plan.video && source.video ? ['-map', `0:${source.video.index}`] : []
    const codecs = plan.video || plan.audio === 'COPY' ? ['-c', 'copy'] : sound(recording, bits.sound)
    const name = plan.video ? 'film' : 'sound'
    return [...errorTolerance, ...video, ...audio, ...codecs, ...output(recording, name, true)]
  }
  const sizes = plan.video
  const progressive = progressiveSize(sizes)
  // Tone mapping outputs BT.709, as does RGB input.
  const colours = colourArguments(canToneMap && source.video.isHdr ? 'RGB' : source.video.matrix)
  return [
    ...errorTolerance,
    // The filters already make a steady rate. With other settings, old ffmpeg versions repeat the last picture of a
    // slow video.
    ...['-vsync', 'passthrough'],
    ...['-filter_complex', filters(source, sizes, canToneMap)],
    ...sizes.flatMap((size, index) => [
      ...['-map', `[v${index}]`, ...audio],
      ...picture(bits.picture(size), source.video?.frameRate ?? ''),
      ...colours,
      ...(plan.audio ? sound(recording, bits.sound) : []),
      ...output(recording, nameOf(size), size === progressive),
    ]),
  ]
}

// B-frames delay the output by some pictures, which some ffmpeg versions store as a late start. With few pictures per
// second this is a delay of seconds.
const FEW_PER_SECOND = 10

function picture(most: number, rate: string): string[] {
  return [
    ...(rateOf(rate) < FEW_PER_SECOND ? ['-bf', '0'] : []),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', '23'],
    ...['-maxrate', `${most}`, '-bufsize', `${most * 2}`],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
  ]
}

// Fills gaps in the sound, so that it stays in sync with the picture.
function sound({ source, plan }: Recording, bitsPerSecond: number): string[] {
  const rate = ['-ac', '2', '-ar', `${SOUND_RATE}`, '-b:a', `${bitsPerSecond}`]
  return ['-c:a', 'aac', ...rate, '-af', soundFilters(source, plan.video !== null).join(',')]
}

function output({ plan, source, marker }: Recording, name: string, isProgressive: boolean): string[] {
  const files = filesOf(name, marker)
  const common = [
    // Without this limit, broken timestamps could make a clip of seconds fill the disk with repeated pictures.
    ...['-t', (source.durationSeconds + 1).toFixed(3)],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-max_muxing_queue_size', '4096'],
    ...(plan.video ? pictureUnitsAlone('h264') : []),
  ]
  const hls = {
    hls_time: `${plan.video ? SEGMENT_SECONDS : SOUND_SEGMENT_SECONDS}`,
    hls_list_size: '0',
    hls_playlist_type: 'event',
    hls_segment_type: 'fmp4',
    hls_fmp4_init_filename: `${files}-init.mp4`,
    hls_segment_filename: `${files}-%05d.m4s`,
    hls_flags: 'temp_file+independent_segments',
  }
  if (!isProgressive) {
    const options = Object.entries(hls).flatMap(([option, value]) => [`-${option}`, value])
    return [...common, '-f', 'hls', ...options, `${files}.m3u8`]
  }
  const options = Object.entries(hls).map(([option, value]) => `${option}=${value}`)
  const stream = `[f=hls:${options.join(':')}]${files}.m3u8`
  const file = `[f=${plan.video ? 'mp4' : 'ipod'}:movflags=+faststart]${PROGRESSIVE_FILE}`
  return [...common, '-flags', '+global_header', '-f', 'tee', `${stream}|${file}`]
}

function filters(source: Source, sizes: readonly Size[], canToneMap: boolean): string {
  const { video } = source
  const largest = sizes.at(-1) ?? { width: 2, height: 2 }
  const first = [
    `[0:${video?.index ?? 0}]${timing(source, 'setpts')}`,
    ...(video?.isInterlaced ? ['yadif=deint=interlaced'] : []),
    ...orientationFilters(video?.orientation ?? 'upright'),
    'sidedata=mode=delete:type=DISPLAYMATRIX',
    ...steadyPictures(source),
    ...(video ? shrunk(largest, video, canToneMap, 'VIDEO') : []),
    `split=${sizes.length}`,
  ]
  // The smaller sizes are scaled from the largest. This is less work than scaling the original and looks as good.
  const outputs = sizes.map((size, index) => (size === largest ? `[v${index}]` : `[l${index}]`))
  const rest = sizes.flatMap((size, index) =>
    size === largest ? [] : [`[l${index}]scale=${size.width}:${size.height},setsar=1[v${index}]`],
  )
  return [`${first.join(',')}${outputs.join('')}`, ...rest].join(';')
}
