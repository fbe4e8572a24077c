import type { PublishPostMutation } from '../../../generated/graphql/web.ts'
import { toast } from '../components/toast.ts'
import { succeed } from '../data/failure.ts'
import { adopted } from '../data/outbox.ts'
import { newId } from '../new-id.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import { forgetOldCaptions } from './captions-store.ts'
import { discardItem } from './discard-item.ts'
import { type Draft, type DraftItem, toDraft } from './draft.ts'
import { keepDraft, keepPendingPosts, keptDraft, keptPendingPosts } from './draft-store.ts'
import { readinessOf } from './media-ids.ts'
import { words } from './messages.ts'
import { afterRefusal, publishDraft } from './publish-draft.ts'

/** Tells as the event `change` that a post began or ceased to wait for its uploads. */
export const pendingPostsChanges = new EventTarget()

let isFollowing = false
// By their `clientMutationId`: the posts that this window publishes, and those of them that are on their way to the
// outbox. A post that another window has added since this one was opened is not among them, because its uploads are not
// in the list of this window.
const followed = new Set<string>()
const publishing = new Set<string>()

/** The posts that wait for their uploads, oldest first. */
export function pendingPosts(): Draft[] {
  return keptPendingPosts().filter(({ clientMutationId }) => !publishing.has(clientMutationId))
}

/**
 * Publishes a post as soon as its uploads are finished, also after a restart of the app. It gets an id of its own: what is
 * written in the same draft afterwards, or was written in another window, is never taken for a repetition of it.
 *
 * @returns whether this device could keep the post. Otherwise, nothing happens.
 */
export function publishWhenStored(draft: Draft): boolean {
  const clientMutationId = newId()
  if (!keepPendingPosts([...keptPendingPosts(), { ...draft, clientMutationId }])) return false
  followed.add(clientMutationId)
  followPendingPosts()
  pendingPostsChanges.dispatchEvent(new Event('change'))
  return true
}

/**
 * Gives a post that waits back to the composer, unless the user is writing another one in this window.
 *
 * @returns whether it is the draft now
 */
export function withdrawPost(draft: Draft): boolean {
  if (!canWithdraw()) return false
  keepDraft({ ...draft, problem: null })
  forget(draft)
  return true
}

/** Whether the composer is free, so that a post can be given back to it. */
export function canWithdraw(): boolean {
  return keptDraft() === null
}

/** Ends a post that waits, with its uploads. */
export function discardPost(draft: Draft): void {
  forget(draft)
  for (const item of draft.items) discardItem(item)
}

/** Continues to wait for the uploads of posts that the user has published. */
export function followPendingPosts(): void {
  if (!isFollowing) {
    appUploads().addEventListener('change', publishReady)
    void forgetOldCaptions(Date.now()).catch(() => {})
    for (const { clientMutationId } of keptPendingPosts()) followed.add(clientMutationId)
    for (const { draft, answer } of adopted) followAdopted(toDraft(draft), answer)
  }
  isFollowing = true
  publishReady()
}

function publishReady(): void {
  // Until the list of uploads is read, all of them look lost.
  if (!appUploads().isLoaded) return
  const mine = pendingPosts().filter(
    (draft) => draft.problem === null && followed.has(draft.clientMutationId),
  )
  for (const draft of mine) {
    const readiness = readinessOf(draft, (id) => appUploads().get(id))
    if (readiness.kind === 'READY') void publishNow(draft, readiness.mediaIds)
    else if (readiness.kind === 'FAILED') holdBack(draft)
  }
}

/** Hands a post to the outbox, and forgets it when the outbox has it. */
async function publishNow(draft: Draft, mediaIds: string[]): Promise<void> {
  const { clientMutationId, items } = draft
  publishing.add(clientMutationId)
  pendingPostsChanges.dispatchEvent(new Event('change'))
  try {
    await publishDraft(
      { ...draft, items: items.map((item, index) => withMedia(item, mediaIds[index])) },
      showRefused,
    )
    forget(draft)
    // Last, because each dismissal is a change of the uploads and calls `publishReady`: a post that were still pending
    // then would look as if its files were lost.
    for (const { uploadId } of items) if (uploadId !== null) appUploads().dismiss(uploadId)
  } catch {
    toast(words().notKeptPost)
  } finally {
    publishing.delete(clientMutationId)
  }
}

/** Notes the media of an item, and as long as its upload is known whether it was stored for this draft. */
function withMedia(item: DraftItem, mediaId: string | null = item.mediaId): DraftItem {
  const upload = item.uploadId === null ? null : appUploads().get(item.uploadId)
  return { ...item, mediaId, isNewMedia: upload ? !upload.isStoredBefore : item.isNewMedia }
}

/** Shows a post that the server has not accepted among those that wait, until the user decides what becomes of it. */
function showRefused(again: Draft): void {
  // Two windows may have followed it.
  const same = JSON.stringify({ ...again, clientMutationId: '' })
  if (keptPendingPosts().some((each) => JSON.stringify({ ...each, clientMutationId: '' }) === same)) return
  if (again.problem !== null) toast(again.problem)
  keepPendingPosts([...keptPendingPosts(), again])
  pendingPostsChanges.dispatchEvent(new Event('change'))
}

/** Follows a post that was handed to the outbox before the app was closed. */
function followAdopted(draft: Draft | null, answer: Promise<unknown>): void {
  if (!draft) return
  answer
    .then((data) => void succeed((data as PublishPostMutation).publishPost))
    .catch((error: unknown) => showRefused(afterRefusal(draft, error)))
}

/** The user decides what becomes of a post without the file that was not uploaded. */
function holdBack(draft: Draft): void {
  if (withdrawPost(draft)) toast(words().held)
}

function forget({ clientMutationId }: Draft): void {
  keepPendingPosts(keptPendingPosts().filter((each) => each.clientMutationId !== clientMutationId))
  pendingPostsChanges.dispatchEvent(new Event('change'))
}
