import type { ReportPostActivityInput } from '../../../../generated/graphql/internal/communication.ts'
import { badInput } from '../../../../platform/errors.ts'
import { type Db, inTransaction } from '../../database.ts'
import { requireIds } from '../../require-ids.ts'
import { copyMarksOfMention, findBelowDailyLimit, findNotifiedOfMention } from '../mention-store.ts'
import type { NotificationKind } from '../notification-kind.ts'
import { deliver } from '../notification-store.ts'
import { findMentionReaders, type MentionReader, type SharedPost } from '../recipients-store.ts'
import { reference } from '../references.ts'
import {
  liftRetraction,
  MENTIONED,
  mentionSubject,
  postSubject,
  publicSubject,
  retract,
} from '../retraction-store.ts'
import { kind as postPublished } from './post-published.ts'

const MAX_USERS = 100

/** How many notifications a user gets within 24 hours from an author who is not a friend. */
const UNSOLICITED_PER_DAY = 3

export const kind: NotificationKind<'MentionedInPost'> = {
  name: 'MENTIONED_IN_POST',
  type: 'MentionedInPost',
  resolvers: { post: ({ postId }) => reference(postId) },
  onPostActivity: {
    // The subject has the same post for all users, so a user who is mentioned again by an edit is not notified twice.
    MENTIONED: ({ db }, report) =>
      inTransaction(db, async (tx) => {
        const { postId, authorId, audience, audienceListId, occurredAt: at } = report
        const { mentionedIds, unmentionedIds } = usersOf(report)
        const post = {
          postId,
          authorId,
          audience: audience ?? 'FRIENDS',
          audienceListId: audienceListId ?? null,
        }
        const readers = await findMentionReaders(tx, post, mentionedIds)
        const readerIds = readers.map(({ id }) => id)
        const others = [...mentionedIds, ...unmentionedIds].filter((id) => !readerIds.includes(id))
        const subjectOf = (userId: string) => `${MENTIONED}${postId} ${userId}`
        for (const id of others) await retract(tx, { subject: subjectOf(id), actorId: id, at })
        for (const id of readerIds) await liftRetraction(tx, subjectOf(id), at)
        if (audience === 'PUBLIC') await liftRetraction(tx, publicSubject(postId), at)
        else await retract(tx, { subject: publicSubject(postId), actorId: authorId, at })
        const notified = await withinLimit(tx, readers, { authorId, at })
        await deliver(tx, kind, notified, { subject: mentionSubject(postId), actorId: authorId, postId, at })
        await giveNewPostBack(tx, post, unmentionedIds, at)
      }),
  },
  hiddenBySubjects: (n, r) => [
    `'${MENTIONED}' || ${n}.post_id || ' ' || ${n}.user_id`,
    `CASE WHEN coalesce(${r}.kind, 'NONE') <> 'FRIEND' THEN '${publicSubject('')}' || ${n}.post_id END`,
  ],
}

/** The readers who are notified: those who have not muted the author, and strangers only up to the limit. */
async function withinLimit(
  tx: Db,
  readers: readonly MentionReader[],
  { authorId, at }: { authorId: string; at: Date },
): Promise<string[]> {
  const listening = readers.filter(({ hasMutedAuthor }) => !hasMutedAuthor)
  const strangers = listening.filter(({ isFriend }) => !isFriend).map(({ id }) => id)
  const limited = { kind: kind.name, authorId, limit: UNSOLICITED_PER_DAY, at }
  const reached = new Set(await findBelowDailyLimit(tx, limited, strangers))
  return listening.filter(({ id, isFriend }) => isFriend || reached.has(id)).map(({ id }) => id)
}

/**
 * Notifies friends of a post that does not mention them any more, as if it had never mentioned them. Only friends who were
 * notified of the mention; all others were already notified of the post, or were not to be.
 */
async function giveNewPostBack(
  tx: Db,
  post: SharedPost,
  unmentionedIds: readonly string[],
  at: Date,
): Promise<void> {
  const { postId, authorId } = post
  const readers = await findMentionReaders(tx, post, await findNotifiedOfMention(tx, postId, unmentionedIds))
  const friends = readers
    .filter(({ isFriend, hasMutedAuthor }) => isFriend && !hasMutedAuthor)
    .map(({ id }) => id)
  if (friends.length === 0) return
  await deliver(tx, postPublished, friends, { subject: postSubject(postId), actorId: authorId, postId, at })
  await copyMarksOfMention(tx, postId, friends)
}

/**
 * The users in a report, each once and in order, because retractions are locked until the commit.
 *
 * @throws VisibleError `BAD_USER_INPUT` if there are too many, or an id is not a UUID
 */
function usersOf({ mentionedIds, unmentionedIds, audienceListId }: ReportPostActivityInput) {
  const listed = (ids: readonly string[] | null | undefined) => [...new Set(ids ?? [])].sort()
  const users = { mentionedIds: listed(mentionedIds), unmentionedIds: listed(unmentionedIds) }
  requireIds(...users.mentionedIds, ...users.unmentionedIds)
  if (audienceListId != null) requireIds(audienceListId)
  if (Math.max(users.mentionedIds.length, users.unmentionedIds.length) > MAX_USERS)
    throw badInput(`The report names too many users; the limit is ${MAX_USERS}.`)
  return users
}
