import type { Viewer } from '../../../platform/identity/caller.ts'

/** Where an attempt comes from. */
export type Origin = {
  address: string | null
  /** Whether the account's user has signed in from there before. */
  isKnown: boolean
  /** Whether the attempt is made in a session of the account. */
  isSignedIn: boolean
}

/** Returns the client address of a request; null if it is not known. */
export function addressOf(caller: Viewer): string | null {
  return caller.address ?? null
}

/**
 * Returns the origin of a signed-in user's request. A thief of a session may be anywhere, so no network counts as
 * known.
 */
export function originOf(caller: Viewer): Origin {
  return { address: addressOf(caller), isKnown: false, isSignedIn: true }
}
