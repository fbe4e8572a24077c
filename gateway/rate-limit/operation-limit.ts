import { rateLimited } from '../../platform/errors.ts'
import { networkOf } from '../../platform/http/network-of.ts'
import type { Viewer } from '../../platform/identity/caller.ts'
import type { Log } from '../../platform/log.ts'
import { createSharedLimits, type SharedLimit } from '../../platform/rate-limits/shared-limits.ts'
import type { ShareUse } from '../../platform/rate-limits/shared-use.ts'
import { operationWeight } from './operation-weight.ts'

/** Counts one operation; see `OperationLimit.begin`. */
export type OperationMeter = {
  /** Returns what the operation counts so far. */
  weight(): number
  /** Raises what the operation counts to this weight. */
  count(weight: number): void
  /**
   * Raises what the operation counts to this weight before it is executed.
   *
   * @throws VisibleError `RATE_LIMITED` if other operations have used up the limit meanwhile
   */
  reach(weight: number): void
}

/** Limits what viewers and networks ask of the gateway; see `createOperationLimit`. */
export type OperationLimit = {
  /** @throws VisibleError `RATE_LIMITED` if the limit of the viewer or of their network is used up */
  admit(viewer: Viewer): void
  /** Counts the operation of a viewer from its beginning. */
  begin(viewer: Viewer): OperationMeter
  close(): Promise<void>
}

/** The dependencies and settings of `createOperationLimit`. */
export type OperationLimitOptions = {
  /** The weight of the operations of one viewer per minute; 0 for no limit. */
  perMinute: number
  share: ShareUse
  log: Log
  /** Returns a monotonic time in milliseconds. */
  now?: () => number
}

type Limit = SharedLimit & { isOfNetwork: boolean }

// A network address may be a household, an office or a part of a mobile network. Signed-out viewers of an address do
// little more than sign in.
const VIEWERS_PER_NETWORK = 20
const SIGNED_OUT_PER_NETWORK = 3

/**
 * Creates the rate limit on operations, over all protocols: per viewer, per network for its signed-out viewers together,
 * and per network in total. An operation is admitted while something is left, and may use more than that. So each
 * operation that the cost limit allows is possible, and later ones wait longer.
 */
export function createOperationLimit(options: OperationLimitOptions): OperationLimit {
  const { perMinute, share, log, now } = options
  const shared = createSharedLimits({ share, log, now })
  const limitsFor = (viewer: Viewer) => (perMinute === 0 ? [] : limitsOf(viewer, perMinute))
  const requireRoom = (limits: readonly Limit[], own: number) => {
    const found = shared.findUsedUp(limits, own)
    if (found) throw usedUp(found.limit, found.seconds)
  }

  return {
    admit: (viewer) => requireRoom(limitsFor(viewer), 0),
    begin(viewer) {
      const limits = limitsFor(viewer)
      let counted = 0
      const count = (weight: number) => {
        if (weight <= counted) return
        shared.use(limits, weight - counted)
        counted = weight
      }
      count(operationWeight(0))
      return {
        weight: () => counted,
        count,
        reach(weight) {
          requireRoom(limits, counted)
          count(weight)
        },
      }
    },
    close: shared.close,
  }
}

function limitsOf({ userId, address = '' }: Viewer, perMinute: number): Limit[] {
  const network = networkOf(address)
  const total = {
    key: `operations of ${network}`,
    perMinute: perMinute * VIEWERS_PER_NETWORK,
    isOfNetwork: true,
  }
  const own =
    userId === null
      ? {
          key: `operations signed out ${network}`,
          perMinute: perMinute * SIGNED_OUT_PER_NETWORK,
          isOfNetwork: true,
        }
      : { key: `operations ${userId}`, perMinute, isOfNetwork: false }
  return [own, total]
}

function usedUp({ isOfNetwork }: Limit, seconds: number) {
  const who = isOfNetwork ? ' of your network' : ''
  const when = seconds === 1 ? '1 second' : `${seconds} seconds`
  return rateLimited(
    `The rate limit on operations${who} is used up. Try again in ${when}. Smaller pages and fewer fields use less of it.`,
    seconds,
  )
}
