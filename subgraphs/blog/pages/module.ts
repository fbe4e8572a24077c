import type { Module } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { CommentLoadersOf } from '../comments/comment-loaders.ts'
import type { MoblogLoadersOf } from '../moblogs/moblog-loaders.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { RevocationsModule } from '../revocations/module.ts'
import { pageRoute } from './page-route.ts'
import { publicAddresses } from './public-addresses.ts'
import { publicPageRoutes } from './public-page-route.ts'
import { askPageSources } from './shown-media.ts'

/** The dependencies of this module. */
export type PagesDeps = Pick<Resources, 'config' | 'verifier' | 'peer'> & {
  access: Pick<AccessModule, 'relationships'>
  revocations: Pick<RevocationsModule, 'isRevoked' | 'isComplete'>
  moblogs: MoblogLoadersOf
  posts: PostLoadersOf
  comments: CommentLoadersOf
}

/** Serves the small-screen pages, the public pages and the feeds of moblogs. */
export function pagesModule(deps: PagesDeps): Module {
  const { config, verifier, peer, access, revocations, moblogs, posts, comments } = deps
  const addresses = publicAddresses(config.BLOG_PUBLIC_URL ?? config.PUBLIC_URL)
  const sources = askPageSources(peer('communication'), peer('storage'))
  const { relationships } = access
  const { isRevoked, isComplete: knowsRevocations } = revocations
  const pages = { relationships, moblogs, posts, comments, sources, isRevoked, addresses }
  return { routes: [pageRoute({ ...pages, knowsRevocations, verifier }), ...publicPageRoutes(pages)] }
}
