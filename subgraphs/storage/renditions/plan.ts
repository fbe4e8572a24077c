import { ladder, MAX_PROGRESSIVE_SIDE, MAX_TONE_MAPPED_SIDE, type Size } from './ladder.ts'
import type { Source } from './source.ts'

/** How the renditions of a recording are made. */
export type Plan = {
  /** Whether to copy the pictures or to transcode them in these sizes, smallest first; null if there are none. */
  video: 'COPY' | [Size, ...Size[]] | null
  /** Whether to copy or to transcode the sound; null if there is none. */
  audio: 'COPY' | 'ENCODE' | null
}

const MAX_COPIED_SIDE = 1920
// A bit rate that a phone can receive over a fair connection. A copied stream has only this one size.
const MAX_COPIED_BITS_PER_SECOND = 10_000_000

/**
 * Decides how to make the renditions of a recording. H.264 and AAC that every phone decodes are copied, because this is
 * fast and transcoding cannot improve them. Turned pictures are not copied, because the copy would play on its side.
 *
 * @param shown the displayed size; null for audio
 */
export function planRenditions(source: Source, shown: Size | null): Plan {
  const { video, audio } = source
  const isCopied =
    video?.isPlain === true &&
    /mp4|matroska/.test(source.container) &&
    video.orientation === 'upright' &&
    video.longSide <= MAX_COPIED_SIDE &&
    source.bitRate <= MAX_COPIED_BITS_PER_SECOND &&
    (audio === null || audio.isPlain) &&
    isWholeAsItIs(source)
  return {
    video:
      video && shown
        ? isCopied
          ? 'COPY'
          : ladder(shown, video.isHdr ? MAX_TONE_MAPPED_SIDE : undefined)
        : null,
    // Sound is transcoded together with the pictures, so that both stay in sync.
    audio: audio && (isCopied || (!video && audio.isPlain && isWholeAsItIs(source)) ? 'COPY' : 'ENCODE'),
  }
}

/** Encoders add a short silence at the start, in seconds. Every MP4 with AAC cuts it off. */
export const PRIMING_SECONDS = 0.15

/** Users do not notice if the starts or ends of two tracks differ by less than this, in seconds. */
export const APART_SECONDS = 0.3

/** Whether copied packets play exactly as the original: nothing is cut off, and the tracks start and end together. */
function isWholeAsItIs({ video, audio, durationSeconds }: Source): boolean {
  const tracks = [video, audio].filter((track) => track !== null)
  return (
    (video?.hiddenSeconds ?? 0) === 0 &&
    (audio?.hiddenSeconds ?? 0) <= PRIMING_SECONDS &&
    tracks.every(
      ({ startsAt, endsAt }) => startsAt < APART_SECONDS && durationSeconds - endsAt < APART_SECONDS,
    )
  )
}

/** Chooses the size of the progressive file. */
export function progressiveSize(sizes: readonly [Size, ...Size[]]): Size {
  return sizes.findLast(({ width, height }) => Math.max(width, height) <= MAX_PROGRESSIVE_SIDE) ?? sizes[0]
}

/** Whether a job is quick, so that it need not wait for videos that take long. */
export function isQuick({ video, audio }: Plan, durationSeconds: number): boolean {
  if (video) return video === 'COPY'
  return audio === 'COPY' || durationSeconds <= 600
}
