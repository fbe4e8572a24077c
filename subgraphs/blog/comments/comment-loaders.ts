import DataLoader from 'dataloader'
import type pg from 'pg'
import type { RelationshipLoader } from '../access/relationship-loader.ts'
import { maySeeMoblog } from '../access/viewer-relationship.ts'
import type { PostLoaders } from '../posts/post-loaders.ts'
import { type CommentPageKey, countCommentsOf, findCommentPages, findComments } from './comment-store.ts'
import type { VisibleComment } from './visible-comment.ts'

/** Batches reads of comments within one request. */
export type CommentLoaders = {
  /** At most `count` comments on a post that the viewer may see, oldest first, starting after the number `after`. */
  page(postId: string, count: number, after: number): Promise<VisibleComment[]>
  /** How many of a post's comments are by users who do not exist for the viewer. */
  hiddenCount: DataLoader<string, number>
  /** Comments by id; null if the viewer may not see the comment. The ids must be UUIDs. */
  comment: DataLoader<string, VisibleComment | null>
}

/** Creates the loaders for one request. They leave out comments by users who do not exist for the viewer. */
export function createCommentLoaders(
  pool: pg.Pool,
  relationships: RelationshipLoader,
  posts: PostLoaders,
  hiddenUserIds: () => Promise<readonly string[]>,
): CommentLoaders {
  const pages = new DataLoader((keys: readonly CommentPageKey[]) => findCommentPages(pool, keys), {
    cache: false,
  })
  const authorIsVisible = async ({ authorId }: VisibleComment) =>
    maySeeMoblog(await relationships.load(authorId))

  const keepVisible = async (comments: readonly VisibleComment[]) => {
    const visible = await Promise.all(comments.map(authorIsVisible))
    return comments.filter((_comment, index) => visible[index])
  }

  const page: CommentLoaders['page'] = async (postId, count, after) => {
    const found = await pages.load({ postId, count, after })
    const visible = await keepVisible(found)
    const last = found.at(-1)
    if (!last || found.length < count || visible.length === count) return visible
    return [...visible, ...(await page(postId, count - visible.length, last.number))]
  }

  return {
    page,
    hiddenCount: new DataLoader(
      async (postIds) => {
        const hidden = await hiddenUserIds()
        return hidden.length > 0 ? countCommentsOf(pool, postIds, hidden) : postIds.map(() => 0)
      },
      // Not cached: this request may itself add or delete a comment, which changes the count.
      { cache: false },
    ),
    comment: new DataLoader(async (ids) => {
      const found = await findComments(pool, ids)
      return Promise.all(
        found.map(async (comment) => {
          if (!comment || !(await posts.post.load(comment.postId))) return null
          return (await authorIsVisible(comment)) ? comment : null
        }),
      )
    }),
  }
}
