import { Refused } from '../data/failure.ts'
import { language } from '../i18n/language.ts'
import { type Explanations, explainProblem } from './explain-problem.ts'
import { words as failureWords } from './failures/messages.ts'
import { words } from './messages.ts'

/**
 * Explains in the language of the client why the server has refused something.
 *
 * @param own what the codes mean where the user is. Without them, users who read English get the server's message, which
 *   is exact and in English, and all others what the code means in general. The message is the last resort.
 */
export function explainRefusal(refused: Pick<Refused, 'code' | 'message'>, own: Explanations = {}): string {
  const { code, message } = refused
  const explained = own[code]
  if (explained !== undefined) return explained
  if (language() === 'en' && message !== '') return message
  const { conflict, expired, invalid, missingTarget, notAllowed, quotaExceeded } = failureWords()
  const { storageUnavailable, tooLarge, tooOften, unsupported } = failureWords()
  const general: Explanations = {
    CONFLICT: conflict,
    EXPIRED: expired,
    INVALID_INPUT: invalid,
    NOT_ALLOWED: notAllowed,
    NOT_FOUND: missingTarget,
    QUOTA_EXCEEDED: quotaExceeded,
    RATE_LIMITED: tooOften,
    STORAGE_UNAVAILABLE: storageUnavailable,
    TOO_LARGE: tooLarge,
    UNSUPPORTED_MEDIA: unsupported,
  }
  return general[code] ?? (message || words().failed)
}

/** Explains why something did not work. */
export function explainError(error: unknown, own: Explanations = {}): string {
  return error instanceof Refused ? explainRefusal(error, own) : explainProblem(error, own)
}
