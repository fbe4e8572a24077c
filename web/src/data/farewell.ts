import { forgetSessionEnd } from './session-store.ts'

// Only in this tab, and until the user has read it. The page is loaded again between the deletion and the farewell.
const KEY = 'moblog-farewell'

/** What is left to say after an account was deleted: whose it was, and the receipt that tells when everything is erased. */
export type Farewell = { handle: string; receipt: string }

export function keepFarewell(farewell: Farewell): void {
  sessionStorage.setItem(KEY, JSON.stringify(farewell))
}

export function readFarewell(): Farewell | null {
  const kept: Partial<Farewell> | null = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  return kept?.handle && kept.receipt ? { handle: kept.handle, receipt: kept.receipt } : null
}

export function forgetFarewell(): void {
  sessionStorage.removeItem(KEY)
  // Its session has ended with the account.
  forgetSessionEnd()
}
