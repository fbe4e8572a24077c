import { unavailable } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { inTransaction } from '../database.ts'
import { searchWords } from '../search-words/search-words.ts'
import { abandonPost, findRepeatedPost, insertPost, isPublished, markPublished } from './post-change-store.ts'
import type { NewPost } from './publish-input.ts'
import { audienceReport, cutShortAt, type Settling } from './settlement.ts'
import { findUnsettledPost, type UnsettledPost } from './settlement-store.ts'

/** The outcome of publishing a post. */
export type PublishOutcome =
  | { kind: 'published'; postId: string }
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
 * state instead. A post with media is not published yet, because `communication` does not know about it.
 *
 * @returns null if a simultaneous call with the same client mutation id has just abandoned the post
 */
async function addPost(
  { db, clock, reportActivity }: Settling,
  authorId: string,
  newPost: NewPost,
): Promise<UnsettledPost | null> {
  const now = clock()
  const id = newId()
  const isVisible = newPost.mediaIds.length === 0
  const row = {
    ...newPost,
    id,
    moblogId: authorId,
    createdAt: now,
    words: searchWords(newPost.text),
    settleAfter: isVisible ? null : cutShortAt(clock),
  }
  const isNew = await inTransaction(db, async (tx) => {
    if (!(await insertPost(tx, row))) return false
    if (isVisible && newPost.audience !== 'ONLY_ME') {
      await reportActivity(tx, { kind: 'PUBLISHED', postId: id, authorId, occurredAt: now })
    }
    return true
  })
  if (isNew) return findUnsettledPost(db, id)
  const { clientMutationId } = newPost
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
  { db, clock, reportActivity }: Settling,
  { id, moblogId: authorId, audience }: UnsettledPost,
): Promise<boolean> {
  const now = clock()
  return inTransaction(db, async (tx) => {
    if (!(await markPublished(tx, id, now))) return false
    if (audience !== 'ONLY_ME') {
      await reportActivity(tx, { kind: 'PUBLISHED', postId: id, authorId, occurredAt: now })
    }
    return true
  })
}

const cutShort = () => unavailable('The post could not be published. Repeat the request.')
