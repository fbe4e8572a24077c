import { randomBytes } from 'node:crypto'
import { ladder, MAX_TONE_MAPPED_SIDE } from './ladder.ts'
import type { Plan } from './plan.ts'
import type { Recording } from './recording-arguments.ts'

/** Creates a name for one attempt at a stream. */
export function newMarker(): string {
  return randomBytes(4).toString('hex')
}

/**
 * Lists the methods for making a recording's renditions, best first: as planned; transcoded, if the plan copies; with
 * decoders that continue after errors; without the sound; without the pictures.
 */
export function methodsFor(recording: Recording): [Recording, ...Recording[]] {
  const { plan, shown, source } = recording
  const encoded: Plan = {
    video: plan.video && shown ? ladder(shown, source.video?.isHdr ? MAX_TONE_MAPPED_SIDE : undefined) : null,
    audio: plan.audio && 'ENCODE',
  }
  const isCopied = plan.video === 'COPY' || plan.audio === 'COPY'
  const method = (
    other: Plan,
    isTolerant: boolean,
    tracks: Partial<Recording['source']> = {},
  ): Recording => ({
    ...recording,
    plan: other,
    isTolerant,
    source: { ...source, ...tracks },
    marker: newMarker(),
  })
  const only = (kind: 'video' | 'audio') => ({
    ...(kind === 'video' ? { audio: null } : { video: null }),
    durationSeconds: source[kind]?.endsAt ?? source.durationSeconds,
  })
  const hasBoth = plan.video !== null && plan.audio !== null
  return [
    recording,
    ...(isCopied ? [method(encoded, false)] : []),
    method(encoded, true),
    ...(hasBoth
      ? [
          method({ ...encoded, audio: null }, true, only('video')),
          method({ ...encoded, video: null }, true, only('audio')),
        ]
      : []),
  ]
}
