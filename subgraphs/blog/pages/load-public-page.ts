import { newId, normalId } from '../../../platform/ids.ts'
import { commentConnection } from '../comments/comment-connection.ts'
import { visibleCommentCount } from '../comments/visible-comment-count.ts'
import { createContext } from '../context.ts'
import { shownEntities } from '../mentions/shown-entities.ts'
import { type LoadDependencies, loadPage } from './load-page.ts'
import type { PageView } from './page-token.ts'
import { type Page, type PostPage, shownMediaIds } from './shown-page.ts'

const COMMENTS_PER_PAGE = 10

/** A moblog's page as everybody sees it. */
export const publicView = (moblogId: string): PageView => ({ moblogId, viewerId: null, sessionId: null })

/**
 * The page of the moblog of the user with this handle, as everybody may see it now; null if there is no post that
 * everybody may see.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the cursor does not belong to this list
 */
export async function loadMoblogByHandle(
  dependencies: LoadDependencies,
  handle: string,
  after: string | null,
): Promise<Page | null> {
  const owner = await dependencies.sources.userByHandle(handle)
  // A handle that nobody has costs the same queries as that of a user without public posts.
  return loadPage(dependencies, publicView(owner?.id ?? newId()), { after, owner, needsPosts: true })
}

/**
 * The page of one post of the user with this handle, as everybody may see it now; null if there is no such post that
 * everybody may see.
 *
 * @param after the cursor of the last comment of the previous page
 * @throws VisibleError `BAD_USER_INPUT` if the cursor does not belong to this list
 */
export async function loadPostByHandle(
  dependencies: LoadDependencies,
  handle: string,
  postId: string,
  after: string | null,
): Promise<PostPage | null> {
  const { posts, comments, sources } = dependencies
  const context = createContext({ kind: 'viewer', userId: null, sessionId: null })
  const owner = await sources.userByHandle(handle)
  const post = await posts(context).post.load(normalId(postId))
  if (!post || !owner || post.moblogId !== owner.id) return null
  const loaders = comments(context)
  const [connection, commentCount, media, entities] = await Promise.all([
    commentConnection(loaders, 'onPost', post.id, { first: COMMENTS_PER_PAGE, after }),
    visibleCommentCount(post.id, post.commentCount, loaders),
    sources.media(null, null, shownMediaIds(owner, [post])),
    shownEntities(dependencies, context, post),
  ])
  const listed = connection.edges.map(({ node }) => node)
  const users = await sources.users([...new Set(listed.map(({ authorId }) => authorId))])
  return {
    owner,
    post: { ...post, commentCount, entities },
    comments: listed.map((comment) => ({ ...comment, author: users.get(comment.authorId) ?? null })),
    media,
    isContinued: after !== null,
    nextCursor: connection.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null,
  }
}
