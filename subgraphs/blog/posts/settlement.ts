import type { PrismaClient } from '../../../generated/prisma/blog/client.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { AudienceReport, Communication } from '../access/communication.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import { abandonPost, findUnsettledPost, markSettled, type UnsettledPost } from './post-writes.ts'

/** What publishing, deleting and settling need. */
export type SettlementDependencies = {
  prisma: PrismaClient
  communication: Communication
  clock: Clock
  reportActivity: ReportActivity
}

/**
 * How long a change may be under way before it counts as cut short: longer than asking `communication` may take, so
 * that whoever makes it has been answered by then, or is gone.
 */
export const UNDER_WAY_MS = 20_000

/** When a change that begins now counts as cut short. */
export function cutShortAt(clock: Clock): Date {
  return new Date(clock().getTime() + UNDER_WAY_MS)
}

/** What `communication` must know about a post as it is now. */
export function audienceReport({
  id,
  moblogId,
  audience,
  mediaIds,
  revision,
}: UnsettledPost): AudienceReport {
  return { postId: id, ownerId: moblogId, mediaIds, audience, revision }
}

/** Tells `communication` about a post as it is now, and remembers that it knows. */
export async function tellAudience(
  { prisma, communication }: Pick<SettlementDependencies, 'prisma' | 'communication'>,
  post: UnsettledPost,
): Promise<void> {
  const report = audienceReport(post)
  const unknown = await communication.setPostAudience(report)
  // Media that were deleted since would keep the rest from being told.
  const mediaIds = report.mediaIds.filter((id) => !unknown.includes(id))
  if (unknown.length > 0) await communication.setPostAudience({ ...report, mediaIds })
  await markSettled(prisma, post.id, post.revision)
}

/**
 * Brings `communication` to what a post is now, whatever happened to whoever changed it. A publication that was cut
 * short is given up, since its author was never told that it succeeded.
 */
export async function settlePost(dependencies: SettlementDependencies, postId: string): Promise<void> {
  const { prisma, clock } = dependencies
  const post = await findUnsettledPost(prisma, postId)
  if (!post?.settleAfter || post.settleAfter > clock()) return
  if (post.state !== 'PENDING') return tellAudience(dependencies, post)
  await abandonPost(prisma, postId, clock())
  return settlePost(dependencies, postId)
}
