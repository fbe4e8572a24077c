import { CLOCK_SKEW_SECONDS } from '../../../platform/tokens/strict-token.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Db } from '../database.ts'
import {
  deleteSessions,
  findOldestSessions,
  type SessionsToEnd,
  saveSessionRevocations,
} from './session-revocation-store.ts'

// A token may be signed just before the revocation on a machine whose clock runs ahead, and verified by a clock that
// runs behind.
const SLACK_SECONDS = 60 + 2 * CLOCK_SKEW_SECONDS

// A token of an identity provider may live longer than this. The gateway checks it again long before, and then finds no
// user.
const REMEMBERED_SECONDS = 900

/**
 * When a session revocation happens, how long access tokens live (seconds), and how page and media tokens are revoked.
 */
export type RevocationTime = { now: Date; accessSeconds: number; revocations: TokenRevocations }

/** Until when a token of a revoked session may still be used or exchanged for other tokens. */
function lastUse({ now, accessSeconds }: RevocationTime): Date {
  return new Date(now.getTime() + (Math.max(accessSeconds, REMEMBERED_SECONDS) + SLACK_SECONDS) * 1000)
}

/**
 * Revokes all sessions of a deleted user, the user's tokens, and the tokens of others for the user's media and page.
 */
export async function endUser(tx: Db, userId: string, time: RevocationTime): Promise<void> {
  await endSessions(tx, { userId }, time)
  await saveSessionRevocations(tx, [userId], lastUse(time))
  await time.revocations.ofUser(tx, userId, lastUse(time))
}

/**
 * Revokes sessions of a user, last in a transaction. Their refresh tokens stop working at once, their access tokens as
 * soon as the gateways are notified, and their page and media tokens as soon as blog and storage are notified.
 *
 * @returns how many sessions were revoked
 */
export async function endSessions(tx: Db, which: SessionsToEnd, time: RevocationTime): Promise<number> {
  const ids = await deleteSessions(tx, which)
  if (ids.length === 0) return 0
  await saveSessionRevocations(tx, ids, lastUse(time))
  await time.revocations.ofSessions(tx, which.userId, ids, lastUse(time))
  return ids.length
}

/** If a user has more than `most` sessions, revokes those that were used longest ago. Call it last in a transaction. */
export async function endOldestSessions(
  tx: Db,
  { userId, most }: { userId: string; most: number },
  time: RevocationTime,
): Promise<void> {
  for (const only of await findOldestSessions(tx, userId, most)) await endSessions(tx, { userId, only }, time)
}
