import type pg from 'pg'
import type { MutationResolvers } from '../../../generated/graphql/internal/blog.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import { revokePageTokens } from '../pages/page-revocations.ts'

// Page tokens may be signed until `communication` has deleted the account everywhere, so tokens issued up to an hour
// from now are revoked as well.
const NEWS_TRAVEL_MS = 3_600_000

/** Internal resolver of the mutation that erases a user's data in this service. */
export function internalErasureMutations(pool: pg.Pool): Pick<MutationResolvers, 'eraseUserPosts'> {
  return {
    async eraseUserPosts(_mutation, { input: { userId } }, { caller }) {
      requireService(caller, 'communication')
      if (!isId(userId)) throw badInput('"userId" is not a UUID. Pass the id of the user to erase.')
      await eraseUser(pool, userId, new Date())
      return true
    },
  }
}

/**
 * Erases a user's moblog with its posts, and the user's comments and likes on other posts. `communication` erases what
 * it knows about the posts itself. A repeated call erases what was added in the meantime.
 */
async function eraseUser(pool: pg.Pool, userId: string, now: Date): Promise<void> {
  const issuedUntil = new Date(now.getTime() + NEWS_TRAVEL_MS)
  await revokePageTokens(pool, [
    { ownerId: userId, viewerId: null, issuedUntil },
    { ownerId: null, viewerId: userId, issuedUntil },
  ])
  await pool.query('DELETE FROM post WHERE moblog_id = $1', [userId])
  await pool.query('DELETE FROM moblog WHERE id = $1', [userId])
  while (await eraseSome(pool, ERASE_LIKES, userId)) {}
  while (await eraseSome(pool, ERASE_COMMENTS, userId)) {}
}

// The posts are locked first and in order, as in all changes of likes and comments. Batches are small, so that
// other requests do not wait long for a lock on a post with many active users.
const BATCH = 200

const ERASE_LIKES = `
  WITH target AS (
    SELECT id FROM post WHERE id IN (SELECT post_id FROM post_like WHERE user_id = $1 LIMIT ${BATCH})
    ORDER BY id FOR NO KEY UPDATE
  ), removed AS (
    DELETE FROM post_like USING target WHERE post_id = target.id AND user_id = $1
    RETURNING post_id, (removed_at IS NULL)::int AS likes
  )
  UPDATE post SET like_count = like_count - likes FROM removed WHERE post.id = removed.post_id`

// Deleting a `post_commenter` row also deletes the user's comments, including the empty rows of deleted comments.
const ERASE_COMMENTS = `
  WITH target AS (
    SELECT id FROM post WHERE id IN (SELECT post_id FROM post_commenter WHERE user_id = $1 LIMIT ${BATCH})
    ORDER BY id FOR NO KEY UPDATE
  ), removed AS (
    DELETE FROM post_commenter USING target WHERE post_id = target.id AND user_id = $1
    RETURNING post_id, post_commenter.comment_count AS comments
  )
  UPDATE post SET comment_count = comment_count - comments FROM removed WHERE post.id = removed.post_id`

async function eraseSome(pool: pg.Pool, text: string, userId: string): Promise<boolean> {
  const { rowCount } = await pool.query(text, [userId])
  return (rowCount ?? 0) > 0
}
