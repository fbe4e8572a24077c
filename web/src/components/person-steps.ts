import type { Relationship } from '../../../generated/graphql/web.ts'
import { addressOf } from '../app/routes.ts'
import { muteUser } from '../data/mutes.ts'
import { type PersonStep, STEPS, takeStep } from '../data/people.ts'
import { icons } from '../design/icons.ts'
import { moreIcons } from '../design/more-icons.ts'
import { attempt } from './attempt.ts'
import { words } from './menus/messages.ts'
import { closeNotices, type NoticeAction, showNotice } from './notice.ts'
import { askUser, type Choice, type Question } from './sheet.ts'

/** A user with whom the viewer can take a step. */
export type Other = { id: string; displayName: string; relationship: Relationship }

/**
 * Takes a step, after asking the user about steps that end something, and says afterwards what has ended. Returns whether
 * it was taken.
 */
export async function confirmStep(step: PersonStep, other: Other): Promise<boolean> {
  const question = questionOf(step, other)
  if (question && (await askUser(question)) !== step) return false
  return takeAndTell(step, other)
}

/** What to ask before a step that ends something; null if the step needs no question. */
export function questionOf(step: PersonStep, { displayName }: Other): Question | null {
  const { blockTitle, blockText, declineTitle, declineText, unfriendTitle, unfriendText } = words()
  const texts: { [Step in PersonStep]?: [title: string, text: string] } = {
    block: [blockTitle(displayName), blockText],
    // Only the other user can send the request again.
    decline: [declineTitle(displayName), declineText(displayName)],
    unfriend: [unfriendTitle(displayName), unfriendText],
  }
  const asked = texts[step]
  if (!asked) return null
  const [title, text] = asked
  const icon = step === 'block' ? moreIcons.block : icons.person
  return {
    title,
    name: title,
    text,
    choices: [{ key: step, label: stepLabel(step), icon, isDangerous: true }],
  }
}

async function takeAndTell(step: PersonStep, other: Other): Promise<boolean> {
  const isTaken = await attempt(() => takeStep(step, other.id))
  if (!isTaken) return false
  const saysItself = tellChange(other.id)
  const ended = noticeOf(step, other)
  if (step === 'block' && saysItself) closeNotices()
  else if (ended) showNotice(ended.text, ended.actions)
  return true
}

/**
 * Tells the screens that the viewer has changed what another user is to them: the event `moblog-person-changed`. Returns
 * whether one of them, which has prevented the default, says itself that the user is blocked.
 */
function tellChange(userId: string): boolean {
  const event = new CustomEvent<string>('moblog-person-changed', { detail: userId, cancelable: true })
  return !dispatchEvent(event)
}

/** What has ended with a step, and the way back. */
export function noticeOf(
  step: PersonStep,
  other: Other,
): { text: string; actions: readonly NoticeAction[] } | null {
  const { add, blocked, blockedUsers, unblock, unblocked, undo, unfriended } = words()
  const offer = (label: string, next: PersonStep) => ({ label, act: () => void takeAndTell(next, other) })
  const { displayName } = other
  if (step === 'block') {
    const openList = () => {
      location.hash = addressOf({ name: 'settings', part: 'blocked' })
    }
    const toList = { label: blockedUsers, act: openList }
    return { text: blocked(displayName), actions: [offer(unblock, 'unblock'), toList] }
  }
  if (step === 'unblock') return { text: unblocked(displayName), actions: [offer(undo, 'block')] }
  // The other user has to agree again.
  if (step === 'unfriend') return { text: unfriended(displayName), actions: [offer(add, 'request')] }
  return null
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
  const muting = { key: 'mute', label: (isMuted ? unmute : mute)(displayName), icon: moreIcons.mute }
  return [
    // A mute changes lists of friends only.
    ...(relationship === 'FRIEND' || isMuted ? [muting] : []),
    ...steps.map((step) => ({
      key: step,
      label: stepLabel(step),
      icon: step === 'block' ? moreIcons.block : icons.person,
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
export async function turnMute(other: Mutable): Promise<boolean> {
  const { id, displayName, isMuted } = other
  const isDone = await attempt(() => muteUser(id, !isMuted))
  if (!isDone) return false
  const { muted, undo, unmuted } = words()
  const turnBack = { label: undo, act: () => void turnMute({ ...other, isMuted: !isMuted }) }
  showNotice((isMuted ? unmuted : muted)(displayName), [turnBack])
  tellChange(id)
  return true
}

/** Offers what the viewer can do about a user as a menu, and does what is chosen. */
export async function offerSteps(steps: readonly PersonStep[], other: Mutable): Promise<boolean> {
  return takeChoice(await askUser({ name: other.displayName, choices: personChoices(steps, other) }), other)
}
