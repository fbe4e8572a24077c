import {
  NotificationReceivedDocument,
  type NotificationReceivedSubscription,
  OwnProfileDocument,
} from '../../../generated/graphql/web.ts'
import { api, ask } from './client.ts'

/** A notification, as it arrives. */
export type LiveNotification = NotificationReceivedSubscription['notificationReceived']

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/**
 * Receives notifications as they happen. After a lost connection it continues after the last one that arrived, so none
 * is missed and none comes twice.
 *
 * @returns a function that ends this
 */
export function receiveNotifications(take: (notification: LiveNotification) => void): () => void {
  let position: string | null = null
  let wait = FIRST_WAIT_MS
  let isEnded = false
  let subscription: { unsubscribe(): void } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const connectLater = () => {
    closeSoon(subscription)
    subscription = null
    clearTimeout(timer)
    if (isEnded) return
    timer = setTimeout(() => void connect(), wait * (0.5 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
  const connect = async () => {
    try {
      position ??= await newestPosition()
    } catch {
      return connectLater()
    }
    if (isEnded) return
    subscription = api()
      .subscription(NotificationReceivedDocument, { after: position })
      .subscribe(({ data, error, hasNext }) => {
        const received = (data as NotificationReceivedSubscription | undefined)?.notificationReceived
        if (received) {
          position = received.position
          wait = FIRST_WAIT_MS
          take(received)
        }
        if (error || !hasNext) connectLater()
      })
  }
  const connectNow = () => {
    wait = FIRST_WAIT_MS
    connectLater()
  }
  addEventListener('online', connectNow)
  void connect()
  return () => {
    isEnded = true
    removeEventListener('online', connectNow)
    connectLater()
  }
}

/**
 * Ends a subscription, but not within its own callback: urql would then cancel a stream that it has aborted just before,
 * and nobody would handle the rejection of that.
 */
function closeSoon(subscription: { unsubscribe(): void } | null): void {
  queueMicrotask(() => subscription?.unsubscribe())
}

async function newestPosition(): Promise<string> {
  const { viewer } = await ask(OwnProfileDocument, {})
  return viewer?.notifications?.edges[0]?.node.position ?? '0'
}
