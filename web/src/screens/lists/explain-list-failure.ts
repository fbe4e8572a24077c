import { explainError, explainRefusal } from '../../components/explain-refusal.ts'
import { Refused } from '../../data/failure.ts'
import { MOST_LISTS, MOST_MEMBERS } from './list-limits.ts'
import { words } from './messages.ts'

/** What the user wanted to do with a list when it failed. */
export type ListStep = 'CREATE' | 'RENAME' | 'ADD' | 'REMOVE' | 'DELETE'

/**
 * Explains in the current language why a change of a list failed, and what to do about it.
 *
 * @param listCount how many lists the user has, because the API answers a name that is taken and too many lists alike
 */
export function explainListFailure(error: unknown, step: ListStep, listCount = 0): string {
  const { full, missing, nameTaken, tooMany, tooOften, userMissing } = words()
  if (!(error instanceof Refused)) return explainError(error)
  switch (error.code) {
    case 'CONFLICT':
      if (step === 'ADD') return full(MOST_MEMBERS)
      return step === 'CREATE' && listCount >= MOST_LISTS ? tooMany(MOST_LISTS) : nameTaken
    case 'NOT_FOUND':
      return step === 'ADD' ? userMissing : missing
    case 'RATE_LIMITED':
      return tooOften
    default:
      return explainRefusal(error)
  }
}
