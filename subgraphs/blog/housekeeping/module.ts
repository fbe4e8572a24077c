import { forgetAllowances } from '../../../platform/allowances/allowance.ts'
import { statementsOn } from '../../../platform/database/pool.ts'
import type { Module } from '../../../platform/module.ts'
import { purgeDeletedComments } from '../comments/comment-change-store.ts'
import { purgeDeletedPosts } from '../posts/post-change-store.ts'
import type { Resources } from '../resources.ts'

/** The dependencies of this module. */
export type HousekeepingDeps = Pick<Resources, 'db' | 'pool' | 'clock'>

const EVERY_MS = 3_600_000
// Longer than clients keep retrying a request.
const KEEP_DELETED_MS = 7 * 86_400_000
// Rate limits are fully available again after a minute.
const KEEP_ALLOWANCES_MS = 3_600_000

/** Removes the rows that remain of posts and comments deleted long ago, and old rate limits. */
export function housekeepingModule({ db, pool, clock }: HousekeepingDeps): Module {
  const run = async () => {
    const before = new Date(clock().getTime() - KEEP_DELETED_MS)
    await purgeDeletedPosts(db, before)
    await purgeDeletedComments(db, before)
    await forgetAllowances(statementsOn(pool), new Date(clock().getTime() - KEEP_ALLOWANCES_MS))
  }
  return { jobs: [{ name: 'housekeeping', everyMs: EVERY_MS, run }] }
}
