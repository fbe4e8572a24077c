import type { Clock } from '../../../platform/clock.ts'
import type { Communication } from '../access/communication.ts'
import type { Pool } from '../database.ts'
import { addNewestPosts, MAX_ITEMS, markBuilt, markRead, openFeed } from './fan-out-store.ts'
import { NEWEST_OF_FRIEND } from './feed-deliveries.ts'
import type { FeedPart } from './feed-item-store.ts'

/** The dependencies of reading a home feed. */
export type OpeningDeps = { pool: Pool; communication: Pick<Communication, 'friendIdsOf'>; clock: Clock }

/** How precisely it is known when a feed was read. Reading a feed then rarely writes. */
const READ_PRECISION_MS = 86_400_000

// Building reads this many posts in total, unless that is less than `LEAST_OF_FRIEND` posts of each friend.
const READ_TO_BUILD = 4 * MAX_ITEMS
const LEAST_OF_FRIEND = 20

/** Reads a part of a viewer's home feed. If the feed is not kept yet, it is built first. */
export async function readFromFeed<Item>(
  deps: OpeningDeps,
  viewerId: string,
  read: () => Promise<FeedPart<Item>>,
): Promise<Item[]> {
  const part = await read()
  if (!part.isBuilt) {
    await buildHomeFeed(deps, viewerId)
    return (await read()).items
  }
  const now = deps.clock()
  const readBefore = now.getTime() - READ_PRECISION_MS
  if (part.readAt && part.readAt.getTime() < readBefore) await markRead(deps.pool, viewerId, now)
  return part.items
}

/**
 * Builds the home feed of a viewer who has not read it before, or not for long. The feed is opened first, in a
 * transaction of its own: each post is then either published before its friends are asked for, and found here, or added
 * by its own message. A feed whose building was interrupted is built again when it is next read.
 */
async function buildHomeFeed({ pool, communication, clock }: OpeningDeps, viewerId: string): Promise<void> {
  await openFeed(pool, viewerId, clock())
  const friendIds = await communication.friendIdsOf(viewerId)
  await addNewestPosts(pool, viewerId, friendIds, newestOfEach(friendIds.length))
  await markBuilt(pool, viewerId, clock())
}

function newestOfEach(friends: number): number {
  const share = Math.ceil(READ_TO_BUILD / Math.max(friends, 1))
  return Math.min(NEWEST_OF_FRIEND, Math.max(LEAST_OF_FRIEND, share))
}
