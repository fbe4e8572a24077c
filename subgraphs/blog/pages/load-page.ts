import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import type { RelationshipsOf } from '../access/relationship-loader.ts'
import type { CommentLoadersOf } from '../comments/comment-loaders.ts'
import { visibleCommentCount } from '../comments/visible-comment-count.ts'
import { createContext } from '../context.ts'
import { type ShownEntitiesDeps, shownEntities } from '../mentions/shown-entities.ts'
import type { MoblogLoadersOf } from '../moblogs/moblog-loaders.ts'
import { visibleMoblog } from '../moblogs/visible-moblog.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import { fromCursor, postList, toCursor } from '../posts/post-position.ts'
import { visiblePost } from '../posts/visible-post.ts'
import type { PageToken, PageView } from './page-token.ts'
import type { PageSources, ShownUser } from './shown-media.ts'
import { type Page, shownMediaIds } from './shown-page.ts'

/** The dependencies of loading a page. */
export type LoadDependencies = ShownEntitiesDeps & {
  relationships: RelationshipsOf
  moblogs: MoblogLoadersOf
  posts: PostLoadersOf
  comments: CommentLoadersOf
  sources: PageSources
  isRevoked(token: PageToken): Promise<boolean>
}

const POSTS_PER_PAGE = 10

/** How a page differs from one with the newest posts. */
export type PageOptions = {
  /** The cursor of the last post of the previous page. */
  after: string | null
  /** How many posts the page holds at most. */
  count?: number
  /** Whether posts that expire are left out. */
  isLasting?: boolean
  /** The owner, if the caller has looked them up already. */
  owner?: ShownUser | null
  /** Whether a moblog in which the viewer may see no post has no page. */
  needsPosts?: boolean
}

/** The page as the token's viewer may see it now; null if the viewer may not see it or the token was revoked. */
export async function loadGrantedPage(
  dependencies: LoadDependencies,
  token: PageToken,
  after: string | null,
): Promise<Page | null> {
  const page = await loadPage(dependencies, token, { after })
  // Checked last: other services may take time to answer, and a token revoked in the meantime must show nothing.
  return (await dependencies.isRevoked(token)) ? null : page
}

/**
 * The page as a viewer may see it now; null if the viewer may not see it.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the cursor does not belong to this list
 */
export async function loadPage(
  dependencies: LoadDependencies,
  { moblogId, viewerId, sessionId }: PageView,
  { after, count = POSTS_PER_PAGE, isLasting = false, owner: known, needsPosts = false }: PageOptions,
): Promise<Page | null> {
  const { relationships, moblogs, posts, comments, sources } = dependencies
  const context = createContext({ kind: 'viewer', userId: viewerId, sessionId })
  const relationship = await relationships(context).load(moblogId)
  // Asked also for a moblog that does not exist, so that the time of the answer does not tell the two apart.
  const latest =
    needsPosts && (await moblogs(context).latest.load({ __typename: 'Moblog', id: moblogId, relationship }))
  const moblog = visibleMoblog(moblogId, relationship)
  if (!moblog || latest === null) return null
  // Checked after access: a refused cursor would tell that the moblog exists.
  const list = postList(moblogId)
  const request = readPageRequest({ first: count, after }, list)
  const position = request.after && fromCursor(request.after)
  const key = { moblogId, relationship, count: request.first + 1, after: position, isLasting }
  const listed = posts(context).page.load(key)
  const named = known ?? sources.users([moblogId]).then((users) => users.get(moblogId) ?? null)
  const [text, owner, shown] = await Promise.all([
    moblogs(context).text.load(moblogId),
    named,
    Promise.all([listed, named]).then(async ([rows, user]) => {
      const page = toConnection(rows, request, list, toCursor, (row) => visiblePost(row, relationship))
      const visible = page.edges.map(async ({ node }) => {
        const [commentCount, entities] = await Promise.all([
          visibleCommentCount(node.id, node.commentCount, comments(context)),
          shownEntities(dependencies, context, node),
        ])
        return { ...node, commentCount, entities }
      })
      const ids = shownMediaIds(
        user,
        page.edges.map(({ node }) => node),
      )
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
