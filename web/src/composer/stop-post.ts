import { addressOf } from '../app/routes.ts'
import { askUser } from '../components/sheet.ts'
import { toast } from '../components/toast.ts'
import { withdrawFromOutbox } from '../data/withdraw-letter.ts'
import { moreIcons } from '../design/more-icons.ts'
import { discardItem } from './discard-item.ts'
import { type Draft, toDraft } from './draft.ts'
import { keepDraft } from './draft-store.ts'
import { words } from './messages.ts'
import { canWithdraw, discardPost, pendingPosts, withdrawPost } from './pending-posts.ts'

/** Asks what becomes of a post that waits for its uploads and is not to be published now. */
export async function stopPost(draft: Draft): Promise<void> {
  const answer = await askWhatBecomes()
  if (answer !== null) takeBack(draft, answer)
}

/** Does with a post that waits what the user has chosen. */
export function takeBack(draft: Draft, answer: 'edit' | 'discard'): void {
  // It may have been published meanwhile.
  if (!pendingPosts().some(({ clientMutationId }) => clientMutationId === draft.clientMutationId)) return
  if (answer === 'discard') discardPost(draft)
  else if (withdrawPost(draft)) location.hash = addressOf({ name: 'write' })
  else toast(words().otherDraft)
}

/** Asks what becomes of a post that waits in the outbox for the connection, and is not to be sent. */
export async function stopSending(clientMutationId: string): Promise<void> {
  const answer = await askWhatBecomes()
  if (answer === null) return
  if (answer === 'edit' && !canWithdraw()) {
    toast(words().otherDraft)
    return
  }
  const letter = await withdrawFromOutbox(clientMutationId)
  const draft = toDraft(letter?.draft)
  if (letter?.wasSent) toast(words().mayBePublished)
  if (!letter) toast(words().publishedMeanwhile)
  else if (draft && answer === 'edit') {
    keepDraft({ ...draft, problem: null })
    location.hash = addressOf({ name: 'write' })
  } else for (const item of draft?.items ?? []) discardItem(item)
}

async function askWhatBecomes(): Promise<'edit' | 'discard' | null> {
  const { discardPost: discard, editPost, stopText, stopTitle } = words()
  const answer = await askUser({
    title: stopTitle,
    text: stopText,
    name: stopTitle,
    choices: [
      { key: 'edit', label: editPost, icon: moreIcons.edit },
      { key: 'discard', label: discard, icon: moreIcons.trash, isDangerous: true },
    ],
  })
  return answer === 'edit' || answer === 'discard' ? answer : null
}
