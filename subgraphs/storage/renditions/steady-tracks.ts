import { APART_SECONDS } from './plan.ts'
import type { Mix, Source } from './source.ts'

/** Samples per second of all sound that is made. */
export const SOUND_RATE = 48_000

// Where the first channel of a sound field (ambisonics, ACN) is all around and the second is left against right.
const MIXES: Record<Mix, string[]> = {
  SPEAKERS: [],
  SOUND_FIELD: ['pan=stereo|c0=0.6*c0+0.4*c1|c1=0.6*c0-0.4*c1'],
  FIRST_CHANNELS: ['pan=stereo|c0=c0|c1=c1'],
}

/** The filters that make the channels of a sound two, where ffmpeg does not by itself. */
export function mixFilters(mix: Mix): string[] {
  return MIXES[mix]
}

/** The filter that lets a recording begin at 0, for pictures (`setpts`) or sound (`asetpts`). */
export function timing({ beginsAfter }: Source, filter: 'setpts' | 'asetpts'): string {
  const isLate = Math.abs(beginsAfter) > 0.1
  return `${filter}=PTS${isLate ? `-(${beginsAfter.toFixed(3)})/TB` : ''}`
}

/**
 * The filters after which pictures come at a steady rate, from the beginning of the recording to its end: the first one
 * stands before it came, the last one until the sound ends, as players show it.
 */
export function steadyPictures({ video, durationSeconds }: Source): string[] {
  if (!video) return []
  const missing = durationSeconds - video.endsAt
  return [
    `fps=${video.frameRate}${video.startsAt > APART_SECONDS ? ':start_time=0' : ''}`,
    ...(missing > APART_SECONDS ? [`tpad=stop_mode=clone:stop_duration=${missing.toFixed(3)}`] : []),
  ]
}

/** The filters that make two channels of a sound, and fill its gaps with silence so that it stays with the picture. */
export function soundFilters(source: Source, hasPictures: boolean): string[] {
  const { audio, durationSeconds } = source
  if (!audio) return []
  const missing = durationSeconds - audio.endsAt
  const fill = audio.startsAt > APART_SECONDS ? ':first_pts=0' : ''
  return [
    timing(source, 'asetpts'),
    ...mixFilters(audio.mix),
    `aresample=${SOUND_RATE}:async=1${fill}`,
    ...(hasPictures && missing > APART_SECONDS
      ? ['aformat=channel_layouts=stereo', `apad=pad_len=${Math.round(missing * SOUND_RATE)}`]
      : []),
  ]
}
