import type { Language } from '../i18n/language.ts'
import type { ShownUpload } from '../recorder/recorder.ts'
import { explainFailure } from '../uploads/explain-failure.ts'
import { words } from '../uploads/messages.ts'
import type { Upload } from '../uploads/uploads.ts'

/** Describes an upload to the user who looks at the recording. */
export function shownUpload(upload: Upload, language: Language, retry: () => unknown): ShownUpload {
  const { state, failure, progress } = upload
  const texts = words(language)
  const names: Record<Upload['state'], string> = {
    WAITING: texts.waiting,
    SENDING: texts.sending,
    PAUSED: texts.paused,
    OFFLINE: texts.offline,
    VERIFYING: texts.verifying,
    STORED: texts.stored,
    FAILED: texts.failed,
    CANCELLED: texts.cancelled,
  }
  return {
    text: failure ? explainFailure(failure, language).text : names[state],
    progress: state === 'FAILED' || state === 'STORED' ? null : progress,
    retry: state === 'FAILED' ? { label: texts.tryAgain, act: retry } : null,
  }
}
