import type { Relationship } from '../../../generated/graphql/web.ts'
import { muteUser } from '../data/mutes.ts'
import { type PersonStep, STEPS, takeStep } from '../data/people.ts'
import { icons } from '../design/icons.ts'
import { attempt } from './attempt.ts'
import { words } from './menus/messages.ts'
import { askUser, type Choice } from './sheet.ts'
import { toast } from './toast.ts'

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

/** A user whom the viewer can also mute. */
export type Mutable = Other & { isMuted: boolean }

/** What a menu offers about a user: to mute them, and steps. */
export function personChoices(
  steps: readonly PersonStep[],
  { displayName, isMuted, relationship }: Mutable,
): Choice[] {
  const { mute, unmute } = words()
  const muting = { key: 'mute', label: (isMuted ? unmute : mute)(displayName), icon: icons.mute }
  return [
    // A mute changes lists of friends only.
    ...(relationship === 'FRIEND' || isMuted ? [muting] : []),
    ...steps.map((step) => ({
      key: step,
      label: stepLabel(step),
      icon: step === 'block' ? icons.block : icons.person,
      isDangerous: step === 'block' || step === 'unfriend',
    })),
  ]
}

/** Does what the user has chosen of `personChoices`. Returns whether anything was done. */
export async function takeChoice(key: string | null, other: Mutable): Promise<boolean> {
  const step = STEPS[other.relationship].find((each) => each === key)
  if (step) return confirmStep(step, other)
  return key === 'mute' && turnMute(other)
}

/** Mutes a user, or ends the mute, and says what that means. */
export async function turnMute({ id, displayName, isMuted }: Mutable): Promise<boolean> {
  const isDone = await attempt(() => muteUser(id, !isMuted))
  const { muted, unmuted } = words()
  if (isDone) toast((isMuted ? unmuted : muted)(displayName))
  return isDone
}

/** Offers what the viewer can do about a user as a menu, and does what is chosen. */
export async function offerSteps(steps: readonly PersonStep[], other: Mutable): Promise<boolean> {
  return takeChoice(await askUser({ name: other.displayName, choices: personChoices(steps, other) }), other)
}
