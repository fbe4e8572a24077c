import type { Cue } from './cue.ts'

// Without the line, players must assume the same (RFC 8216 §3.5), but Apple's tools ask for it. Outside of HLS it is a
// line of the header, which players ignore.
const HEADER = 'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n'

/** Writes a WebVTT file that contains nothing but the cues. */
export function writeWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(({ start, end, text }) => `${time(start)} --> ${time(end)}\n${text}\n`)
  return [HEADER, ...blocks].join('\n')
}

function time(milliseconds: number): string {
  const [hours, minutes, seconds] = [3_600_000, 60_000, 1_000].map((unit) => Math.floor(milliseconds / unit))
  const parts = [hours ?? 0, (minutes ?? 0) % 60, (seconds ?? 0) % 60]
  return `${parts.map((part) => `${part}`.padStart(2, '0')).join(':')}.${`${milliseconds % 1000}`.padStart(3, '0')}`
}
