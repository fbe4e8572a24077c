import type { MoblogResolvers, QueryResolvers, UserResolvers } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { userReference } from '../access/user-reference.ts'
import type { BlogContext } from '../context.ts'
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

/** Resolvers of `Moblog`, without its lists. */
export const moblogResolvers: Omit<MoblogResolvers<BlogContext, VisibleMoblog>, 'posts'> = {
  __resolveReference: ({ id }, context) => loadMoblog(id, context),
  owner: ({ id }) => userReference(id),
  title: async ({ id }, _args, { moblogs }) => (await moblogs.text.load(id)).title,
  about: async ({ id }, _args, { moblogs }) => (await moblogs.text.load(id)).about,
  postCount: (moblog, _args, { moblogs }) => moblogs.postCount.load(moblog),
  updatedAt: async (moblog, _args, { moblogs }) => (await moblogs.latest.load(moblog)) ?? begunAt(moblog.id),
}
