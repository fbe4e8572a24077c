import { readSession } from '../data/session-store.ts'
import { type Draft, readDraft } from './draft.ts'

const draftKey = () => `moblog-draft-${readSession()?.userId ?? ''}`
const pendingKey = () => `moblog-pending-posts-${readSession()?.userId ?? ''}`

/** The draft of the signed-in user on this device; null if there is none. */
export function keptDraft(): Draft | null {
  return readDraft(localStorage.getItem(draftKey()))
}

export function keepDraft(draft: Draft | null): void {
  write(draftKey(), draft && JSON.stringify(draft))
}

/** The posts that are published as soon as their uploads are finished. */
export function keptPendingPosts(): Draft[] {
  const texts: unknown = JSON.parse(localStorage.getItem(pendingKey()) ?? '[]')
  return Array.isArray(texts) ? texts.flatMap((each) => readDraft(JSON.stringify(each)) ?? []) : []
}

/** Returns whether they are kept: the storage may be full. */
export function keepPendingPosts(drafts: readonly Draft[]): boolean {
  return write(pendingKey(), drafts.length === 0 ? null : JSON.stringify(drafts))
}

function write(key: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
    return true
  } catch {
    // The storage is full. The draft is kept as long as the page is open.
    return false
  }
}
