import type { Communication } from '../access/communication.ts'
import { maySeePost } from '../access/viewer-relationship.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import type { VisibleComment } from './visible-comment.ts'

/**
 * The author of a comment, if the author is to be notified of what a user did about the comment. Null if the user is the
 * author, and if the author may no longer see the post.
 */
export async function notifiedAuthor(
  communication: Communication,
  { moblogId, audience }: Pick<VisiblePost, 'moblogId' | 'audience'>,
  { authorId }: Pick<VisibleComment, 'authorId'>,
  actorId: string,
): Promise<string | null> {
  if (authorId === actorId) return null
  if (authorId === moblogId) return authorId
  const [relationship = 'INVISIBLE'] = await communication.relationshipsOf(authorId, [moblogId])
  return maySeePost(relationship, audience) ? authorId : null
}
