import type { Clock } from '../../../platform/clock.ts'
import type { AudienceReport, Communication } from '../access/communication.ts'
import type { ReportActivity } from '../activity/activity-reports.ts'
import type { RootDb } from '../database.ts'
import type { Mentions } from '../mentions/mentions.ts'
import { abandonPost } from './post-change-store.ts'
import { findUnsettledPost, markSettled, type UnsettledPost } from './settlement-store.ts'

/** The dependencies of publishing, deleting and settling posts. */
export type Settling = {
  db: RootDb
  communication: Communication
  clock: Clock
  reportActivity: ReportActivity
  mentions: Mentions
}

/**
 * How long a change may be in progress before it counts as interrupted, in milliseconds. It is longer than a call to
 * `communication` may take, so by then the process that makes the change has its answer or is gone.
 */
const UNDER_WAY_MS = 20_000

/** When a change that begins now counts as interrupted. */
export function cutShortAt(clock: Clock): Date {
  return new Date(clock().getTime() + UNDER_WAY_MS)
}

/**
 * The report of a post's current state to `communication`. Of deleted posts, only those that have expired keep their
 * expiry; their media go with them.
 */
export function audienceReport(post: UnsettledPost): AudienceReport {
  const { id, moblogId, state, audience, audienceListId, expiresAt, mediaIds, revision } = post
  const about = { postId: id, ownerId: moblogId, mediaIds, revision }
  if (state !== 'DELETED') return { ...about, audience, audienceListId, expiresAt, deletesMedia: false }
  const deletesMedia = expiresAt !== null
  return { ...about, audience: 'ONLY_ME', audienceListId: null, expiresAt, deletesMedia }
}

/** Reports a post's current state to `communication` and records that `communication` knows it. */
export async function reportAudience(
  { db, communication }: Pick<Settling, 'db' | 'communication'>,
  post: UnsettledPost,
): Promise<void> {
  const report = audienceReport(post)
  const unknown = await communication.setPostAudience(report)
  // Media that were deleted meanwhile would block the whole report, so it is sent again without them.
  const mediaIds = report.mediaIds.filter((id) => !unknown.includes(id))
  if (unknown.length > 0) await communication.setPostAudience({ ...report, mediaIds })
  await markSettled(db, post.id, post.revision)
}

/**
 * Reports a post's current state to `communication` if that is due, no matter what happened to the process that changed
 * the post. An interrupted publication is abandoned, because its author never received a success.
 */
export async function settlePost(settling: Settling, postId: string): Promise<void> {
  const { db, clock } = settling
  const post = await findUnsettledPost(db, postId)
  if (!post?.settleAfter || post.settleAfter > clock()) return
  if (post.state !== 'PENDING') return reportAudience(settling, post)
  await abandonPost(db, postId, clock())
  return settlePost(settling, postId)
}
