import type { PostState } from '../../../generated/prisma/blog/enums.ts'
import type { Shown } from '../activity/activity-reports.ts'
import type { Db, Pool } from '../database.ts'

/** The users whom a post mentions, by handle as it was when the post was written. */
export type MentionedUsers = ReadonlyMap<string, string>

/** A post that may mention users, and to whom it is shown. */
export type MentioningPost = Shown & {
  id: string
  moblogId: string
  text: string
  state: PostState
  version: number
  createdAt: Date
  editedAt: Date | null
}

/** The users whom posts mention, in the order of `postIds`. */
export async function findMentions(pool: Pool, postIds: readonly string[]): Promise<MentionedUsers[]> {
  const { rows } = await pool.query<{ postId: string; handle: string; userId: string }>({
    name: 'post-mentions',
    text: `SELECT post_id AS "postId", handle, user_id AS "userId" FROM post_mention
      WHERE post_id = ANY ($1::uuid[])`,
    values: [postIds],
  })
  const byPost = Map.groupBy(rows, ({ postId }) => postId)
  return postIds.map((id) => new Map((byPost.get(id) ?? []).map(({ handle, userId }) => [handle, userId])))
}

/** The users whom one post mentions. */
export async function findMentionsIn(db: Db, postId: string): Promise<MentionedUsers> {
  const rows = await db.postMention.findMany({ where: { postId }, select: { handle: true, userId: true } })
  return new Map(rows.map(({ handle, userId }) => [handle, userId]))
}

/** Adds users whom a post mentions. Handles that are known already keep their users. */
export async function addMentions(tx: Db, postId: string, users: MentionedUsers): Promise<void> {
  const data = [...users].map(([handle, userId]) => ({ postId, handle, userId }))
  if (data.length > 0) await tx.postMention.createMany({ data, skipDuplicates: true })
}

/** Removes the mentions of a post that are not among these handles. */
export async function keepMentions(tx: Db, postId: string, handles: readonly string[]): Promise<void> {
  await tx.postMention.deleteMany({ where: { postId, handle: { notIn: [...handles] } } })
}

/** Reads a post that may mention users; null if there is none. */
export function findMentioningPost(db: Db, id: string): Promise<MentioningPost | null> {
  const select = {
    id: true,
    moblogId: true,
    text: true,
    state: true,
    version: true,
    createdAt: true,
    editedAt: true,
    audience: true,
    audienceListId: true,
  }
  return db.post.findUnique({ where: { id }, select })
}

/** Locks a post if it still has this version. Returns its state, or null if it has changed. */
export async function lockVersion(tx: Db, { id, version }: MentioningPost): Promise<PostState | null> {
  const [post] = await tx.$queryRaw<{ state: PostState }[]>`
    SELECT state FROM post WHERE id = ${id}::uuid AND version = ${version} FOR NO KEY UPDATE`
  return post?.state ?? null
}
