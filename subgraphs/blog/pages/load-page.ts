import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import type { RelationshipsOf } from '../access/relationship-loader.ts'
import type { CommentLoadersOf } from '../comments/comment-loaders.ts'
import { visibleCommentCount } from '../comments/visible-comment-count.ts'
import { createContext } from '../context.ts'
import type { MoblogLoadersOf } from '../moblogs/moblog-loaders.ts'
import { visibleMoblog } from '../moblogs/visible-moblog.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import { fromCursor, postList, toCursor } from '../posts/post-position.ts'
import { visiblePost } from '../posts/visible-post.ts'
import type { PageToken, PageView } from './page-token.ts'
import type { PageSources } from './shown-media.ts'
import type { Page } from './shown-page.ts'

/** The dependencies of loading a page. */
export type LoadDependencies = {
  relationships: RelationshipsOf
  moblogs: MoblogLoadersOf
  posts: PostLoadersOf
  comments: CommentLoadersOf
  sources: PageSources
  isRevoked(token: PageToken): Promise<boolean>
}

const POSTS_PER_PAGE = 10

/** The page as the token's viewer may see it now; null if the viewer may not see it or the token was revoked. */
export async function loadGrantedPage(
  dependencies: LoadDependencies,
  token: PageToken,
  after: string | null,
): Promise<Page | null> {
  const page = await loadPage(dependencies, token, after)
  // Checked last: other services may take time to answer, and a token revoked in the meantime must show nothing.
  return (await dependencies.isRevoked(token)) ? null : page
}

/**
 * The page as a viewer may see it now; null if the viewer may not see it.
 *
 * @param after the cursor of the last post of the previous page
 * @param count how many posts the page holds at most
 * @throws VisibleError `BAD_USER_INPUT` if the cursor does not belong to this list
 */
export async function loadPage(
  { relationships, moblogs, posts, comments, sources }: LoadDependencies,
  { moblogId, viewerId, sessionId }: PageView,
  after: string | null,
  count = POSTS_PER_PAGE,
): Promise<Page | null> {
  const list = postList(moblogId)
  const request = readPageRequest({ first: count, after }, list)
  const position = request.after && fromCursor(request.after)
  const context = createContext({ kind: 'viewer', userId: viewerId, sessionId })
  const relationship = await relationships(context).load(moblogId)
  const moblog = visibleMoblog(moblogId, relationship)
  if (!moblog) return null
  const key = { moblogId, relationship, count: request.first + 1, after: position }
  const listed = posts(context).page.load(key)
  const [text, owner, shown] = await Promise.all([
    moblogs(context).text.load(moblogId),
    sources.person(moblogId),
    listed.then(async (rows) => {
      const page = toConnection(rows, request, list, toCursor, (row) => visiblePost(row, relationship))
      const visible = page.edges.map(async ({ node }) => ({
        ...node,
        commentCount: await visibleCommentCount(node.id, node.commentCount, comments(context)),
      }))
      const ids = [...new Set(page.edges.flatMap(({ node }) => node.mediaIds))]
      const [media, ...shownPosts] = await Promise.all([sources.media(viewerId, sessionId, ids), ...visible])
      return { pageInfo: page.pageInfo, posts: shownPosts, media }
    }),
  ])
  return {
    id: moblogId,
    ...text,
    owner,
    isOwn: relationship.kind === 'SELF',
    posts: shown.posts,
    media: shown.media,
    isContinued: position !== null,
    nextCursor: shown.pageInfo.hasNextPage ? shown.pageInfo.endCursor : null,
  }
}
