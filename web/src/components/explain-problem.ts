import { problemOf } from '../data/problem.ts'
import { words } from './messages.ts'

/** Explanations by failure code, or by the problem that there was instead of an answer. */
export type Explanations = Readonly<Record<string, string>>

/**
 * Explains why the server has not done something, if it has not refused it.
 *
 * @param own what the problems mean where the user is, for example `offline`
 */
export function explainProblem(error: unknown, own: Explanations = {}): string {
  const { failed, notDone, outdated } = words()
  const problem = problemOf(error)
  return own[problem] ?? { failed, offline: notDone, outdated }[problem]
}
