import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { AccessModule } from '../access/module.ts'
import type { PostLoadersOf } from '../posts/post-loaders.ts'
import type { Resources } from '../resources.ts'
import type { SeenLoadersOf } from '../seen-marks/seen-loaders.ts'
import { dropSomeFeeds } from './fan-out-store.ts'
import type { FeedChanges } from './feed-changes.ts'
import { feedDeliveries } from './feed-deliveries.ts'
import { feedResolvers } from './resolvers/feed.ts'
import { feedUnseenCountResolvers } from './resolvers/feed-unseen-count.ts'
import { markFeedSeenResolvers } from './resolvers/mark-feed-seen.ts'
import { reportFriendshipResolvers } from './resolvers/report-friendship.ts'

/** The dependencies of this module. */
export type HomeFeedDeps = Pick<Resources, 'db' | 'pool' | 'clock'> & {
  access: Pick<AccessModule, 'communication' | 'relationships' | 'hiddenUserIds' | 'mutedUserIds'>
  changes: FeedChanges
  posts: PostLoadersOf
  seen: SeenLoadersOf
}

const DROP_EVERY_MS = 3_600_000
const KEEP_UNREAD_MS = 30 * 86_400_000

/** Home feeds: the posts of a viewer's friends, across moblogs. */
export function homeFeedModule({ db, pool, clock, access, changes, posts, seen }: HomeFeedDeps): Module {
  const { communication, relationships, hiddenUserIds, mutedUserIds } = access
  const reading = { pool, communication, clock, relationships, mutedUserIds }
  const dropUnread = async () => {
    const readBefore = new Date(clock().getTime() - KEEP_UNREAD_MS)
    while (await dropSomeFeeds(pool, readBefore)) {}
  }
  return {
    resolvers: mergeResolvers([
      feedResolvers({ ...reading, posts }),
      feedUnseenCountResolvers(reading),
      markFeedSeenResolvers({ ...reading, hiddenUserIds, posts, seen }),
    ]),
    internalResolvers: reportFriendshipResolvers({ db, changes }),
    outboxHandlers: feedDeliveries({ pool, communication }),
    jobs: [{ name: 'drop unread home feeds', everyMs: DROP_EVERY_MS, run: dropUnread }],
  }
}
