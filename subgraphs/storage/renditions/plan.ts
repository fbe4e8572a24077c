import { ladder, MAX_PROGRESSIVE_SIDE, MAX_TONE_MAPPED_SIDE, type Size } from './ladder.ts'
import type { Source } from './source.ts'

/** How the renditions of a recording are made. */
export type Plan = {
  /** Pictures are taken as they are, or made anew in these sizes, the smallest first; null where there are none. */
  video: 'COPY' | [Size, ...Size[]] | null
  /** Sound is taken as it is or made anew; null where there is none. */
  audio: 'COPY' | 'ENCODE' | null
}

const MAX_COPIED_SIDE = 1920
// What a phone takes over a fair connection; a copy is the only size that a copied stream has.
const MAX_COPIED_BITS_PER_SECOND = 10_000_000

/**
 * Decides how the renditions of a recording are made. H.264 and AAC that every phone decodes are copied, for speed and
 * since encoding once more can't make them better; but not where the picture is turned, since a copied turned clip
 * plays lying on its side.
 *
 * @param shown the size in which it is shown; null for sound
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
    // Sound is made anew with the pictures, so that the two stay together.
    audio: audio && (isCopied || (!video && audio.isPlain && isWholeAsItIs(source)) ? 'COPY' : 'ENCODE'),
  }
}

/** Encoders begin with a little silence, which every MP4 with AAC cuts off. */
export const PRIMING_SECONDS = 0.15

/** Nobody sees or hears that a track begins or ends so much apart from the other. */
export const APART_SECONDS = 0.3

/** Whether its packets, copied, play just what it plays: nothing is cut off, and its tracks begin and end together. */
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

/** Which of the sizes becomes the progressive file. */
export function progressiveSize(sizes: readonly [Size, ...Size[]]): Size {
  return sizes.findLast(({ width, height }) => Math.max(width, height) <= MAX_PROGRESSIVE_SIDE) ?? sizes[0]
}

/** Whether it is quickly done, so that it should not wait for films that are not. */
export function isQuick({ video, audio }: Plan, durationSeconds: number): boolean {
  if (video) return video === 'COPY'
  return audio === 'COPY' || durationSeconds <= 600
}
