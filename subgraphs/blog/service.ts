import { createWriteLimit } from '../../platform/allowances/write-limits.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { statementsOn } from '../../platform/database/pool.ts'
import type { Host, Service } from '../../platform/service.ts'
import { startService } from '../../platform/start-service.ts'
import { internalSdl, subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { accessModule } from './access/module.ts'
import type { ReportActivity } from './activity/activity-reports.ts'
import { activityModule } from './activity/module.ts'
import { commentLikesModule } from './comment-likes/module.ts'
import { commentsModule } from './comments/module.ts'
import type { BlogConfig } from './config.ts'
import { createContext } from './context.ts'
import { OUTBOX_SCHEMA } from './database.ts'
import { discoveryModule } from './discovery/module.ts'
import { erasureModule } from './erasure/module.ts'
import { hashtagsModule } from './hashtags/module.ts'
import { hiddenPostsModule } from './hidden-posts/module.ts'
import { createFeedChanges } from './home-feed/feed-changes.ts'
import { homeFeedModule } from './home-feed/module.ts'
import { housekeepingModule } from './housekeeping/module.ts'
import { likesModule } from './likes/module.ts'
import { mentionsModule } from './mentions/module.ts'
import { moblogsModule } from './moblogs/module.ts'
import { pagesModule } from './pages/module.ts'
import { postsModule } from './posts/module.ts'
import { openResources } from './resources.ts'
import { revocationsModule } from './revocations/module.ts'
import { seenMarksModule } from './seen-marks/module.ts'
import { sharedTypes } from './shared-types.ts'
import { viewsModule } from './views/module.ts'
import { WRITES_PER_MINUTE } from './write-limits.ts'

/** Options that tests may set. */
export type BlogOptions = { clock?: Clock; communicationTimeoutMs?: number; backgroundEveryMs?: number }

/** Starts the blog service. It has moblogs, posts and the pages that show them. */
export async function startBlog(host: Host, config: BlogConfig, options: BlogOptions = {}): Promise<Service> {
  const { clock = systemClock, communicationTimeoutMs, backgroundEveryMs } = options
  const resources = await openResources(host, config, clock)
  const { pool, log } = resources
  const access = accessModule({ ...resources, communicationTimeoutMs })
  const activity = activityModule(resources)
  const feedChanges = createFeedChanges(resources.enqueue)
  const reportActivity: ReportActivity = async (tx, event) => {
    await feedChanges.onActivity(tx, event)
    await activity.reportActivity(tx, event)
  }
  const revocations = revocationsModule(resources)
  const moblogs = moblogsModule({ ...resources, access })
  const mentions = mentionsModule({ ...resources, access, reportActivity })
  const posts = postsModule({
    ...resources,
    access,
    mentions,
    reportActivity,
    settleEveryMs: backgroundEveryMs,
    expireEveryMs: backgroundEveryMs,
  })
  const onPosts = { ...resources, access, reportActivity, posts: posts.loaders }
  const likes = likesModule(onPosts)
  const comments = commentsModule(onPosts)
  const seenMarks = seenMarksModule(onPosts)
  const homeFeed = homeFeedModule({
    ...resources,
    access,
    changes: feedChanges,
    posts: posts.loaders,
    seen: seenMarks.loaders,
  })
  const hashtags = hashtagsModule(onPosts)
  const commentLikes = commentLikesModule({ ...onPosts, comments: comments.loaders })
  const views = viewsModule(onPosts)
  const hiddenPosts = hiddenPostsModule(onPosts)
  const discovery = discoveryModule({ ...resources, access, rankEveryMs: backgroundEveryMs })
  const loaders = { moblogs: moblogs.loaders, posts: posts.loaders, comments: comments.loaders }
  const pages = pagesModule({
    ...resources,
    ...loaders,
    access,
    revocations,
    mentionsOf: mentions.mentionsOf,
  })
  const erasure = erasureModule(resources)
  const housekeeping = housekeepingModule(resources)

  return startService({
    name: 'blog',
    typeDefs: subgraphSdl('blog'),
    internalTypeDefs: internalSdl('blog'),
    modules: [
      sharedTypes,
      access,
      activity,
      revocations,
      moblogs,
      mentions,
      posts,
      likes,
      comments,
      seenMarks,
      homeFeed,
      hashtags,
      commentLikes,
      views,
      hiddenPosts,
      discovery,
      pages,
      erasure,
      housekeeping,
    ],
    context: createContext,
    limitWrite: createWriteLimit({
      run: statementsOn(pool),
      clock,
      perMinute: WRITES_PER_MINUTE,
      scale: config.WRITE_LIMIT_SCALE,
    }),
    outbox: { url: resources.databaseUrl, schema: OUTBOX_SCHEMA },
    share: host.share,
    log,
    resources,
  })
}
