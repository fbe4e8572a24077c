import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import type { Communication } from '../access/communication.ts'
import type { ReportActivity, Shown } from '../activity/activity-reports.ts'
import type { Db } from '../database.ts'
import { handlesIn } from '../text-entities/text-entities.ts'
import { TOPIC } from './late-mentions.ts'
import { addMentions, findMentionsIn, keepMentions, type MentionedUsers } from './mention-store.ts'

/** The handles in a text, and the users who have them. */
export type ResolvedMentions = {
  handles: readonly string[]
  users: MentionedUsers
  /** False if `communication` did not answer. The users are then found later. */
  isComplete: boolean
}

/** A post that was published or changed. */
export type ChangedPost = Shown & { postId: string; authorId: string; occurredAt: Date }

/** Mentions of users in posts. */
export type Mentions = {
  /** Finds the users whom a text mentions. Asks `communication` once, and only for handles that are not known already. */
  resolve(authorId: string, text: string, known?: MentionedUsers): Promise<ResolvedMentions>
  /** Saves the mentions of a new post. They are reported when it is published. */
  add(tx: Db, postId: string, mentions: ResolvedMentions): Promise<void>
  /** Reports the mentions of a post that is published now. */
  reportAll(tx: Db, post: ChangedPost): Promise<void>
  /**
   * Saves the mentions of a post that was edited. Reports them if they have changed, if the audience has and there are any, and if
   * everyone may see the post only now, or not any more.
   */
  replace(tx: Db, post: ChangedPost, before: Shown, mentions: ResolvedMentions): Promise<void>
}

/** The dependencies of `createMentions`. */
export type MentionsDeps = {
  communication: Pick<Communication, 'userIdsByHandles'>
  enqueue: Enqueue
  reportActivity: ReportActivity
}

/**
 * Creates the mentions of this service. Users are found when a post is written, because another user may have the handle
 * later. Publishing does not fail because of mentions: if `communication` does not answer, a message of the outbox finds
 * the users later.
 */
export function createMentions({ communication, enqueue, reportActivity }: MentionsDeps): Mentions {
  const finishLater = async (tx: Db, postId: string, { isComplete }: ResolvedMentions) => {
    if (!isComplete) await enqueue(tx, TOPIC, { key: postId, payload: { postId } })
  }
  return {
    async resolve(authorId, text, known = new Map()) {
      const handles = handlesIn(text)
      const unknown = handles.filter((handle) => !known.has(handle))
      const kept = [...known].filter(([handle]) => handles.includes(handle))
      if (unknown.length === 0) return { handles, users: new Map(kept), isComplete: true }
      try {
        const found = await communication.userIdsByHandles(authorId, unknown)
        return { handles, users: new Map([...kept, ...found]), isComplete: true }
      } catch {
        return { handles, users: new Map(kept), isComplete: false }
      }
    },
    async add(tx, postId, mentions) {
      await addMentions(tx, postId, mentions.users)
      await finishLater(tx, postId, mentions)
    },
    async reportAll(tx, post) {
      const mentionedIds = idsOf(await findMentionsIn(tx, post.postId))
      if (mentionedIds.length === 0 || post.audience === 'ONLY_ME') return
      await reportActivity(tx, { kind: 'MENTIONED', ...post, mentionedIds, unmentionedIds: [] })
    },
    async replace(tx, post, before, mentions) {
      const { postId, audience, audienceListId } = post
      const previous = idsOf(await findMentionsIn(tx, postId))
      await keepMentions(tx, postId, mentions.handles)
      await addMentions(tx, postId, mentions.users)
      await finishLater(tx, postId, mentions)
      const mentionedIds = idsOf(await findMentionsIn(tx, postId))
      const unmentionedIds = previous.filter((id) => !mentionedIds.includes(id))
      // Users whom it does not mention are also notified, of what happens about their comments.
      const isAsPublic = (audience === 'PUBLIC') === (before.audience === 'PUBLIC')
      const isSame =
        isAsPublic &&
        unmentionedIds.length === 0 &&
        mentionedIds.length === previous.length &&
        (mentionedIds.length === 0 ||
          (audience === before.audience && audienceListId === before.audienceListId))
      if (!isSame) await reportActivity(tx, { kind: 'MENTIONED', ...post, mentionedIds, unmentionedIds })
    },
  }
}

function idsOf(users: MentionedUsers): string[] {
  return [...new Set(users.values())]
}
