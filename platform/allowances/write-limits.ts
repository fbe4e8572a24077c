import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import { rateLimited } from '../errors.ts'
import { networkOf } from '../http/network-of.ts'
import type { Viewer } from '../identity/caller.ts'
import { type RunStatement, takeAllowance } from './allowance.ts'

/** Counts one write of a viewer. Rejects with `RATE_LIMITED` if there were too many. */
export type LimitWrite = (viewer: Viewer, field: string) => Promise<void>

/** The dependencies and settings of `createWriteLimit`. */
export type WriteLimitOptions = {
  run: RunStatement
  clock: Clock
  /** How many times per minute a viewer may call each mutation. Mutations that are not listed share one rate limit. */
  perMinute: Readonly<Record<string, number>>
  /** A factor for all limits; 0 turns them off. */
  scale: number
}

/** How many calls per minute a viewer has, in total, for all mutations without a limit in `perMinute`. */
export const OTHER_WRITES_PER_MINUTE = 30

// One network address may have many users, so its limit is larger by this factor.
const USERS_PER_NETWORK = 20
const REMEMBERED = 10_000

/**
 * Limits how many mutations each viewer calls. Signed-out viewers of one network share a limit. The counts are in the
 * database, so all processes share them. This process remembers viewers who must wait, so their next attempts cost no
 * SQL statement.
 */
export function createWriteLimit({ run, clock, perMinute, scale }: WriteLimitOptions): LimitWrite {
  const waiting = new LRUCache<string, number>({ max: REMEMBERED })

  return async (viewer, field) => {
    if (scale === 0) return
    const ownLimit = Object.hasOwn(perMinute, field) ? perMinute[field] : undefined
    const perUser = ownLimit ?? OTHER_WRITES_PER_MINUTE
    const users = viewer.userId === null ? USERS_PER_NETWORK : 1
    const limit = Math.max(1, Math.floor(perUser * users * scale))
    const key = `${ownLimit === undefined ? 'other' : field} ${viewer.userId ?? networkOf(viewer.address ?? '')}`
    const now = clock()
    const known = waiting.get(key) ?? 0
    const seconds =
      known > now.getTime()
        ? Math.ceil((known - now.getTime()) / 1000)
        : await takeAllowance(run, key, { limit, perSeconds: 60 }, now, false)
    if (seconds === 0) return
    if (known <= now.getTime()) waiting.set(key, now.getTime() + seconds * 1000)
    const what = `${field}${ownLimit === undefined ? ' and other mutations' : ''}`
    const who = viewer.userId === null ? ' for your network' : ''
    const message = `Too many calls of ${what}: the limit is ${limit} per minute${who}. Try again in ${inWords(seconds)}.`
    throw rateLimited(message, seconds)
  }
}

function inWords(seconds: number): string {
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}
