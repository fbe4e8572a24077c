import type { NotificationReceivedSubscription } from '../../../generated/graphql/web.ts'

// Not from live.ts, which imports this file through the cache.
type LiveNotification = NotificationReceivedSubscription['notificationReceived']

const TOGETHER_MS = 1_000
/** As many as the server takes at once. */
const MOST_IDS = 100

/** Whether a notification only tells that an upload of the viewer goes as it should. */
export function isOfUpload({ __typename }: { __typename: string }): boolean {
  return __typename === 'MediaStored' || __typename === 'MediaReady'
}

/**
 * Marks notifications about the viewer's own uploads as read when they arrive while the app is open: whoever uploads sees
 * how far it is, so there is no news to count. Those that arrive together are marked together. What could not be marked, for
 * example without a connection, is marked with the next ones.
 */
export function createUploadReader(
  mark: (ids: readonly string[]) => Promise<void>,
  pauseMs = TOGETHER_MS,
): (notification: Pick<LiveNotification, '__typename' | 'id' | 'readAt'>) => void {
  let unread: string[] = []
  let isPlanned = false
  const plan = () => {
    if (isPlanned) return
    isPlanned = true
    setTimeout(() => void send(), pauseMs)
  }
  const send = async () => {
    isPlanned = false
    const ids = unread.slice(0, MOST_IDS)
    try {
      await mark(ids)
      unread = unread.filter((id) => !ids.includes(id))
      if (unread.length > 0) plan()
    } catch {
      // They stay unread until the next ones arrive, and no more of them are kept than are sent at once.
      unread = unread.slice(-MOST_IDS)
    }
  }
  return (notification) => {
    if (!isOfUpload(notification) || notification.readAt !== null) return
    unread.push(notification.id)
    plan()
  }
}

/**
 * The number of unread notifications without those about the viewer's own uploads. Between their arrival and the answer that
 * they are marked as read, the server counts them, so until then the number only grows with other notifications.
 */
export class UnreadCount {
  #most = Infinity

  /** Notes a notification that has arrived while `shown` was on the screen. */
  note(notification: { __typename: string }, shown: number): void {
    if (isOfUpload(notification)) this.#most = Math.min(this.#most, shown)
    else this.#most += 1
  }

  /** Trusts what the server counts from now on. */
  release(): void {
    this.#most = Infinity
  }

  /** What to show of the number that the server has counted. */
  of(counted: number): number {
    return Math.min(counted, this.#most)
  }
}
