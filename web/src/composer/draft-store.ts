import { askToPersist } from '../data/ask-to-persist.ts'
import { pageUserId } from '../data/session-store.ts'
import { type Draft, isUntouched, readDraft, toDraft } from './draft.ts'
import { pendingKey } from './pending-key.ts'

// Each draft has a key of its own, so that windows do not overwrite each other's drafts.
const draftKey = (userId: string, id: string) => `${oldDraftKey(userId)} ${id}`
// Earlier versions of the client kept one draft of each user.
const oldDraftKey = (userId: string) => `moblog-draft-${userId}`
// In the `sessionStorage`, which each window has for itself and keeps when it is loaded again.
const OWN_DRAFT = 'moblog-own-draft'

/** All drafts of the signed-in user on this device, also those that other windows have open. */
export function keptDrafts(): Draft[] {
  const userId = pageUserId()
  if (userId === null) return []
  const old = readDraft(localStorage.getItem(oldDraftKey(userId)))
  if (old && saveDraft(old)) localStorage.removeItem(oldDraftKey(userId))
  return draftKeys(userId).flatMap((key) => readDraft(localStorage.getItem(key)) ?? [])
}

/** The draft that was last written in this window; null if there is none. */
export function keptDraft(): Draft | null {
  const own = sessionStorage.getItem(OWN_DRAFT)
  return keptDrafts().find(({ clientMutationId }) => clientMutationId === own) ?? null
}

/** Keeps a draft as that of this window. One in which nothing is left is forgotten. */
export function keepDraft(draft: Draft): void {
  sessionStorage.setItem(OWN_DRAFT, draft.clientMutationId)
  saveDraft(draft)
}

/** Keeps a draft without making it that of this window. Returns whether it is kept: the storage may be full. */
export function saveDraft(draft: Draft): boolean {
  return write(
    (userId) => draftKey(userId, draft.clientMutationId),
    isUntouched(draft) ? null : JSON.stringify(draft),
  )
}

export function forgetDraft({ clientMutationId }: Draft): void {
  write((userId) => draftKey(userId, clientMutationId), null)
}

/** The posts that are published as soon as their uploads are finished. */
export function keptPendingPosts(): Draft[] {
  const userId = pageUserId()
  if (userId === null) return []
  const texts: unknown = JSON.parse(localStorage.getItem(pendingKey(userId)) ?? '[]')
  return Array.isArray(texts) ? texts.flatMap((each) => toDraft(each) ?? []) : []
}

/** Returns whether they are kept: the storage may be full. */
export function keepPendingPosts(drafts: readonly Draft[]): boolean {
  return write(pendingKey, drafts.length === 0 ? null : JSON.stringify(drafts))
}

/** Forgets what a user has written on this device and not published. */
export function forgetDraftsOf(userId: string): void {
  for (const key of [oldDraftKey(userId), ...draftKeys(userId)]) localStorage.removeItem(key)
  localStorage.removeItem(pendingKey(userId))
}

function draftKeys(userId: string): string[] {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '')
  return keys.filter((key) => key.startsWith(draftKey(userId, '')))
}

function write(key: (userId: string) => string, text: string | null): boolean {
  const userId = pageUserId()
  // A page whose user has signed out keeps nothing more, also if another user has signed in.
  if (userId === null) return false
  try {
    if (text === null) localStorage.removeItem(key(userId))
    else {
      localStorage.setItem(key(userId), text)
      askToPersist()
    }
    return true
  } catch {
    // The storage is full. The draft is kept as long as the page is open.
    return false
  }
}
