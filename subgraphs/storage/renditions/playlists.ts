import type { Rung } from './recording-arguments.ts'
import { MASTER, type Playlist } from './rendition.ts'

/** A segment that is finished. */
export type Segment = { name: string; seconds: number }

/** Reads which segments a playlist that ffmpeg is writing lists: a segment is listed when it is finished. */
export function readSegments(text: string): Segment[] {
  // What stands after the last line break may be half a name.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return [...whole.matchAll(/^#EXTINF:([\d.]+),[^\n]*\n([\w-]+\.m4s)\n/gm)].map(([, seconds, name = '']) => ({
    name,
    seconds: Number(seconds),
  }))
}

/**
 * Writes the playlist of one size (RFC 8216 §4.3): of type EVENT while it grows, so that players begin at its
 * beginning and may seek in all of it; of type VOD when it is complete. All addresses are relative, so that the token
 * in the playlist's own path is in theirs too.
 */
export function mediaPlaylist(
  { name, files }: Rung,
  segments: readonly Segment[],
  isComplete: boolean,
): Playlist {
  // Rounded up, so that no segment is longer even by a fraction of a second.
  const longest = Math.max(1, ...segments.map(({ seconds }) => Math.ceil(seconds - 0.001)))
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${longest}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${isComplete ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${files}-init.mp4"`,
    ...segments.flatMap((segment) => [`#EXTINF:${segment.seconds.toFixed(6)},`, segment.name]),
    ...(isComplete ? ['#EXT-X-ENDLIST'] : []),
  ]
  return { name: `${name}.m3u8`, text: `${lines.join('\n')}\n`, isComplete }
}

/** Writes the playlist that lists all sizes (RFC 8216 §4.3.4), with the codecs that their first files name. */
export function masterPlaylist(rungs: readonly (Rung & { codecs: string })[]): Playlist {
  const lines = rungs.flatMap(({ name, size, bitsPerSecond, codecs }) => {
    const resolution = size ? `,RESOLUTION=${size.width}x${size.height}` : ''
    // Headers and peaks come on top of what was asked of the encoder.
    const bandwidth = Math.ceil((bitsPerSecond * 11) / 10)
    return [`#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth}${resolution},CODECS="${codecs}"`, `${name}.m3u8`]
  })
  const text = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n')
  return { name: MASTER, text, isComplete: true }
}

/**
 * Names the codecs of a segmented MP4 (RFC 6381) by its first file: H.264 with the profile and level in its
 * configuration (ISO/IEC 14496-15 §5.3.3.1), and AAC.
 */
export function codecsOf(init: Buffer): string {
  const at = init.indexOf('avcC')
  const profile = at < 0 ? null : init.toString('hex', at + 5, at + 8).toUpperCase()
  return [...(profile ? [`avc1.${profile}`] : []), ...(init.includes('mp4a') ? ['mp4a.40.2'] : [])].join(',')
}
