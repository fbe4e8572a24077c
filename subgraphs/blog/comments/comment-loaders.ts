import DataLoader from 'dataloader'
import { createIdLoader } from '../../../platform/subgraph/id-loader.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { AccessModule } from '../access/module.ts'
import { maySeeMoblog } from '../access/viewer-relationship.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import { readUntilFull } from '../posts/read-until-full.ts'
import {
  type CommentList,
  type CommentPageKey,
  countCommentsOf,
  findCommentPages,
  findComments,
} from './comment-store.ts'
import type { VisibleComment } from './visible-comment.ts'

/** Batches reads of comments within one request. */
export type CommentLoaders = {
  /**
   * At most `count` comments of a list that the viewer may see, oldest first, starting after the number `after`.
   *
   * @param id the post or the comment that the list belongs to; the viewer may see it
   */
  page(list: CommentList, id: string, count: number, after: number): Promise<VisibleComment[]>
  /** How many of a post's comments are by users who do not exist for the viewer. */
  hiddenCount: DataLoader<string, number>
  /** Comments by id; null if the viewer may not see the comment. */
  comment: DataLoader<string, VisibleComment | null>
}

/** Returns the loaders of a request. */
export type CommentLoadersOf = (context: Context) => CommentLoaders

/** The dependencies of the loaders. */
export type CommentLoadersDeps = {
  pool: Pool
  access: Pick<AccessModule, 'relationships' | 'hiddenUserIds'>
  posts: PostLoadersOf
}

/** Creates the loaders of each request. They leave out comments by users who do not exist for the viewer. */
export function createCommentLoaders({ pool, access, posts }: CommentLoadersDeps): CommentLoadersOf {
  return perRequest((context: Context) => {
    const pagesOf = (list: CommentList) => {
      const read = (hidden: () => Promise<readonly string[]>) =>
        new DataLoader<CommentPageKey, VisibleComment[]>(
          async (keys) => findCommentPages(pool, list, keys, await hidden()),
          { cache: false },
        )
      return { all: read(async () => []), withoutHidden: read(() => access.hiddenUserIds(context)) }
    }
    const pages = { onPost: pagesOf('onPost'), repliesTo: pagesOf('repliesTo') }
    const authorIsVisible = async ({ authorId }: VisibleComment) =>
      maySeeMoblog(await access.relationships(context).load(authorId))

    const keepVisible = async (comments: readonly VisibleComment[]) => {
      const visible = await Promise.all(comments.map(authorIsVisible))
      return comments.filter((_comment, index) => visible[index])
    }

    const keepOnVisiblePosts = async (comments: readonly VisibleComment[]) => {
      const onPosts = await posts(context).post.loadMany(comments.map(({ postId }) => postId))
      return comments.filter((_comment, index) => {
        const post = onPosts[index]
        if (post instanceof Error) throw post
        return post
      })
    }

    const page: CommentLoaders['page'] = async (list, id, count, after) => {
      const { all, withoutHidden } = pages[list]
      const found = await all.load({ id, count, after })
      const visible = await keepVisible(found)
      const last = found.at(-1)
      if (!last || found.length < count || visible.length === count) return visible
      // A hidden user may have written thousands of comments, so the rest is read without them.
      const rest = await readUntilFull(
        { after: last.number, count: count - visible.length },
        {
          read: (range) => withoutHidden.load({ id, count: range.limit, after: range.after ?? 0 }),
          filter: keepVisible,
          positionOf: ({ number }) => number,
        },
      )
      return [...visible, ...rest]
    }

    return {
      page,
      hiddenCount: new DataLoader(
        async (postIds) => {
          const hidden = await access.hiddenUserIds(context)
          return hidden.length > 0 ? countCommentsOf(pool, postIds, hidden) : postIds.map(() => 0)
        },
        // Not cached: this request may itself add or delete a comment, which changes the count.
        { cache: false },
      ),
      comment: createIdLoader(async (ids) =>
        keepVisible(await keepOnVisiblePosts(await findComments(pool, ids))),
      ),
    }
  })
}
