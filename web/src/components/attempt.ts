import { Refused } from '../data/failure.ts'
import { type Explanations, explainRefusal } from './explain-refusal.ts'
import { words } from './messages.ts'
import { toast } from './toast.ts'

/**
 * Does something that may fail, and tells the user when it does.
 *
 * @param own what failure codes mean here
 * @returns whether it succeeded
 */
export async function attempt(action: () => Promise<unknown>, own: Explanations = {}): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    toast(explainError(error, own))
    return false
  }
}

/** Explains why something did not work. */
export function explainError(error: unknown, own: Explanations = {}): string {
  return error instanceof Refused ? explainRefusal(error, own) : words().failed
}
