import { APART_SECONDS } from './plan.ts'
import type { Mix, Source } from './source.ts'

/** The sample rate of all transcoded sound, in Hz. */
export const SOUND_RATE = 48_000

// In a sound field (ambisonics, ACN order) the first channel is omnidirectional and the second is left minus right.
const MIXES: Record<Mix, string[]> = {
  SPEAKERS: [],
  SOUND_FIELD: ['pan=stereo|c0=0.6*c0+0.4*c1|c1=0.6*c0-0.4*c1'],
  FIRST_CHANNELS: ['pan=stereo|c0=c0|c1=c1'],
}

/** Returns the filters that mix the channels of a sound to two, if ffmpeg's default mix does not apply. */
export function mixFilters(mix: Mix): string[] {
  return MIXES[mix]
}

/** Returns the filter that makes a recording start at 0, for pictures (`setpts`) or sound (`asetpts`). */
export function timing({ beginsAfter }: Source, filter: 'setpts' | 'asetpts'): string {
  const isLate = Math.abs(beginsAfter) > 0.1
  return `${filter}=PTS${isLate ? `-(${beginsAfter.toFixed(3)})/TB` : ''}`
}

/**
 * Returns the filters that make pictures come at a steady rate from the start to the end of the recording. As in
 * players, the first picture is shown until the next one comes, and the last one until the sound ends.
 */
export function steadyPictures({ video, durationSeconds }: Source): string[] {
  if (!video) return []
  const missing = durationSeconds - video.endsAt
  return [
    `fps=${video.frameRate}${video.startsAt > APART_SECONDS ? ':start_time=0' : ''}`,
    ...(missing > APART_SECONDS ? [`tpad=stop_mode=clone:stop_duration=${missing.toFixed(3)}`] : []),
  ]
}

/**
 * Returns the filters that mix a sound to two channels and fill its gaps with silence, so that it stays in sync with
 * the picture.
 */
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
