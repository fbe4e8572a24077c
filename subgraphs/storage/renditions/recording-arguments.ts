import { shareOfUsualBits } from './bit-budget.ts'
import type { Size } from './ladder.ts'
import { type Plan, progressiveSize } from './plan.ts'
import type { Source } from './source.ts'

/** The file in the work folder that becomes the progressive rendition. */
export const PROGRESSIVE_FILE = 'progressive'

/** How long a segment of a stream plays, in seconds. */
export const SEGMENT_SECONDS = 2

/** One size of a stream. */
export type Rung = {
  /** Names its playlist. */
  name: string
  /** Begins the names of its files. */
  files: string
  size: Size | null
  bitsPerSecond: number
}

/** What is known of a recording before its renditions are made. */
export type Recording = {
  source: Source
  plan: Plan
  /** As it is shown; null for sound. */
  shown: Size | null
  /** Null where not even its packets tell. */
  durationSeconds: number | null
  byteSize: number
  /**
   * Stands in the names of the stream's files and is another for each attempt: what a name stands for never changes,
   * and no player mixes what two attempts have made.
   */
  marker: string
}

const MAX_BITS_PER_SECOND: [longSide: number, bitsPerSecond: number][] = [
  [640, 1_000_000],
  [1280, 3_000_000],
  [Number.POSITIVE_INFINITY, 6_000_000],
]
const SOUND_BITS_PER_SECOND = 128_000

/** The sizes of the stream that is made of a recording, the smallest first. */
export function rungsOf(recording: Recording): [Rung, ...Rung[]] {
  const { plan, source, shown, durationSeconds, byteSize, marker } = recording
  const rung = (name: string, size: Size | null, bitsPerSecond: number): Rung => ({
    name,
    files: filesOf(name, marker),
    size,
    bitsPerSecond,
  })
  if (!plan.video) return [rung('sound', null, bitsOf(recording).sound)]
  if (plan.video === 'COPY') {
    return [rung('film', shown, source.bitRate || Math.ceil((byteSize * 8) / (durationSeconds || 1)))]
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

function mostBits({ width, height }: Size): number {
  return MAX_BITS_PER_SECOND.find(([side]) => Math.max(width, height) <= side)?.[1] ?? 6_000_000
}

// Less is not worth looking at or listening to.
const LEAST_PICTURE_BITS_PER_SECOND = 16_000
const LEAST_SOUND_BITS_PER_SECOND = 24_000

/** The bits per second that pictures and sound get at most, so that the variants fit what the original takes. */
function bitsOf({ plan, durationSeconds, byteSize }: Recording) {
  // The progressive file repeats one of them.
  const files = Array.isArray(plan.video) ? [...plan.video, progressiveSize(plan.video)] : [null, null]
  const usual = files.reduce((sum, size) => sum + (size ? mostBits(size) : 0) + SOUND_BITS_PER_SECOND, 0)
  const share = shareOfUsualBits({ byteSize, durationSeconds: durationSeconds ?? 3600 }, usual)
  return {
    picture: (size: Size) => Math.max(LEAST_PICTURE_BITS_PER_SECOND, Math.floor(mostBits(size) * share)),
    sound: Math.max(LEAST_SOUND_BITS_PER_SECOND, Math.floor(SOUND_BITS_PER_SECOND * share)),
  }
}

/**
 * The arguments after the input with which one run of ffmpeg makes the stream in all its sizes and, from the same
 * encoded pictures, the progressive file.
 */
export function recordingArguments(recording: Recording, canToneMap: boolean): string[] {
  const { plan, source } = recording
  const bits = bitsOf(recording)
  if (plan.video === 'COPY' || !plan.video) {
    const streams = [...(plan.video ? ['-map', '0:V:0'] : []), ...(plan.audio ? ['-map', '0:a:0'] : [])]
    const codecs = plan.video || plan.audio === 'COPY' ? ['-c', 'copy'] : sound(bits.sound)
    return [
      // Of damaged sound whatever is left is worth hearing; pictures are guessed, and most of them must be whole.
      ...(plan.video ? [] : ['-max_error_rate', '1']),
      ...streams,
      ...codecs,
      ...output(recording, plan.video ? 'film' : 'sound', !plan.isOriginalProgressive),
    ]
  }
  const sizes = plan.video
  const progressive = progressiveSize(sizes)
  return [
    ...['-filter_complex', filters(source, sizes, canToneMap)],
    ...sizes.flatMap((size, index) => [
      ...['-map', `[v${index}]`, ...(plan.audio ? ['-map', '0:a:0'] : [])],
      ...picture(bits.picture(size)),
      ...(plan.audio ? sound(bits.sound) : []),
      ...output(recording, nameOf(size), size === progressive),
    ]),
  ]
}

function picture(most: number): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', '23'],
    ...['-maxrate', `${most}`, '-bufsize', `${most * 2}`],
    ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
  ]
}

// Gaps in the sound are filled, so that it stays with the picture.
function sound(bitsPerSecond: number): string[] {
  const rate = ['-ac', '2', '-ar', '48000', '-b:a', `${bitsPerSecond}`]
  return ['-c:a', 'aac', ...rate, '-af', 'aresample=async=1']
}

function output(
  { plan, durationSeconds, marker }: Recording,
  name: string,
  isProgressive: boolean,
): string[] {
  const files = filesOf(name, marker)
  const common = [
    // Timestamps that are broken must not make a clip of seconds fill the disk with repeated pictures.
    ...['-t', `${Math.ceil((durationSeconds ?? 6 * 3600) + 5)}`],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-max_muxing_queue_size', '4096'],
  ]
  const hls = {
    hls_time: `${SEGMENT_SECONDS}`,
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

function filters({ video }: Source, sizes: readonly Size[], canToneMap: boolean): string {
  const largest = sizes.at(-1) ?? { width: 2, height: 2 }
  const first = [
    '[0:V:0]null',
    ...(video?.isInterlaced ? ['yadif=deint=interlaced'] : []),
    `fps=${video?.frameRate ?? '30'}`,
    ...shrunk(largest, video?.isHdr || false, canToneMap),
    `split=${sizes.length}`,
  ]
  // The smaller ones are made of the largest: less work than of the original, and no worse to look at.
  const outputs = sizes.map((size, index) => (size === largest ? `[v${index}]` : `[l${index}]`))
  const rest = sizes.flatMap((size, index) =>
    size === largest ? [] : [`[l${index}]scale=${size.width}:${size.height},setsar=1[v${index}]`],
  )
  return [`${first.join(',')}${outputs.join('')}`, ...rest].join(';')
}

/** The filters that give a picture its size, square pixels, and colours that every screen shows. */
export function shrunk({ width, height }: Size, isHdr: 'PQ' | 'HLG' | false, canToneMap: boolean): string[] {
  const scale = [`scale=${width}:${height}`, 'setsar=1']
  if (!isHdr || !canToneMap) return [...scale, 'format=yuv420p']
  const transfer = isHdr === 'PQ' ? 'smpte2084' : 'arib-std-b67'
  return [
    ...scale,
    `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=${isHdr === 'PQ' ? 100 : 203}`,
    ...['format=gbrpf32le', 'zscale=p=bt709', 'tonemap=tonemap=hable:desat=0'],
    ...['zscale=t=bt709:m=bt709:r=tv', 'format=yuv420p'],
  ]
}
