import type { LiveNotification } from './live.ts'
import { isOfUpload } from './read-uploads.ts'

/** A notification that an upload of the viewer goes as it should. */
export type UploadNotice = Extract<LiveNotification, { __typename: 'MediaStored' | 'MediaReady' }>

/** Returns the notification if it is such a notification. */
export function uploadNotice(notification: LiveNotification): UploadNotice | null {
  return isOfUpload(notification) ? (notification as UploadNotice) : null
}

/** The id of the viewer's profile picture; null if they have none, or if it is not known yet. */
export type AvatarId = string | null

/**
 * Whether the notification is no news: the viewer has posted the file already or has made it their profile picture, so they know
 * that it was stored.
 */
export function isKnown({ media }: UploadNotice, avatarId: AvatarId): boolean {
  return media !== null && (media.postCount ?? 0) + Number(media.id === avatarId) > 0
}

/** Finds the notifications that a file was stored which say nothing more, because the file is ready. */
export function outdatedIds(notifications: readonly LiveNotification[]): ReadonlySet<string> {
  const notices = notifications.flatMap((each) => uploadNotice(each) ?? [])
  const ready = new Set(notices.map(({ __typename, media }) => __typename === 'MediaReady' && media?.id))
  const outdated = notices.filter(
    ({ __typename, media }) => __typename === 'MediaStored' && media && ready.has(media.id),
  )
  return new Set(outdated.map(({ id }) => id))
}

/** The notifications that count as unread although they are no news. */
export function idsToMark(notifications: readonly LiveNotification[], avatarId: AvatarId): string[] {
  const outdated = outdatedIds(notifications)
  return notifications.flatMap((each) => {
    const notice = each.readAt === null ? uploadNotice(each) : null
    return notice && (isKnown(notice, avatarId) || outdated.has(notice.id)) ? [notice.id] : []
  })
}
