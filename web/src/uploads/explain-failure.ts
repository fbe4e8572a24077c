import { byteSize } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { words } from './messages.ts'
import type { UploadFailure } from './upload-failure.ts'

/** What the user can do about a failure. The screen shows it as a button, or as text only if it is `NOTHING`. */
export type NextStep =
  | 'TRY_AGAIN'
  | 'WAIT'
  | 'FREE_SPACE'
  | 'CHOOSE_ANOTHER'
  | 'CHOOSE_AGAIN'
  | 'SIGN_IN'
  | 'NOTHING'

/** A failure for people, with a next step. */
export type Explanation = { text: string; nextStep: NextStep; action: string }

/** Explains a failure, in the current language unless another one is given. */
export function explainFailure(failure: UploadFailure, chosen = language()): Explanation {
  const texts = words(chosen)
  const { failures, steps } = groupsOf(texts)
  const step = (text: string, nextStep: NextStep): Explanation => ({
    text,
    nextStep,
    action: steps[nextStep],
  })
  switch (failure.kind) {
    case 'STORAGE_UNAVAILABLE':
      return step(failures.storage, 'WAIT')
    case 'QUOTA_EXCEEDED': {
      const { quotaBytes, usedBytes, reservedBytes } = failure
      return step(
        texts.quotaExceeded(
          byteSize(usedBytes, chosen),
          byteSize(quotaBytes, chosen),
          reservedBytes > 0 ? byteSize(reservedBytes, chosen) : null,
        ),
        'FREE_SPACE',
      )
    }
    case 'TOO_LARGE': {
      const { maxBytes } = failure
      return step(
        maxBytes === null ? failures.tooLong : texts.tooLarge(byteSize(maxBytes, chosen)),
        'CHOOSE_ANOTHER',
      )
    }
    case 'UNSUPPORTED_MEDIA':
      return step(failures.unsupported, 'CHOOSE_ANOTHER')
    case 'RATE_LIMITED':
      return step(failures.rateLimited, failure.retryAfterSeconds === null ? 'NOTHING' : 'WAIT')
    case 'SIGNED_OUT':
      return step(failures.signedOut, 'SIGN_IN')
    case 'DAMAGED':
      return step(failures.damaged, 'TRY_AGAIN')
    case 'EXPIRED':
      return step(failures.expired, 'TRY_AGAIN')
    case 'FILE_MISSING':
      return step(failures.fileMissing, 'CHOOSE_AGAIN')
    case 'NO_ANSWER':
      return step(failures.noAnswer, 'TRY_AGAIN')
    case 'INVALID':
    case 'OTHER':
      // The API explains in English what it refuses. It is better than nothing where we have no words of our own.
      return step(texts.other(failure.message), failure.kind === 'OTHER' ? 'TRY_AGAIN' : 'CHOOSE_ANOTHER')
  }
}

function groupsOf(all: ReturnType<typeof words>) {
  const failures = {
    storage: all.storageUnavailable,
    tooLong: all.tooLong,
    unsupported: all.unsupported,
    rateLimited: all.rateLimited,
    signedOut: all.signedOut,
    damaged: all.damaged,
    expired: all.expired,
    fileMissing: all.fileMissing,
    noAnswer: all.noAnswer,
  }
  const steps: Record<NextStep, string> = {
    TRY_AGAIN: all.tryAgain,
    WAIT: all.waits,
    FREE_SPACE: all.freeSpace,
    CHOOSE_ANOTHER: all.chooseAnother,
    CHOOSE_AGAIN: all.chooseAgain,
    SIGN_IN: all.signIn,
    NOTHING: '',
  }
  return { failures, steps }
}
