import type { Relationship } from '../../../generated/graphql/web.ts'
import { type PersonStep, takeStep } from '../data/people.ts'
import { icons } from '../design/icons.ts'
import { attempt } from './attempt.ts'
import { words } from './messages.ts'
import { askUser } from './sheet.ts'

/** A user with whom the viewer can take a step. */
export type Other = { id: string; displayName: string; relationship: Relationship }

/** Takes a step, after asking the user about steps that end something. Returns whether it was taken. */
export async function confirmStep(step: PersonStep, { id, displayName }: Other): Promise<boolean> {
  if (step === 'block' || step === 'unfriend') {
    const { block, blockTitle, blockText, unfriend, unfriendTitle, unfriendText } = words()
    const isBlock = step === 'block'
    const title = (isBlock ? blockTitle : unfriendTitle)(displayName)
    const answer = await askUser({
      title,
      name: title,
      text: isBlock ? blockText : unfriendText,
      choices: [{ key: step, label: isBlock ? block : unfriend, isDangerous: true }],
    })
    if (answer !== step) return false
  }
  return attempt(() => takeStep(step, id))
}

/** What a step is called on a button. */
export function stepLabel(step: PersonStep): string {
  const { accept, add, block, cancelRequest, decline, unblock, unfriend } = words()
  const labels = { accept, block, cancel: cancelRequest, decline, request: add, unblock, unfriend }
  return labels[step]
}

/** Offers steps as a menu, and takes the chosen one. */
export async function offerSteps(steps: readonly PersonStep[], other: Other): Promise<boolean> {
  const key = await askUser({
    name: other.displayName,
    choices: steps.map((step) => ({
      key: step,
      label: stepLabel(step),
      icon: step === 'block' ? icons.block : icons.person,
      isDangerous: step === 'block' || step === 'unfriend',
    })),
  })
  const step = steps.find((each) => each === key)
  return step !== undefined && confirmStep(step, other)
}
