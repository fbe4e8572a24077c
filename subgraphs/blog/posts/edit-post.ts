import type { FailureResult } from '../failures.ts'
import { planEdit } from './edit-plan.ts'
import { type PostContent, type ReservedPost, reserveRevision, writeEdit } from './edit-writes.ts'
import { findUnsettledPost, postpone, type UnsettledPost } from './post-writes.ts'
import { readPostContent } from './publish-input.ts'
import { audienceReport, cutShortAt, reportAudience, type SettlementDependencies } from './settlement.ts'

/** The parts of a post that the author wants to change; null keeps a part. */
export type PostEdit = { [Part in keyof PostContent]: PostContent[Part] | null } & {
  /** The version that the author edited; null to edit any version. */
  expectedVersion: number | null
}

/** The outcome of an edit. */
export type EditOutcome =
  | { kind: 'edited' }
  | { kind: 'missing' }
  | { kind: 'outdated' }
  | { kind: 'refused'; failure: FailureResult }
  | { kind: 'unknownMedia'; mediaIds: string[] }

/**
 * Changes a post of its author. Narrowing is reported to `communication` before the edit, and widening after it.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if `communication` does not answer the report before the edit; the post
 *   then stays unchanged
 */
export async function editPost(
  dependencies: SettlementDependencies,
  authorId: string,
  postId: string,
  edit: PostEdit,
): Promise<EditOutcome> {
  const { prisma, clock } = dependencies
  const post = await findUnsettledPost(prisma, postId)
  if (post?.state !== 'PUBLISHED' || post.moblogId !== authorId) return { kind: 'missing' }
  if (edit.expectedVersion !== null && edit.expectedVersion !== post.version) return { kind: 'outdated' }
  const content = readPostContent(edit.text ?? post.text, edit.mediaIds ?? post.mediaIds)
  if ('__typename' in content) return { kind: 'refused', failure: content }
  const result = { ...content, audience: edit.audience ?? post.audience }
  if (sameContent(post, result)) return { kind: 'edited' }

  const plan = planEdit(post, result)
  let target: ReservedPost = post
  if (plan.before) {
    const reserved = await reserveRevision(prisma, post, cutShortAt(clock))
    if (!reserved) return { kind: 'outdated' }
    target = reserved
    const announced = {
      ...post,
      ...plan.before,
      mediaIds: [...plan.before.mediaIds],
      revision: post.revision + 1,
    }
    const mediaIds = await announce(dependencies, announced)
    if (mediaIds.length > 0) return { kind: 'unknownMedia', mediaIds }
  }
  const report = {
    needed: plan.before !== null || plan.after,
    settleAfter: plan.after ? cutShortAt(clock) : null,
  }
  if (!(await writeEdit(dependencies, { ...post, ...target }, result, clock(), report))) {
    return { kind: 'outdated' }
  }
  if (plan.after) await tellResult(dependencies, postId)
  return { kind: 'edited' }
}

/** Reports the post as the edit will make it. If that fails, settlement reports the unchanged post. */
async function announce(dependencies: SettlementDependencies, announced: UnsettledPost): Promise<string[]> {
  const { prisma, communication, clock } = dependencies
  const giveUp = () => postpone(prisma, announced.id, clock())
  try {
    const unknown = await communication.setPostAudience(audienceReport(announced))
    if (unknown.length > 0) await giveUp()
    return unknown
  } catch (error) {
    await giveUp()
    throw error
  }
}

/** Reports a widened post. If that fails, the post is visible and settlement opens its media as soon as it can. */
async function tellResult(dependencies: SettlementDependencies, postId: string): Promise<void> {
  const { prisma, clock } = dependencies
  const post = await findUnsettledPost(prisma, postId)
  if (post) await reportAudience(dependencies, post).catch(() => postpone(prisma, postId, clock()))
}

function sameContent(one: PostContent, other: PostContent): boolean {
  return (
    one.text === other.text &&
    one.audience === other.audience &&
    one.mediaIds.join() === other.mediaIds.join()
  )
}
