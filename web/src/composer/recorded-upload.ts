import type { ShownUpload } from '../recorder/recorder.ts'
import { explainFailure } from '../uploads/explain-failure.ts'
import { words as uploadWords } from '../uploads/messages.ts'
import type { Upload } from '../uploads/uploads.ts'
import { words } from './messages.ts'

/**
 * What the recorder says about the upload of the recording that the user looks at. The composer shows how far it is.
 *
 * @param upload null if there is none
 * @returns undefined as long as it goes on, which the recorder says by itself; null if there is nothing to say
 */
export function recordedUpload(upload: Upload | null): ShownUpload | null | undefined {
  if (!upload) return null
  const { failure, isKept, state } = upload
  const say = (text: string): ShownUpload => ({ text, progress: null, retry: null })
  if (failure) return say(explainFailure(failure).text)
  if (state === 'OFFLINE') return say(isKept ? words().keptOffline : words().notKept)
  if (state === 'PAUSED') return say(uploadWords().paused)
  return state === 'WAITING' || state === 'SENDING' || state === 'VERIFYING' ? undefined : null
}
