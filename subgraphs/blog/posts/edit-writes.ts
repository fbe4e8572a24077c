import type { PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { searchWords } from '../discovery/search-words.ts'
import type { Shown } from './edit-plan.ts'
import type { UnsettledPost } from './post-writes.ts'

/** What a post holds. */
export type PostContent = Shown & { text: string; mediaIds: string[] }

/** A post whose next revision is taken for an edit that is under way. */
export type ReservedPost = Pick<UnsettledPost, 'id' | 'version' | 'revision' | 'settleAfter'>

/**
 * Takes two revisions for an edit: one to tell `communication` of it before it is made, and the row's new one, with
 * which settling tells what the row still says, should the edit be cut short. Null where the post has changed meanwhile.
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
 * Makes an edit, unless anything about the post has changed since it was read.
 *
 * @param report whether `communication` has something to know of it, and from when on settling is to tell it; null
 *   where it knows already
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
