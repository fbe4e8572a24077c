import type { Pool } from '../database.ts'
import { revokePageTokens } from '../revocations/revocation-store.ts'
import {
  eraseHomeFeed,
  eraseMoblog,
  eraseSettings,
  eraseSomeCommentLikes,
  eraseSomeComments,
  eraseSomeFeedItems,
  eraseSomeLikes,
  eraseSomeMentions,
  eraseSomeSeenMarks,
  eraseSomeViews,
} from './erasure-store.ts'

// Page tokens may be signed until `communication` has deleted the account everywhere, so tokens issued up to an hour
// from now are revoked as well.
const NEWS_TRAVEL_MS = 3_600_000

/**
 * Erases a user's moblog with its posts, the user's comments, likes and views on other posts, mentions of the user, home
 * feed, seen marks and settings. `communication` erases what it knows about the posts itself. A repeated call erases what was added in the meantime.
 */
export async function eraseUser(pool: Pool, userId: string, now: Date): Promise<void> {
  const issuedUntil = new Date(now.getTime() + NEWS_TRAVEL_MS)
  await revokePageTokens(pool, [
    { ownerId: userId, viewerId: null, issuedUntil },
    { ownerId: null, viewerId: userId, issuedUntil },
  ])
  await eraseHomeFeed(pool, userId)
  while (await eraseSomeFeedItems(pool, userId)) {}
  await eraseMoblog(pool, userId)
  while (await eraseSomeLikes(pool, userId)) {}
  while (await eraseSomeComments(pool, userId)) {}
  while (await eraseSomeSeenMarks(pool, userId)) {}
  while (await eraseSomeCommentLikes(pool, userId)) {}
  while (await eraseSomeViews(pool, userId)) {}
  while (await eraseSomeMentions(pool, userId)) {}
  await eraseSettings(pool, userId)
}
