import type {
  MoblogResolvers,
  QueryResolvers,
  ResolversTypes,
  UserResolvers,
} from '../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import { userReference } from '../access/user-reference.ts'
import type { BlogContext } from '../context.ts'
import { fromCursor, postList, toCursor } from '../posts/post-position.ts'
import { visiblePost } from '../posts/visible-post.ts'
import { begunAt } from './begun-at.ts'
import { type VisibleMoblog, visibleMoblog } from './visible-moblog.ts'

async function loadMoblog(id: string, { relationships }: BlogContext): Promise<VisibleMoblog | null> {
  return isId(id) ? visibleMoblog(id, await relationships.load(id)) : null
}

/** Resolver of `Query.moblog`. */
export const moblogQueries: Pick<QueryResolvers<BlogContext>, 'moblog'> = {
  moblog: (_query, { id }, context) => loadMoblog(id, context),
}

/** Resolvers of the fields that this service adds to `User`. */
export const userResolvers: UserResolvers<BlogContext> = {
  __resolveReference: ({ id }) => userReference(id),
  moblog: ({ id }, _args, context) => loadMoblog(id, context),
}

/** Resolvers of `Moblog`. */
export const moblogResolvers: MoblogResolvers<BlogContext, VisibleMoblog> = {
  __resolveReference: ({ id }, context) => loadMoblog(id, context),
  owner: ({ id }) => userReference(id),
  title: async ({ id }, _args, { moblogs }) => (await moblogs.text.load(id)).title,
  about: async ({ id }, _args, { moblogs }) => (await moblogs.text.load(id)).about,
  postCount: (moblog, _args, { moblogs }) => moblogs.postCount.load(moblog),
  updatedAt: async (moblog, _args, { moblogs }) => (await moblogs.latest.load(moblog)) ?? begunAt(moblog.id),
  async posts({ id, relationship }, args, { posts }): Promise<ResolversTypes['PostConnection']> {
    const list = postList(id)
    const request = readPageRequest(args, list)
    const after = request.after && fromCursor(request.after)
    const rows = await posts.page.load({ moblogId: id, relationship, count: request.first + 1, after })
    return toConnection(rows, request, list, toCursor, (row) => visiblePost(row, relationship))
  },
}
