import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { discard, peek } from './outputs.ts'
import { inputArguments, type Recording } from './recording-arguments.ts'
import type { Attempt, Rendering } from './rendering.ts'
import { mixFilters } from './steady-tracks.ts'

const PEAKS = 200
// Enough for peaks that are a second apart or a millisecond, and a few megabytes for the longest recording.
const SAMPLES_PER_SECOND = 8_000
const LOUDEST = 255
const PEAKS_FILE = 'peaks'
const MAX_PEAKS_BYTES = 64 * 1024

/**
 * Measures how loud audio is over its duration. ffmpeg decodes all of it in the sandbox and writes one number per
 * interval.
 *
 * @returns one byte for each interval; null for a video, or if the sound cannot be measured
 */
export async function measureWaveform(
  rendering: Rendering,
  attempt: Attempt,
  recording: Recording,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { media, file, cwd, maxSeconds, signal } = attempt
  const { audio, durationSeconds } = recording.source
  if (media.kind !== 'AUDIO' || !audio) return null
  const samples = Math.max(1, Math.ceil((durationSeconds * SAMPLES_PER_SECOND) / PEAKS))
  const filters = [
    ...mixFilters(audio.mix),
    `aresample=${SAMPLES_PER_SECOND}`,
    `asetnsamples=n=${samples}:p=0`,
    'astats=metadata=1:reset=1',
    `ametadata=mode=print:key=lavfi.astats.Overall.Peak_level:file=${PEAKS_FILE}`,
  ]
  try {
    await runFfmpeg({
      ffmpeg: await rendering.ffmpeg(),
      file,
      cwd,
      owner: media.ownerId,
      inputArgs: inputArguments(recording),
      outputArgs: ['-map', `0:${audio.index}`, '-af', filters.join(','), '-f', 'null', '-'],
      byteSize: media.byteSize,
      durationSeconds,
      maxSeconds,
      signal,
    })
    const report = await peek(attempt, PEAKS_FILE, MAX_PEAKS_BYTES)
    return report && readPeaks(report.toString('latin1'))
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn({ mediaId: media.id, reason: error.message }, 'media waveform failed')
    return null
  } finally {
    await discard(attempt, PEAKS_FILE)
  }
}

/**
 * Reads the peaks in a report of ffmpeg, which are in decibels below the loudest possible sound.
 *
 * @returns null if there are none
 */
export function readPeaks(report: string): Uint8Array<ArrayBuffer> | null {
  const levels = [...report.matchAll(/^lavfi\.astats\.Overall\.Peak_level=(\S+)$/gm)].slice(0, PEAKS)
  if (levels.length === 0) return null
  return Uint8Array.from(levels, ([, level]) => peakOf(Number(level)))
}

// Silence is `-inf`, which is no number for JavaScript.
function peakOf(decibels: number): number {
  if (!Number.isFinite(decibels)) return 0
  return Math.min(LOUDEST, Math.round(LOUDEST * 10 ** (decibels / 20)))
}
