import type { Pool } from '../database.ts'
import { begunAt } from './begun-at.ts'
import { findLatest, type SeenMoblog } from './moblog-store.ts'

/** The moblog of a friend, and when it last changed for the viewer. */
export type ActiveMoblog = { id: string; updatedAt: Date }

/**
 * The moblogs of friends of a viewer, the one with the newest activity first. One indexed statement reads when each friend was last
 * active, and this function sorts the result. No order is stored, because a user has few friends compared to all users,
 * and what a friend shows to friends changes all the time.
 */
export async function activeMoblogs(
  pool: Pool,
  viewerId: string | null,
  friends: readonly SeenMoblog[],
  now: Date,
): Promise<(ActiveMoblog & SeenMoblog)[]> {
  if (friends.length === 0) return []
  const latest = await findLatest(pool, viewerId, friends, now)
  return friends
    .map((friend, index) => ({ ...friend, updatedAt: latest[index] ?? begunAt(friend.id) }))
    .sort(compareActive)
}

/** Negative if the first comes first: newest first, and the higher id first at the same instant. */
export function compareActive(one: ActiveMoblog, other: ActiveMoblog): number {
  const byTime = other.updatedAt.getTime() - one.updatedAt.getTime()
  return byTime || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)
}
