import { randomUUID } from 'node:crypto'

// Fits UUIDs, ULIDs and the ids of common proxies. It is too short for a token, which must not get into the log.
const SAFE = /^[A-Za-z0-9][\w.:=+-]{0,63}$/

/** Returns the request id that a client sent if it is safe to log and to pass on, and a new UUID otherwise. */
export function requestIdOf(given: string | string[] | undefined): string {
  // Request ids need no order, and Node draws the random bytes of many UUIDs of this kind at once.
  return typeof given === 'string' && SAFE.test(given) ? given : randomUUID()
}
