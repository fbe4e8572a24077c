import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import { markMoblogSeenResolvers } from './resolvers/mark-moblog-seen.ts'
import { seenFieldsResolvers } from './resolvers/seen-fields.ts'
import { createSeenLoaders, type SeenLoadersOf } from './seen-loaders.ts'

/** The dependencies of this module. */
export type SeenMarksDeps = Pick<Resources, 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'hiddenUserIds'>
  posts: PostLoadersOf
}

/** What other modules use of this one. */
export type SeenMarksModule = Module & { loaders: SeenLoadersOf }

/** How far viewers have seen moblogs. */
export function seenMarksModule({ pool, clock, access, posts }: SeenMarksDeps): SeenMarksModule {
  const seen = createSeenLoaders(pool, clock)
  return {
    loaders: seen,
    resolvers: mergeResolvers([
      seenFieldsResolvers({ seen }),
      markMoblogSeenResolvers({ hiddenUserIds: access.hiddenUserIds, pool, clock, posts, seen }),
    ]),
  }
}
