/** Measures how loud a microphone is. */
export type SoundMeter = {
  /** The peak since the last call, 0 to 1. */
  level(): number
  stop(): void
}

export function createSoundMeter(stream: MediaStream): SoundMeter | null {
  if (stream.getAudioTracks().length === 0) return null
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 2048
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    level() {
      analyser.getFloatTimeDomainData(samples)
      return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)
    },
    stop: () => void context.close().catch(() => {}),
  }
}

/** Levels for the eye: quiet sounds are shown larger than they are, as in decibels. */
export function shownLevel(level: number): number {
  const decibels = 20 * Math.log10(Math.max(1e-4, level))
  return Math.min(1, Math.max(0, (decibels + 50) / 50))
}

/** The newest levels of a recording, at most `most` of them. */
export function createLevels(most: number): { add(level: number): void; readonly values: readonly number[] } {
  const values: number[] = []
  return {
    add(level) {
      values.push(level)
      if (values.length > most) values.shift()
    },
    values,
  }
}
