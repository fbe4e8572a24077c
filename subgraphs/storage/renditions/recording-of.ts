import type { Media } from '../media/media.ts'
import type { Examined } from './examine-recording.ts'
import { newMarker } from './methods.ts'
import { planRenditions } from './plan.ts'
import type { Recording } from './recording-arguments.ts'

/** What to make of a recording, as it is planned before the first method is tried. */
export function recordingOf(
  { byteSize }: Pick<Media, 'byteSize'>,
  { source, shown }: Pick<Examined, 'source' | 'shown'>,
): Recording {
  return {
    source,
    shown,
    byteSize,
    marker: newMarker(),
    isTolerant: false,
    plan: planRenditions(source, shown),
  }
}
