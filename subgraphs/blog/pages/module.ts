import { shareAllowances } from '../../../platform/allowances/allowance.ts'
import { statementsOn } from '../../../platform/database/pool.ts'
import type { Module } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { CommentLoadersOf } from '../comments/comment-loaders.ts'
import type { MentionLoaderOf } from '../mentions/module.ts'
import type { MoblogLoadersOf } from '../moblogs/moblog-loaders.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { RevocationsModule } from '../revocations/module.ts'
import { createPageLimit } from './page-limit.ts'
import { pageRoute } from './page-route.ts'
import { createPageTurns } from './page-turns.ts'
import { publicAddresses } from './public-addresses.ts'
import { publicPageRoutes } from './public-page-route.ts'
import { askPageSources } from './shown-media.ts'

/** The dependencies of this module. */
export type PagesDeps = Pick<Resources, 'config' | 'verifier' | 'peer' | 'pool' | 'log'> & {
  access: Pick<AccessModule, 'relationships' | 'hiddenUserIds'>
  mentionsOf: MentionLoaderOf
  revocations: Pick<RevocationsModule, 'isRevoked' | 'isComplete'>
  moblogs: MoblogLoadersOf
  posts: PostLoadersOf
  comments: CommentLoadersOf
}

/** Serves the small-screen pages, the public pages and the feeds of moblogs. */
export function pagesModule(deps: PagesDeps): Module {
  const { config, verifier, peer, pool, log, access, revocations, moblogs, posts, comments, mentionsOf } =
    deps
  const addresses = publicAddresses(config.BLOG_PUBLIC_URL ?? config.PUBLIC_URL)
  const sources = askPageSources(peer('communication'), peer('storage'))
  const { relationships, hiddenUserIds } = access
  const client = config.PUBLIC_URL.replace(/\/+$/, '')
  const { isRevoked, isComplete: knowsRevocations } = revocations
  const run = statementsOn(pool)
  const limit = createPageLimit({
    perMinute: config.BLOG_PAGES_PER_MINUTE,
    share: (uses) => shareAllowances(run, uses),
    log,
  })
  const admission = { limit, turns: createPageTurns(), trustedProxies: config.TRUSTED_PROXIES, client }
  const pages = {
    hiddenUserIds,
    mentionsOf,
    client,
    relationships,
    moblogs,
    posts,
    comments,
    sources,
    isRevoked,
    addresses,
    admission,
  }
  return {
    routes: [pageRoute({ ...pages, knowsRevocations, verifier }), ...publicPageRoutes(pages)],
    stop: limit.close,
  }
}
