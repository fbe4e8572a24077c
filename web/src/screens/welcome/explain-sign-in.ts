import { explainRefusal } from '../../components/explain-refusal.ts'
import type { Refusal } from '../../data/sign-in.ts'
import { words } from './messages.ts'

/** Explains in the language of the client why signing in or up was refused. */
export function explainSignIn(refusal: Refusal, isNew: boolean): string {
  const { displayNameRule, failed, handleHint, handleTaken, offline, outdated } = words()
  const { passwordRule, wrongPassword } = words()
  const problems: Record<string, string> = { failed, offline, outdated }
  const problem = problems[refusal.code]
  if (problem !== undefined) return problem
  if (!isNew) return explainRefusal(refusal, { NOT_ALLOWED: wrongPassword })
  const rules: Record<string, string> = {
    handle: handleHint,
    displayName: displayNameRule,
    password: passwordRule,
  }
  const rule = rules[refusal.field ?? '']
  return explainRefusal(refusal, {
    CONFLICT: handleTaken,
    ...(rule !== undefined && { INVALID_INPUT: rule }),
  })
}
