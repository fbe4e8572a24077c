import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import {
  type Allowance,
  chargeAllowance,
  takeAllowance,
  throughPrisma,
} from '../../../platform/allowances/allowance.ts'

type Transaction = Prisma.TransactionClient

const DAY_SECONDS = 24 * 60 * 60

/** How many requests of one user may await an answer. */
export const MAX_UNANSWERED = 1_000

// Being declined counts like asking three times.
const DECLINED_COST = 2

/** Why a user may not ask now; `retryAfterSeconds` is null where waiting alone does not help. */
export type TooManyRequests = { message: string; retryAfterSeconds: number | null }

/** What limits requests to be friends, so that nobody is pestered; see `requestLimits`. */
export type RequestLimits = {
  /** Uses up what asking another user costs; null where the user may ask. */
  takeRequest(tx: Transaction, userId: string, otherId: string, now: Date): Promise<TooManyRequests | null>
  /** A user's request was declined: they may ask the same user again less often. */
  onDeclined(tx: Transaction, userId: string, otherId: string): Promise<void>
}

/**
 * Makes the limits.
 *
 * @param perDay how many people one user may ask in a day
 * @param perPair how often one user may ask the same other in a week
 */
export function requestLimits({ perDay, perPair }: { perDay: number; perPair: number }): RequestLimits {
  const daily: Allowance = { limit: perDay, perSeconds: DAY_SECONDS }
  const weekly: Allowance = { limit: perPair, perSeconds: 7 * DAY_SECONDS }
  const pairKey = (userId: string, otherId: string) => `ask ${userId} ${otherId}`

  return {
    async takeRequest(tx, userId, otherId, now) {
      // The row of the user's own allowance is locked from here on, so that the count below stays true.
      const wait = await takeAllowance(throughPrisma(tx), `ask ${userId}`, daily, now)
      if (wait > 0) {
        const message = `You may send ${perDay} friend requests a day. Wait before you send more.`
        return { message, retryAfterSeconds: wait }
      }
      const pairWait = await takeAllowance(throughPrisma(tx), pairKey(userId, otherId), weekly, now)
      if (pairWait > 0) {
        const message = 'You have asked this user often. Wait some days before you ask again.'
        return { message, retryAfterSeconds: pairWait }
      }
      const [{ unanswered } = { unanswered: 0 }] = await tx.$queryRaw<{ unanswered: number }[]>`
        SELECT count(*)::int AS unanswered FROM (
          SELECT FROM relations WHERE user_id = ${userId}::uuid AND tie = 'REQUEST_SENT' LIMIT ${MAX_UNANSWERED}
        ) AS sent`
      if (unanswered < MAX_UNANSWERED) return null
      return {
        message: `${MAX_UNANSWERED} of your friend requests await an answer. Take some back before you send more.`,
        retryAfterSeconds: null,
      }
    },
    onDeclined: (tx, userId, otherId) =>
      chargeAllowance(throughPrisma(tx), pairKey(userId, otherId), DECLINED_COST),
  }
}
