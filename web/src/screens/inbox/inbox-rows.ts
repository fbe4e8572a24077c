import type { LiveNotification } from '../../data/live.ts'
import { type AvatarId, isKnown, outdatedIds, uploadNotice } from '../../data/own-uploads.ts'
import { isActorGone } from './notification-text.ts'

/** A row of the inbox: one notification, or several about own files that follow each other. */
export type InboxRow = {
  id: string
  notifications: readonly LiveNotification[]
  isUnread: boolean
}

/**
 * Puts notifications about own uploads together. That a file was stored says nothing more as soon as it is ready. Files that
 * cannot be used stay apart. What others have done is shown only with their names.
 */
export function rowsOf(notifications: readonly LiveNotification[], avatarId: AvatarId): InboxRow[] {
  const outdated = outdatedIds(notifications)
  const rows: (InboxRow & { areFiles: boolean })[] = []
  for (const notification of notifications) {
    const notice = uploadNotice(notification)
    if (outdated.has(notification.id) || isActorGone(notification)) continue
    const isUnread = notification.readAt === null && !(notice && isKnown(notice, avatarId))
    const last = rows.at(-1)
    // A file that was deleted has nothing to show.
    const areFiles = notice !== null && notice.media !== null
    if (areFiles && last?.areFiles) {
      last.notifications = [...last.notifications, notification]
      last.isUnread ||= isUnread
    } else rows.push({ id: notification.id, notifications: [notification], isUnread, areFiles })
  }
  return rows.map(({ id, notifications: those, isUnread }) => ({ id, notifications: those, isUnread }))
}
