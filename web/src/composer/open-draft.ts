import { newId } from '../new-id.ts'
import { type Draft, emptyDraft, isUntouched } from './draft.ts'
import { forgetDraft, keepDraft, keptDrafts } from './draft-store.ts'

const OWN_ATTEMPTS = 10
const OWN_PAUSE_MS = 100

/** The drafts that this window has open. No other window opens them before this one is closed. */
export type OpenDrafts = {
  /** Keeps other windows from opening a draft. Returns false if another one has it open. */
  hold(clientMutationId: string): Promise<boolean>
  /**
   * Opens the draft that a composer begins with.
   *
   * @returns the same; or a draft whose window was closed, if the composer begins with an empty one; or an empty one, if
   * this window is a copy of another one that has the draft open
   */
  open(first: Draft): Promise<Draft>
}

export function createOpenDrafts(): OpenDrafts {
  const held = new Set<string>()

  const hold = async (id: string): Promise<boolean> => {
    if (!hasLocks() || held.has(id)) return true
    const isHeld = await holdUntilClosed(`moblog-draft-${id}`)
    if (isHeld) held.add(id)
    return isHeld
  }
  /** Waits a moment: a page that is loaded again may begin before the one before it has ended. */
  const holdOwn = async (id: string): Promise<boolean> => {
    for (let attempt = 0; attempt < OWN_ATTEMPTS; attempt += 1) {
      if (await hold(id)) return true
      await new Promise((resolve) => setTimeout(resolve, OWN_PAUSE_MS))
    }
    return false
  }
  const openOther = async (): Promise<Draft | null> => {
    for (const { clientMutationId } of keptDrafts()) {
      const draft = (await hold(clientMutationId)) && take(clientMutationId)
      if (draft) return draft
    }
    return null
  }
  return {
    hold,
    async open(first) {
      const isHeld = await holdOwn(first.clientMutationId)
      if (isHeld) return (isUntouched(first) && (await openOther())) || first
      const fresh = emptyDraft(newId())
      keepDraft(fresh)
      await hold(fresh.clientMutationId)
      return fresh
    },
  }
}

/** The drafts of this window. */
export const openDrafts = createOpenDrafts()

function holdUntilClosed(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null)
        return lock && new Promise(() => {})
      })
      .catch(() => resolve(false))
  })
}

/** Reads a draft when no other window changes it any more. Another one may have published it meanwhile. */
function take(id: string): Draft | null {
  const draft = keptDrafts().find(({ clientMutationId }) => clientMutationId === id)
  if (!draft) return null
  if (!hasLocks()) {
    // A window that still has it open goes on with a draft of its own.
    forgetDraft(draft)
    draft.clientMutationId = newId()
  }
  keepDraft(draft)
  return draft
}

/** Pages without a secure address have no locks. */
const hasLocks = () => 'locks' in navigator
