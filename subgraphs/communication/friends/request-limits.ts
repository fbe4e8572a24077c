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

/** What limits requests to be friends, so that nobody is pestered; see `requestLimits`. */
export type RequestLimits = {
  /** Whether a user may ask another; what asking uses up is used up. */
  mayAsk(tx: Transaction, userId: string, otherId: string, now: Date): Promise<boolean>
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
    async mayAsk(tx, userId, otherId, now) {
      // The row of the user's own allowance is locked from here on, so that the count below stays true.
      if ((await takeAllowance(throughPrisma(tx), `ask ${userId}`, daily, now)) > 0) return false
      if ((await takeAllowance(throughPrisma(tx), pairKey(userId, otherId), weekly, now)) > 0) return false
      const [{ unanswered } = { unanswered: 0 }] = await tx.$queryRaw<{ unanswered: number }[]>`
        SELECT count(*)::int AS unanswered FROM (
          SELECT FROM relations WHERE user_id = ${userId}::uuid AND tie = 'REQUEST_SENT' LIMIT ${MAX_UNANSWERED}
        ) AS sent`
      return unanswered < MAX_UNANSWERED
    },
    onDeclined: (tx, userId, otherId) =>
      chargeAllowance(throughPrisma(tx), pairKey(userId, otherId), DECLINED_COST),
  }
}
