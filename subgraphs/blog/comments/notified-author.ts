import type { Clock } from '../../../platform/clock.ts'
import type { Communication } from '../access/communication.ts'
import { INVISIBLE, maySeePost } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { findPosts } from '../posts/post-store.ts'
import type { VisibleComment } from './visible-comment.ts'

/** The dependencies of `notifiedAuthor`. */
export type FindingNotifiedAuthor = { pool: Pool; communication: Communication; clock: Clock }

/**
 * The author of a comment, if the author is to be notified of what a user did about the comment. Null if the user is the
 * author, and if the author may no longer see the post. The post is read again, because what the user sees of it does not
 * tell its audience list.
 */
export async function notifiedAuthor(
  { pool, communication, clock }: FindingNotifiedAuthor,
  { authorId, postId }: Pick<VisibleComment, 'authorId' | 'postId'>,
  actorId: string,
): Promise<string | null> {
  if (authorId === actorId) return null
  const [post] = await findPosts(pool, null, [postId])
  if (!post) return null
  if (authorId === post.moblogId) return authorId
  const [relationship = INVISIBLE] = await communication.relationshipsOf(authorId, [post.moblogId])
  return maySeePost(relationship, post, clock()) ? authorId : null
}
