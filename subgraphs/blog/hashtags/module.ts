import type { Module } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import { hashtagPostsResolvers } from './resolvers/hashtag-posts.ts'

/** The dependencies of this module. */
export type HashtagsDeps = Pick<Resources, 'pool'> & {
  access: Pick<AccessModule, 'communication' | 'hiddenUserIds' | 'mutedUserIds'>
  posts: PostLoadersOf
}

/** The posts with a hashtag. */
export function hashtagsModule({ pool, access, posts }: HashtagsDeps): Module {
  const { communication, hiddenUserIds, mutedUserIds } = access
  return { resolvers: hashtagPostsResolvers({ pool, communication, hiddenUserIds, mutedUserIds, posts }) }
}
