import type { PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { searchWords } from '../search-words/search-words.ts'
import type { Shown } from './edit-plan.ts'
import type { UnsettledPost } from './post-writes.ts'

/** The content of a post. */
export type PostContent = Shown & { text: string; mediaIds: string[] }

/** A post with a revision that is reserved for an edit in progress. */
export type ReservedPost = Pick<UnsettledPost, 'id' | 'version' | 'revision' | 'settleAfter'>

/**
 * Reserves two revisions for an edit: one for the report to `communication` before the edit, and one for the row. If
 * the edit is interrupted, settlement uses the second one to report the unchanged row.
 *
 * @returns null if the post has changed meanwhile
 */
export async function reserveRevision(
  prisma: PrismaClient,
  { id, version, revision }: UnsettledPost,
  settleAfter: Date,
): Promise<ReservedPost | null> {
  const { count } = await prisma.post.updateMany({
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
export function writeEdit(
  { prisma, reportActivity }: { prisma: PrismaClient; reportActivity: ReportActivity },
  before: ReservedPost & Pick<UnsettledPost, 'moblogId' | 'audience'>,
  { text, mediaIds, audience }: PostContent,
  now: Date,
  report: { needed: boolean; settleAfter: Date | null },
): Promise<boolean> {
  const { id, version, revision, settleAfter } = before
  return prisma.$transaction(async (transaction) => {
    const { count } = await transaction.post.updateMany({
      where: { id, state: 'PUBLISHED', version, revision, settleAfter },
      data: {
        text,
        words: searchWords(text),
        mediaIds,
        audience,
        version: version + 1,
        editedAt: now,
        ...(report.needed && { revision: revision + 1, settleAfter: report.settleAfter }),
      },
    })
    const wasShown = before.audience !== 'ONLY_ME'
    const isShown = audience !== 'ONLY_ME'
    if (count > 0 && wasShown !== isShown) {
      const kind = isShown ? 'PUBLISHED' : 'HIDDEN'
      await reportActivity(transaction, { kind, postId: id, authorId: before.moblogId, occurredAt: now })
    }
    return count > 0
  })
}
