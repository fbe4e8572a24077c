import type { Audience } from '../../../generated/graphql/blog.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Communication } from '../access/communication.ts'
import { INVISIBLE, maySeePost } from '../access/viewer-relationship.ts'
import type { Pool } from '../database.ts'
import { findPosts } from '../posts/post-store.ts'
import type { VisibleComment } from './visible-comment.ts'

/** The author of a comment who is notified of what a user did about it, and who sees the post at that time. */
export type NotifiedAuthor = { id: string; audience: Audience }

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
): Promise<NotifiedAuthor | null> {
  if (authorId === actorId) return null
  const [post] = await findPosts(pool, null, [postId])
  if (!post) return null
  const notified = { id: authorId, audience: post.audience }
  if (authorId === post.moblogId) return notified
  const [relationship = INVISIBLE] = await communication.relationshipsOf(authorId, [post.moblogId])
  return maySeePost(relationship, post, clock()) ? notified : null
}
