import type { Audience } from '../../../generated/graphql/blog.ts'
import type { Db } from '../database.ts'
import type { UnsettledPost } from './settlement-store.ts'

/** The content of a post. */
export type PostContent = {
  text: string
  contentWarning: string | null
  mediaIds: string[]
  audience: Audience
  audienceListId: string | null
}

/** A post with a revision that is reserved for an edit in progress. */
export type ReservedPost = Pick<UnsettledPost, 'id' | 'version' | 'revision' | 'settleAfter'>

/**
 * Reserves two revisions for an edit: one for the report to `communication` before the edit, and one for the row. If
 * the edit is interrupted, settlement uses the second one to report the unchanged row.
 *
 * @returns null if the post has changed meanwhile
 */
export async function reserveRevision(
  db: Db,
  { id, version, revision }: UnsettledPost,
  settleAfter: Date,
): Promise<ReservedPost | null> {
  const { count } = await db.post.updateMany({
    where: { id, state: 'PUBLISHED', version, revision },
    data: { revision: revision + 2, settleAfter },
  })
  return count > 0 ? { id, version, revision: revision + 2, settleAfter } : null
}

/**
 * Writes an edit, unless the post has changed since it was read.
 *
 * @param report whether `communication` has to know about the edit, and from when on settlement reports it
 *   (`settleAfter`; null if `communication` knows already)
 * @returns false if the post has changed meanwhile
 */
export async function writeEdit(
  tx: Db,
  { id, version, revision, settleAfter }: ReservedPost,
  content: PostContent & { words: string[]; hashtags: string[] },
  now: Date,
  report: { needed: boolean; settleAfter: Date | null },
): Promise<boolean> {
  const { text, contentWarning, words, hashtags, mediaIds, audience, audienceListId } = content
  const { count } = await tx.post.updateMany({
    where: { id, state: 'PUBLISHED', version, revision, settleAfter },
    data: {
      text,
      contentWarning,
      words,
      hashtags,
      mediaIds,
      audience,
      audienceListId,
      version: version + 1,
      editedAt: now,
      ...(report.needed && { revision: revision + 1, settleAfter: report.settleAfter }),
    },
  })
  return count > 0
}
