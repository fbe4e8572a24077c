import { toast } from '../components/toast.ts'
import { publishPost } from '../data/posts.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import type { Draft } from './draft.ts'
import { keepDraft, keepPendingPosts, keptDraft, keptPendingPosts } from './draft-store.ts'
import { readinessOf } from './media-ids.ts'
import { words } from './messages.ts'

let isFollowing = false

/** Publishes a post as soon as its uploads are finished, also after a restart of the app. */
export function publishWhenStored(draft: Draft): void {
  keepPendingPosts([...keptPendingPosts(), draft])
  followPendingPosts()
}

/** Continues to wait for the uploads of posts that the user has published. */
export function followPendingPosts(): void {
  if (!isFollowing) appUploads().addEventListener('change', publishReady)
  isFollowing = true
  publishReady()
}

function publishReady(): void {
  const uploads = appUploads()
  const waiting: Draft[] = []
  const published: Draft[] = []
  for (const draft of keptPendingPosts()) {
    const readiness = readinessOf(draft, (id) => uploads.get(id))
    if (readiness.kind === 'ON_THEIR_WAY') waiting.push(draft)
    else if (readiness.kind === 'READY') {
      publish(draft, readiness.mediaIds)
      published.push(draft)
    } else if (keptDraft() === null) {
      // The user decides what becomes of the post without this file.
      keepDraft(draft)
      toast(words().held)
    } else waiting.push(draft)
  }
  keepPendingPosts(waiting)
  // Last, because each dismissal is a change of the uploads and calls this function again: a post that were still pending
  // then would look as if its files were lost.
  for (const { items } of published) dismissUploads(items)
}

function publish({ text, audience, clientMutationId }: Draft, mediaIds: string[]): void {
  // The outbox of the data layer keeps it until the server has taken it.
  publishPost({ text, audience, mediaIds, clientMutationId }).catch((error: unknown) => toast(String(error)))
}

function dismissUploads(items: Draft['items']): void {
  for (const { uploadId } of items) if (uploadId !== null) appUploads().dismiss(uploadId)
}
