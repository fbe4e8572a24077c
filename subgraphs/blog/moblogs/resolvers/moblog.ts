import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { isId } from '../../../../platform/ids.ts'
import type { RelationshipsOf } from '../../access/relationship-loader.ts'
import { userReference } from '../../access/user-reference.ts'
import type { Context } from '../../context.ts'
import { begunAt } from '../begun-at.ts'
import type { MoblogLoadersOf } from '../moblog-loaders.ts'
import { type VisibleMoblog, visibleMoblog } from '../visible-moblog.ts'

/** The dependencies of the fields of `Moblog`. */
export type MoblogDeps = { relationships: RelationshipsOf; moblogs: MoblogLoadersOf }

/** `Query.moblog`, `User.moblog` and the fields of `Moblog`, without its posts. */
export function moblogResolvers({ relationships, moblogs }: MoblogDeps) {
  const moblogOf = async (id: string, context: Context): Promise<VisibleMoblog | null> =>
    isId(id) ? visibleMoblog(id, await relationships(context).load(id)) : null
  return {
    Query: {
      moblog: (_root, { id }, context) => moblogOf(id, context),
    },
    User: {
      moblog: ({ id }, _args, context) => moblogOf(id, context),
    },
    Moblog: {
      __resolveReference: ({ id }, context) => moblogOf(id, context),
      owner: ({ id }) => userReference(id),
      title: async ({ id }, _args, context) => (await moblogs(context).text.load(id)).title,
      about: async ({ id }, _args, context) => (await moblogs(context).text.load(id)).about,
      postCount: (moblog, _args, context) => moblogs(context).postCount.load(moblog),
      updatedAt: async (moblog, _args, context) =>
        (await moblogs(context).latest.load(moblog)) ?? begunAt(moblog.id),
    },
  } satisfies Resolvers
}
