import type { AccessModule } from '../access/module.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import { positionOf } from '../posts/post-position.ts'
import type { PostPosition } from '../posts/post-store.ts'
import { type ListRange, readUntilFull } from '../posts/read-until-full.ts'
import type { VisiblePost } from '../posts/visible-post.ts'
import { findTaggedPosts, type HashtagReader, type TaggedPost } from './hashtag-store.ts'

/** The dependencies of `readHashtag`. */
export type ReadHashtagDeps = Pick<AccessModule, 'communication' | 'hiddenUserIds' | 'mutedUserIds'> & {
  pool: Pool
  posts: PostLoadersOf
}

/**
 * The first `count` posts with a hashtag below a position that the viewer may see, newest first. The index of hashtags only
 * says where to look: posts are loaded and checked like single posts. If one has changed meanwhile, it reads on.
 */
export async function readHashtag(
  deps: ReadHashtagDeps,
  key: string,
  page: { after: PostPosition | null; count: number },
  context: Context,
): Promise<VisiblePost[]> {
  const { pool, posts } = deps
  const reader = await readerOf(deps, context)
  const filter = async (found: TaggedPost[]) => {
    const loaded = await Promise.all(found.map(({ id }) => posts(context).post.load(id)))
    return loaded.filter((post) => post !== null)
  }
  const read = (range: ListRange<PostPosition>) => findTaggedPosts(pool, key, reader, range)
  return readUntilFull(page, { read, filter, positionOf })
}

async function readerOf(
  { communication, hiddenUserIds, mutedUserIds }: ReadHashtagDeps,
  context: Context,
): Promise<HashtagReader> {
  const { viewerId } = context
  if (viewerId === null) return { viewerId, friends: [], leftOutIds: [] }
  const [friends, hidden, muted] = await Promise.all([
    communication.friendsOf(viewerId),
    hiddenUserIds(context),
    mutedUserIds(context),
  ])
  return {
    viewerId,
    friends: friends.filter(({ id }) => !muted.has(id)),
    leftOutIds: [...hidden, ...muted],
  }
}
