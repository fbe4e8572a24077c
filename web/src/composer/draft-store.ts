import { readSession } from '../data/session-store.ts'
import { type Draft, readDraft } from './draft.ts'

const draftKey = (userId: string) => `moblog-draft-${userId}`
const pendingKey = (userId: string) => `moblog-pending-posts-${userId}`

/** The draft of the signed-in user on this device; null if there is none. */
export function keptDraft(): Draft | null {
  const userId = readSession()?.userId
  return userId === undefined ? null : readDraft(localStorage.getItem(draftKey(userId)))
}

export function keepDraft(draft: Draft | null): void {
  write(draftKey, draft && JSON.stringify(draft))
}

/** The posts that are published as soon as their uploads are finished. */
export function keptPendingPosts(): Draft[] {
  const userId = readSession()?.userId
  if (userId === undefined) return []
  const texts: unknown = JSON.parse(localStorage.getItem(pendingKey(userId)) ?? '[]')
  return Array.isArray(texts) ? texts.flatMap((each) => readDraft(JSON.stringify(each)) ?? []) : []
}

/** Returns whether they are kept: the storage may be full. */
export function keepPendingPosts(drafts: readonly Draft[]): boolean {
  return write(pendingKey, drafts.length === 0 ? null : JSON.stringify(drafts))
}

/** Forgets what a user has written on this device and not published. */
export function forgetDraftsOf(userId: string): void {
  localStorage.removeItem(draftKey(userId))
  localStorage.removeItem(pendingKey(userId))
}

function write(key: (userId: string) => string, text: string | null): boolean {
  const userId = readSession()?.userId
  // A page whose user has signed out keeps nothing more.
  if (userId === undefined) return false
  try {
    if (text === null) localStorage.removeItem(key(userId))
    else localStorage.setItem(key(userId), text)
    return true
  } catch {
    // The storage is full. The draft is kept as long as the page is open.
    return false
  }
}
