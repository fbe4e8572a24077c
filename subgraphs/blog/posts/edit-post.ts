import type { FailureResult } from '../failures.ts'
import { planEdit } from './edit-plan.ts'
import { type PostContent, type ReservedPost, reserveRevision, writeEdit } from './edit-writes.ts'
import { findUnsettledPost, postpone, type UnsettledPost } from './post-writes.ts'
import { readPostContent } from './publish-input.ts'
import { audienceReport, cutShortAt, type SettlementDependencies, tellAudience } from './settlement.ts'

/** What an author wants to change; null leaves it as it is. */
export type PostEdit = { [Part in keyof PostContent]: PostContent[Part] | null } & {
  /** The version that was edited; null for whichever there is. */
  expectedVersion: number | null
}

/** What came of an edit. */
export type EditOutcome =
  | { kind: 'edited' }
  | { kind: 'missing' }
  | { kind: 'outdated' }
  | { kind: 'refused'; failure: FailureResult }
  | { kind: 'unknownMedia'; mediaIds: string[] }

/**
 * Changes a post of its author's. `communication` hears of what narrows before it is made and of what widens after.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` where `communication` does not answer first; the post stays as it was
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

/** Tells what the edit will make of the post. Where that fails, settling tells what the post still is. */
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

/** Tells what was widened. Where that fails the post is shown, and settling opens its media as soon as it can. */
async function tellResult(dependencies: SettlementDependencies, postId: string): Promise<void> {
  const { prisma, clock } = dependencies
  const post = await findUnsettledPost(prisma, postId)
  if (post) await tellAudience(dependencies, post).catch(() => postpone(prisma, postId, clock()))
}

function sameContent(one: PostContent, other: PostContent): boolean {
  return (
    one.text === other.text &&
    one.audience === other.audience &&
    one.mediaIds.join() === other.mediaIds.join()
  )
}
