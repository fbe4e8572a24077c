import { unavailable } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import type { ChangedPost } from '../mentions/mentions.ts'
import { searchWords } from '../search-words/search-words.ts'
import { hashtagsOf } from '../text-entities/text-entities.ts'
import { isReported } from './edit-plan.ts'
import { abandonPost, findRepeatedPost, insertPost, isPublished, markPublished } from './post-change-store.ts'
import type { NewPost } from './publish-input.ts'
import { audienceReport, cutShortAt, type Settling } from './settlement.ts'
import { findUnsettledPost, type UnsettledPost } from './settlement-store.ts'

/** The outcome of publishing a post. */
export type PublishOutcome =
  | { kind: 'published'; postId: string }
  | { kind: 'unknownList' }
  | { kind: 'unknownMedia'; mediaIds: string[] }
  | { kind: 'deletedSince' }

/**
 * Publishes a post. The post becomes visible only after `communication` knows who may play its media. If
 * `communication` does not answer or refuses, the post is removed again, so that it never appears later without its
 * author's knowledge.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if `communication` does not answer; repeating the request is safe
 */
export async function publishPost(
  settling: Settling,
  authorId: string,
  newPost: NewPost,
): Promise<PublishOutcome> {
  const post = await addPost(settling, authorId, newPost)
  if (post === 'unknownList') return { kind: 'unknownList' }
  if (post?.state === 'PUBLISHED') return { kind: 'published', postId: post.id }
  if (post?.state === 'DELETED') return { kind: 'deletedSince' }
  // The same request was sent twice at the same time, and the other one has just abandoned the post.
  if (!post) throw cutShort()
  const mediaIds = await reportMedia(settling, post)
  if (mediaIds.length > 0) return { kind: 'unknownMedia', mediaIds }
  if (await makeVisible(settling, post)) return { kind: 'published', postId: post.id }
  // The same request may have been sent twice at the same time. The other one has published the post, or has failed and
  // abandoned it.
  if (await isPublished(settling.db, post.id)) return { kind: 'published', postId: post.id }
  throw cutShort()
}

/**
 * Adds a new post. If an earlier call of the author used the same client mutation id, returns that post in its current
 * state instead. A post that `communication` must know is not published yet.
 *
 * @returns null if a simultaneous call with the same client mutation id has just abandoned the post
 */
async function addPost(
  settling: Settling,
  authorId: string,
  newPost: NewPost,
): Promise<UnsettledPost | 'unknownList' | null> {
  const { db, communication, clock, mentions } = settling
  const { lifetimeSeconds, ...content } = newPost
  const { audience, audienceListId } = content
  if (audienceListId !== null) {
    // A list may have been deleted since an earlier call.
    const repeated = await findRepeated(db, authorId, newPost)
    if (repeated) return repeated
    if (!(await communication.hasAudienceList(authorId, audienceListId))) return 'unknownList'
  }
  const mentioned = await mentions.resolve(authorId, content.text)
  const now = clock()
  const id = newId()
  const expiresAt = lifetimeSeconds === null ? null : new Date(now.getTime() + lifetimeSeconds * 1000)
  const isVisible = !isReported({ ...content, expiresAt })
  const row = {
    ...content,
    id,
    moblogId: authorId,
    createdAt: now,
    expiresAt,
    words: searchWords(content.text),
    hashtags: hashtagsOf(content.text),
    settleAfter: isVisible ? null : cutShortAt(clock),
  }
  const isNew = await inTransaction(db, async (tx) => {
    if (!(await insertPost(tx, row))) return false
    await mentions.add(tx, id, mentioned)
    const about = { postId: id, authorId, audience, audienceListId, occurredAt: now }
    if (isVisible) await reportPublished(settling, tx, about)
    return true
  })
  return isNew ? findUnsettledPost(db, id) : findRepeated(db, authorId, newPost)
}

async function findRepeated(
  db: RootDb,
  authorId: string,
  { clientMutationId }: NewPost,
): Promise<UnsettledPost | null> {
  return clientMutationId === null ? null : findRepeatedPost(db, authorId, clientMutationId)
}

async function reportMedia(settling: Settling, post: UnsettledPost): Promise<string[]> {
  try {
    const unknown = await settling.communication.setPostAudience(audienceReport(post))
    if (unknown.length > 0) await abandonPost(settling.db, post.id, settling.clock())
    return unknown
  } catch (error) {
    // `communication` may have received the report and its answer was lost. Settlement reports that the post is gone.
    await abandonPost(settling.db, post.id, settling.clock())
    throw error
  }
}

/** Publishes a pending post after `communication` knows about it. False if the post is no longer pending. */
function makeVisible(
  settling: Settling,
  { id, moblogId: authorId, audience, audienceListId }: UnsettledPost,
): Promise<boolean> {
  const now = settling.clock()
  return inTransaction(settling.db, async (tx) => {
    if (!(await markPublished(tx, id, now))) return false
    await reportPublished(settling, tx, { postId: id, authorId, audience, audienceListId, occurredAt: now })
    return true
  })
}

/** Reports a post to the users whom it mentions, and then to all others who may see it. */
async function reportPublished(
  { mentions, reportActivity }: Settling,
  tx: Db,
  post: ChangedPost,
): Promise<void> {
  await mentions.reportAll(tx, post)
  if (post.audience !== 'ONLY_ME') await reportActivity(tx, { kind: 'PUBLISHED', ...post })
}

const cutShort = () => unavailable('The post could not be published. Repeat the request.')
