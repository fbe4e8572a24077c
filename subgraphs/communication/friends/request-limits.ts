import {
  type Allowance,
  chargeAllowance,
  takeAllowance,
  throughPrisma,
} from '../../../platform/allowances/allowance.ts'
import type { Db } from '../database.ts'
import { countUnanswered } from './unanswered-requests-store.ts'

const DAY_SECONDS = 24 * 60 * 60

/** How many unanswered requests one user may have. */
export const MAX_UNANSWERED = 1_000

// With the request itself, a declined request counts as three requests.
const DECLINED_COST = 2

/** Why a user may not send a request now; `retryAfterSeconds` is null if waiting alone does not help. */
export type TooManyRequests = { message: string; retryAfterSeconds: number | null }

/** Rate limits of friend requests, which protect users from being pestered; see `requestLimits`. */
export type RequestLimits = {
  /** Takes one request from the rate limits; returns null if the user may send it. */
  takeRequest(tx: Db, userId: string, otherId: string, now: Date): Promise<TooManyRequests | null>
  /** Called when a user's request was declined: the user may send fewer requests to the same user. */
  onDeclined(tx: Db, userId: string, otherId: string): Promise<void>
}

/**
 * Creates the rate limits of friend requests.
 *
 * @param perDay how many requests one user may send in a day
 * @param perPair how many requests one user may send to the same user in a week
 */
export function requestLimits({ perDay, perPair }: { perDay: number; perPair: number }): RequestLimits {
  const daily: Allowance = { limit: perDay, perSeconds: DAY_SECONDS }
  const weekly: Allowance = { limit: perPair, perSeconds: 7 * DAY_SECONDS }
  const pairKey = (userId: string, otherId: string) => `ask ${userId} ${otherId}`

  return {
    async takeRequest(tx, userId, otherId, now) {
      // This locks the row of the user's rate limit until the transaction ends, so the count below stays correct.
      const wait = await takeAllowance(throughPrisma(tx), `ask ${userId}`, daily, now)
      if (wait > 0) {
        const message = `The limit is ${perDay} friend requests a day. Wait before you send more.`
        return { message, retryAfterSeconds: wait }
      }
      const pairWait = await takeAllowance(throughPrisma(tx), pairKey(userId, otherId), weekly, now)
      if (pairWait > 0) {
        const message = `The limit is ${perPair} friend requests to the same user in a week. Wait before you send another one.`
        return { message, retryAfterSeconds: pairWait }
      }
      if ((await countUnanswered(tx, userId, MAX_UNANSWERED)) < MAX_UNANSWERED) return null
      return {
        message: `The limit is ${MAX_UNANSWERED} unanswered friend requests. Cancel some before you send more.`,
        retryAfterSeconds: null,
      }
    },
    onDeclined: (tx, userId, otherId) =>
      chargeAllowance(throughPrisma(tx), pairKey(userId, otherId), DECLINED_COST),
  }
}
