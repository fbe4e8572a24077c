import { isUsedUp } from './renewal-time.ts'

// So long addresses are taken to be valid if they have just arrived and the clock is wrong: usual ones live for minutes.
const LEFT_MS = 60_000

let clock = () => Date.now()
let aheadMs = 0

/** The time of the server in milliseconds since 1970, as far as it is known: the clock of this device may be wrong. */
export const serverTime = (): number => clock() - aheadMs

/** Makes the players of a page that knows the time of the server use it, so that they need not learn it. */
export function followClock(serverNow: () => number): void {
  clock = serverNow
  aheadMs = 0
}

/**
 * Returns addresses that the server has just given. They are valid, so a clock by which they are not is ahead of the
 * server's.
 */
export function noteFresh<Addresses extends { expiresAt?: string | null } | null>(
  addresses: Addresses,
): Addresses {
  const expiresAt = addresses?.expiresAt
  if (expiresAt && isUsedUp(expiresAt, serverTime())) aheadMs = clock() + LEFT_MS - Date.parse(expiresAt)
  return addresses
}
