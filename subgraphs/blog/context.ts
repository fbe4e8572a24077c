import type pg from 'pg'
import type { Viewer } from '../../platform/identity/caller.ts'
import type { ViewerContext } from '../../platform/subgraph/guard.ts'
import type { Communication } from './access/communication.ts'
import { createRelationshipLoader, type RelationshipLoader } from './access/relationship-loader.ts'
import { type CommentLoaders, createCommentLoaders } from './comments/comment-loaders.ts'
import { createMoblogLoaders, type MoblogLoaders } from './moblogs/moblog-loaders.ts'
import { createPostLoaders, type PostLoaders } from './posts/post-loaders.ts'

/** The context of resolvers during one request: the viewer, and the loaders that batch reads. */
export type BlogContext = ViewerContext & {
  /** Null if the viewer is signed out. */
  viewerId: string | null
  relationships: RelationshipLoader
  moblogs: MoblogLoaders
  posts: PostLoaders
  comments: CommentLoaders
}

/** Creates the context of one request. */
export function createContext(pool: pg.Pool, communication: Communication, caller: Viewer): BlogContext {
  const viewerId = caller.userId
  const relationships = createRelationshipLoader(communication, viewerId)
  const posts = createPostLoaders(pool, relationships, viewerId)
  let hidden: Promise<readonly string[]> | null = null
  const hiddenUserIds = () => {
    hidden ??= viewerId === null ? Promise.resolve([]) : communication.hiddenUserIdsOf(viewerId)
    return hidden
  }
  return {
    caller,
    viewerId,
    relationships,
    moblogs: createMoblogLoaders(pool),
    posts,
    comments: createCommentLoaders(pool, relationships, posts, hiddenUserIds),
  }
}
