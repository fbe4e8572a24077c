import { openDatabaseFeed } from '../../../platform/feed/database-feed.ts'
import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { internalNotificationResolvers } from './internal-resolvers.ts'
import { shareDelivery } from './kinds/post-published.ts'
import { INBOX_CHANNEL } from './notification-store.ts'
import { notificationResolvers } from './resolvers.ts'
import { pruningJob } from './retention.ts'

/** The dependencies of this module. */
export type NotificationsDeps = Pick<
  Resources,
  'config' | 'databaseUrl' | 'db' | 'pool' | 'enqueue' | 'clock' | 'log'
>

/** The inboxes of users, and the feed of who has something new in them. */
export async function notificationsModule(deps: NotificationsDeps): Promise<Module> {
  const { config, databaseUrl, db, pool, enqueue, clock, log } = deps
  const feed = await openDatabaseFeed({ url: databaseUrl, channel: INBOX_CHANNEL, log })
  const { types, ...resolvers } = notificationResolvers({ db, pool, clock })
  return {
    resolvers: mergeResolvers([types, resolvers]),
    internalResolvers: internalNotificationResolvers({ db, pool, clock, enqueue }),
    outboxHandlers: shareDelivery(db),
    jobs: [pruningJob({ pool, clock, retentionDays: config.NOTIFICATION_RETENTION_DAYS, log })],
    feed,
    stop: feed.close,
  }
}
