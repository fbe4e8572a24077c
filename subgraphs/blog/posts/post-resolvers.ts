import type { PostResolvers, QueryResolvers } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { userReference } from '../access/user-reference.ts'
import type { BlogContext } from '../context.ts'
import { visibleMoblog } from '../moblogs/visible-moblog.ts'
import type { VisiblePost } from './visible-post.ts'

/** The post with this id; null if there is none or the viewer may not see it. */
export async function loadPost(id: string, { posts }: BlogContext): Promise<VisiblePost | null> {
  return isId(id) ? posts.post.load(id) : null
}

/** Resolver of `Query.post`. */
export const postQueries: Pick<QueryResolvers<BlogContext>, 'post'> = {
  post: (_query, { id }, context) => loadPost(id, context),
}

/** Resolvers of `Post`. */
export const postResolvers: PostResolvers<BlogContext, VisiblePost> = {
  __resolveReference: (key, context) => loadPost('id' in key ? key.id : key.reference, context),
  reference: ({ id }) => id,
  moblog: ({ moblogId, relationship }) => visibleMoblog(moblogId, relationship),
  author: ({ moblogId }) => userReference(moblogId),
  media: ({ mediaIds }) => mediaIds.map((id) => ({ __typename: 'Media', id })),
}
