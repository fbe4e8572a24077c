import type { Source } from '../../subgraphs/storage/renditions/source.ts'

const TEN_SECONDS = { startsAt: 0, endsAt: 10, hiddenSeconds: 0 }

/**
 * Builds a recording of ten seconds that every phone plays. Tests override single properties; null means no such track.
 */
export function recordingSource(
  video: Partial<NonNullable<Source['video']>> | null,
  audio: Partial<NonNullable<Source['audio']>> | null = {},
): Source {
  return {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    bitRate: 2_000_000,
    durationSeconds: 10,
    beginsAfter: 0,
    hasCover: false,
    audio: audio && { ...TEN_SECONDS, index: 1, isPlain: true, mix: 'SPEAKERS', ...audio },
    video: video && {
      ...TEN_SECONDS,
      index: 0,
      isPlain: true,
      orientation: 'upright',
      isHdr: false,
      isInterlaced: false,
      frameRate: '30',
      longSide: 1280,
      matrix: 'BT709',
      ...video,
    },
  }
}
