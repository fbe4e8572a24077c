import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import { hiddenPostsResolvers } from './resolvers/hidden-posts.ts'
import { hidePostResolvers } from './resolvers/hide-post.ts'
import { postIsHiddenResolvers } from './resolvers/post-is-hidden.ts'
import { unhidePostResolvers } from './resolvers/unhide-post.ts'

/** The dependencies of this module. */
export type HiddenPostsDeps = Pick<Resources, 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'relationships'>
  posts: PostLoadersOf
}

/** Posts that users have hidden from their own lists. */
export function hiddenPostsModule({ pool, clock, access, posts }: HiddenPostsDeps): Module {
  return {
    resolvers: mergeResolvers([
      hidePostResolvers({ relationships: access.relationships, pool, clock, posts }),
      unhidePostResolvers({ pool, posts }),
      postIsHiddenResolvers({ pool }),
      hiddenPostsResolvers({ pool, posts }),
    ]),
  }
}
