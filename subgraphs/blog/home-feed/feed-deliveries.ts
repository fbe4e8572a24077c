import { z } from 'zod'
import type { Communication } from '../access/communication.ts'
import type { Pool } from '../database.ts'
import {
  addNewestPosts,
  addToFeeds,
  isShared,
  removeAuthor,
  removeSomeOfPost,
  trimFeeds,
} from './fan-out-store.ts'
import { TOPIC } from './feed-changes.ts'

/** The dependencies of the handler. */
export type FeedDeliveriesDeps = {
  pool: Pool
  communication: Pick<Communication, 'friendIdsOf' | 'relationshipsOf'>
}

/** How many posts a new friend brings into a home feed. */
export const NEWEST_OF_FRIEND = 100

/** How many home feeds one statement adds a post to. */
const FEEDS_AT_ONCE = 500

// Finding out whether a feed is too long means reading all of it, so that is done for one addition of this many.
const TRIM_ONE_IN = 32

const message = z.union([
  z.object({ authorId: z.string(), postId: z.string() }),
  z.object({ authorId: z.string(), viewerId: z.string() }),
])

/** The outbox handler that makes home feeds follow changes. Handling a change twice has no further effect. */
export function feedDeliveries(deps: FeedDeliveriesDeps) {
  return {
    async [TOPIC](payload: unknown) {
      const change = message.parse(payload)
      if ('postId' in change) await followPost(deps, change)
      else await followFriendship(deps, change)
    },
  }
}

async function followPost(
  { pool, communication }: FeedDeliveriesDeps,
  { authorId, postId }: { authorId: string; postId: string },
): Promise<void> {
  if (!(await isShared(pool, postId))) {
    while (await removeSomeOfPost(pool, postId)) {}
    return
  }
  const friendIds = await communication.friendIdsOf(authorId)
  for (let from = 0; from < friendIds.length; from += FEEDS_AT_ONCE) {
    const viewerIds = friendIds.slice(from, from + FEEDS_AT_ONCE)
    await addToFeeds(pool, postId, viewerIds)
    await trimFeeds(
      pool,
      viewerIds.filter(() => Math.random() < 1 / TRIM_ONE_IN),
    )
  }
}

async function followFriendship(
  { pool, communication }: FeedDeliveriesDeps,
  { authorId, viewerId }: { authorId: string; viewerId: string },
): Promise<void> {
  const [relationship] = await communication.relationshipsOf(viewerId, [authorId])
  if (relationship?.kind !== 'FRIEND') return removeAuthor(pool, viewerId, authorId)
  await addNewestPosts(pool, viewerId, [authorId], NEWEST_OF_FRIEND)
  await trimFeeds(pool, [viewerId])
}
