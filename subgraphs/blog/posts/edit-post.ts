import { inTransaction } from '../database.ts'
import type { FailureResult } from '../failures.ts'
import { findMentionsIn } from '../mentions/mention-store.ts'
import type { ResolvedMentions } from '../mentions/mentions.ts'
import { searchWords } from '../search-words/search-words.ts'
import { hashtagsOf } from '../text-entities/text-entities.ts'
import { readAudience } from './audience-input.ts'
import { noticeOf } from './audience-plan.ts'
import { planEdit } from './edit-plan.ts'
import { type PostContent, type ReservedPost, reserveRevision, writeEdit } from './post-edit-store.ts'
import { readPostContent } from './publish-input.ts'
import { audienceReport, cutShortAt, reportAudience, type Settling } from './settlement.ts'
import { findUnsettledPost, postpone, type UnsettledPost } from './settlement-store.ts'

/** The parts of a post that the author wants to change; null keeps a part. An empty content warning removes it. */
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
  | { kind: 'unknownList' }
  | { kind: 'unknownMedia'; mediaIds: string[] }

/**
 * Changes a post of its author. Narrowing is reported to `communication` before the edit, and widening after it.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if `communication` does not answer the report before the edit; the post
 *   then stays unchanged
 */
export async function editPost(
  settling: Settling,
  authorId: string,
  postId: string,
  edit: PostEdit,
): Promise<EditOutcome> {
  const { db, communication, clock, mentions } = settling
  const post = await findUnsettledPost(db, postId)
  if (post?.state !== 'PUBLISHED' || post.moblogId !== authorId) return { kind: 'missing' }
  if (post.expiresAt && post.expiresAt <= clock()) return { kind: 'missing' }
  if (edit.expectedVersion !== null && edit.expectedVersion !== post.version) return { kind: 'outdated' }
  const content = readPostContent({
    text: edit.text ?? post.text,
    contentWarning: edit.contentWarning ?? post.contentWarning,
    mediaIds: edit.mediaIds ?? post.mediaIds,
  })
  if ('__typename' in content) return { kind: 'refused', failure: content }
  const shown = readAudience(edit.audience ?? post.audience, edit.audienceListId, post.audienceListId)
  if ('__typename' in shown) return { kind: 'refused', failure: shown }
  const result = { ...content, ...shown }
  if (sameContent(post, result)) return { kind: 'edited' }
  const { audienceListId } = result
  if (audienceListId !== null && audienceListId !== post.audienceListId) {
    if (!(await communication.hasAudienceList(authorId, audienceListId))) return { kind: 'unknownList' }
  }
  const mentioned = await mentions.resolve(authorId, result.text, await findMentionsIn(db, postId))

  const plan = planEdit(post, { ...result, expiresAt: post.expiresAt })
  let target: ReservedPost = post
  if (plan.before) {
    const reserved = await reserveRevision(db, post, cutShortAt(clock))
    if (!reserved) return { kind: 'outdated' }
    target = reserved
    const announced = {
      ...post,
      ...plan.before,
      mediaIds: [...plan.before.mediaIds],
      revision: post.revision + 1,
    }
    const mediaIds = await announce(settling, announced)
    if (mediaIds.length > 0) return { kind: 'unknownMedia', mediaIds }
  }
  const report = {
    needed: plan.before !== null || plan.after,
    settleAfter: plan.after ? cutShortAt(clock) : null,
  }
  if (!(await saveEdit(settling, { ...post, ...target }, { ...result, mentioned }, report)))
    return { kind: 'outdated' }
  if (plan.after) await tellResult(settling, postId)
  return { kind: 'edited' }
}

/** Saves an edit, and reports the post to users who may see it now, or no longer. False if it has changed meanwhile. */
function saveEdit(
  { db, clock, reportActivity, mentions }: Settling,
  before: UnsettledPost,
  { mentioned, ...result }: PostContent & { mentioned: ResolvedMentions },
  report: { needed: boolean; settleAfter: Date | null },
): Promise<boolean> {
  const now = clock()
  return inTransaction(db, async (tx) => {
    const { text, audience, audienceListId } = result
    const found = { words: searchWords(text), hashtags: hashtagsOf(text) }
    if (!(await writeEdit(tx, before, { ...result, ...found }, now, report))) return false
    const about = { postId: before.id, authorId: before.moblogId, audience, audienceListId, occurredAt: now }
    await mentions.replace(tx, about, before, mentioned)
    const kind = noticeOf(before, result)
    if (kind) await reportActivity(tx, { kind, ...about })
    return true
  })
}

/** Reports the post as the edit will make it. If that fails, settlement reports the unchanged post. */
async function announce(settling: Settling, announced: UnsettledPost): Promise<string[]> {
  const { db, communication, clock } = settling
  const giveUp = () => postpone(db, announced.id, clock())
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
async function tellResult(settling: Settling, postId: string): Promise<void> {
  const { db, clock } = settling
  const post = await findUnsettledPost(db, postId)
  if (post) await reportAudience(settling, post).catch(() => postpone(db, postId, clock()))
}

function sameContent(one: PostContent, other: PostContent): boolean {
  return (
    one.text === other.text &&
    one.contentWarning === other.contentWarning &&
    one.audience === other.audience &&
    one.audienceListId === other.audienceListId &&
    one.mediaIds.join() === other.mediaIds.join()
  )
}
