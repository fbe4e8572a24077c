import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import { postViewsResolvers } from './resolvers/post-views.ts'
import { readReceiptsResolvers } from './resolvers/read-receipts.ts'
import { viewPostsResolvers } from './resolvers/view-posts.ts'
import { createViewLoaders } from './view-loaders.ts'

/** The dependencies of this module. */
export type ViewsDeps = Pick<Resources, 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'hiddenUserIds'>
  posts: PostLoadersOf
}

/** Views of posts, and read receipts. */
export function viewsModule({ pool, clock, access, posts }: ViewsDeps): Module {
  return {
    resolvers: mergeResolvers([
      viewPostsResolvers({ pool, clock, posts }),
      postViewsResolvers({ pool, views: createViewLoaders(pool, access) }),
      readReceiptsResolvers({ pool }),
    ]),
  }
}
