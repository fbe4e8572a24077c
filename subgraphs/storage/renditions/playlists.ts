import { MASTER, type Playlist } from '../media/rendition.ts'
import type { Rung } from './recording-arguments.ts'

/** A finished segment. */
export type Segment = { name: string; seconds: number }

/** Reads the segments from a playlist that ffmpeg is still writing. ffmpeg lists a segment once it is finished. */
export function readSegments(text: string): Segment[] {
  // The text after the last line break may be an incomplete name.
  const completeLines = text.slice(0, text.lastIndexOf('\n') + 1)
  return [...completeLines.matchAll(/^#EXTINF:([\d.]+),[^\n]*\n([\w-]+\.m4s)\n/gm)].map(
    ([, seconds, name = '']) => ({
      name,
      seconds: Number(seconds),
    }),
  )
}

/**
 * Writes the playlist of one size (RFC 8216 §4.3). While it grows it has type EVENT, so that players start at the
 * beginning and can seek everywhere. When it is complete it has type VOD. All URIs are relative, so they contain the
 * token in the playlist's path.
 */
export function mediaPlaylist(
  { name, files }: Rung,
  segments: readonly Segment[],
  isComplete: boolean,
): Playlist {
  // Rounded up, because no segment may be longer, not even by a fraction of a second.
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

/** Writes the playlist that lists all sizes (RFC 8216 §4.3.4), with the codecs from their initialization segments. */
export function masterPlaylist(rungs: readonly (Rung & { codecs: string })[]): Playlist {
  const lines = rungs.flatMap(({ name, size, bitsPerSecond, codecs }) => {
    const resolution = size ? `,RESOLUTION=${size.width}x${size.height}` : ''
    // Adds 10 % for headers and peaks above the encoder's target.
    const bandwidth = Math.ceil((bitsPerSecond * 11) / 10)
    return [`#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth}${resolution},CODECS="${codecs}"`, `${name}.m3u8`]
  })
  const text = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n')
  return { name: MASTER, text, isComplete: true }
}

/**
 * Names the codecs of a segmented MP4 (RFC 6381) from its initialization segment: H.264 with the profile and level of
 * its configuration (ISO/IEC 14496-15 §5.3.3.1), and AAC.
 */
export function codecsOf(init: Buffer): string {
  const at = init.indexOf('avcC')
  const profile = at < 0 ? null : init.toString('hex', at + 5, at + 8).toUpperCase()
  return [...(profile ? [`avc1.${profile}`] : []), ...(init.includes('mp4a') ? ['mp4a.40.2'] : [])].join(',')
}
