import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { ActivityModule } from '../activity/module.ts'
import type { MentionsModule } from '../mentions/module.ts'
import type { Resources } from '../resources.ts'
import { expiringJob } from './expiring.ts'
import { createPostLoaders, type PostLoadersOf } from './post-loaders.ts'
import { deletePostResolvers } from './resolvers/delete-post.ts'
import { editPostResolvers } from './resolvers/edit-post.ts'
import { moblogPostsResolvers } from './resolvers/moblog-posts.ts'
import { postResolvers } from './resolvers/post.ts'
import { postEntitiesResolvers } from './resolvers/post-entities.ts'
import { publishPostResolvers } from './resolvers/publish-post.ts'
import type { Settling } from './settlement.ts'
import { settlingJob } from './settling.ts'

/** The dependencies of this module. */
export type PostsDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'communication' | 'relationships' | 'hiddenUserIds'>
  mentions: Pick<MentionsModule, 'mentions' | 'mentionsOf'>
  reportActivity: ActivityModule['reportActivity']
  /** How often unsettled posts are looked for, in milliseconds; every second if undefined. */
  settleEveryMs: number | undefined
  /** How often expired posts are looked for, in milliseconds; the default of the platform if undefined. */
  expireEveryMs: number | undefined
}

/** What other modules use of this one. */
export type PostsModule = Module & { loaders: PostLoadersOf }

/** Posts. Their media and audiences are reported to `communication`. */
export function postsModule(deps: PostsDeps): PostsModule {
  const { db, pool, clock, access, mentions: mentioned, reportActivity, settleEveryMs, expireEveryMs } = deps
  const posts = createPostLoaders(pool, clock, access.relationships)
  const { communication, hiddenUserIds } = access
  const { mentions, mentionsOf } = mentioned
  const settling: Settling = { db, communication, clock, reportActivity, mentions }
  return {
    loaders: posts,
    resolvers: mergeResolvers([
      postResolvers({ posts }),
      postEntitiesResolvers({ mentionsOf, hiddenUserIds }),
      moblogPostsResolvers({ posts }),
      publishPostResolvers({ settling, posts }),
      editPostResolvers({ settling, posts }),
      deletePostResolvers({ settling, posts }),
    ]),
    jobs: [settlingJob(settling, settleEveryMs), expiringJob(settling, expireEveryMs)],
  }
}
