import { type Explanations, explainProblem } from './explain-problem.ts'
import { toast } from './toast.ts'

/**
 * Does something that may fail, and tells the user when it does.
 *
 * @param own what failure codes and problems mean here
 * @returns whether it succeeded
 */
export async function attempt(action: () => Promise<unknown>, own: Explanations = {}): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    // Loaded when it is needed, because most things succeed. Without a connection, it may be missing.
    const explain = await import('./explain-refusal.ts').catch(() => null)
    toast(explain?.explainError(error, own) ?? explainProblem(error, own))
    return false
  }
}
