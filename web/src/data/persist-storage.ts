import { pageUserId } from './session-store.ts'

const answerKey = (userId: string) => `moblog-persistent-${userId}`

/** Creates `persistStorage` for one start of the client. */
export function createPersistStorage(): () => Promise<void> {
  // If the browser does not answer, the next start asks again.
  let askedFor: string | null = null
  return async () => {
    const userId = pageUserId()
    if (userId === null || userId === askedFor || localStorage.getItem(answerKey(userId)) !== null) return
    if (!navigator.storage?.persist || 'mozInnerScreenX' in globalThis) return
    askedFor = userId
    const isPersistent = (await navigator.storage.persisted()) || (await navigator.storage.persist())
    // The user may have signed out meanwhile.
    if (pageUserId() === userId) localStorage.setItem(answerKey(userId), String(isPersistent))
  }
}

/**
 * Asks the browser once to keep what exists only on this device, also when the device has little room. Does nothing in
 * Firefox, which would show a prompt over what the user is doing; other browsers decide by themselves.
 */
export const persistStorage = createPersistStorage()

/** Forgets for a user what the browser has answered. */
export const forgetAnswerOf = (userId: string): void => localStorage.removeItem(answerKey(userId))
