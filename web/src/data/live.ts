import {
  NotificationReceivedDocument,
  type NotificationReceivedSubscription,
  OwnProfileDocument,
} from '../../../generated/graphql/web.ts'
import { ask, receive } from './client.ts'

/** A notification, as it arrives. */
export type LiveNotification = NotificationReceivedSubscription['notificationReceived']

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
// The server sends something every 12 seconds. A connection can be lost without a sign, for example while a phone sleeps.
const SILENT_MS = 30_000
const SILENT_WHEN_BACK_MS = 15_000
const LISTEN_EVERY_MS = 10_000

/**
 * Receives notifications as they happen. After a lost connection it continues after the last one that arrived, so none
 * is missed and none comes twice. A connection on which nothing arrives counts as lost.
 *
 * @returns a function that ends this
 */
export function receiveNotifications(take: (notification: LiveNotification) => void): () => void {
  let position: string | null = null
  let wait = FIRST_WAIT_MS
  let isEnded = false
  let subscription: { unsubscribe(): void } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let heardAt = 0
  let attempt = 0

  const connectLater = () => {
    closeSoon(subscription)
    subscription = null
    attempt += 1
    clearTimeout(timer)
    if (isEnded) return
    timer = setTimeout(() => void connect(), wait * (0.5 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
  const connect = async () => {
    const current = attempt
    const newest = position ?? (await newestPosition().catch(() => null))
    // Another attempt may have begun meanwhile.
    if (current !== attempt) return
    if (newest === null) return connectLater()
    position = newest
    const hear = () => {
      heardAt = Date.now()
    }
    hear()
    subscription = receive(NotificationReceivedDocument, { after: position }, hear).subscribe(
      ({ data, error, hasNext }) => {
        const received = (data as NotificationReceivedSubscription | undefined)?.notificationReceived
        if (received) {
          position = received.position
          wait = FIRST_WAIT_MS
          take(received)
        }
        if (error || !hasNext) connectLater()
      },
    )
  }
  const connectNow = () => {
    wait = FIRST_WAIT_MS
    connectLater()
  }
  const listen = (longestMs: number) => {
    if (subscription && Date.now() - heardAt > longestMs) connectNow()
  }
  const onVisibility = () => document.visibilityState === 'visible' && listen(SILENT_WHEN_BACK_MS)
  const listening = setInterval(() => listen(SILENT_MS), LISTEN_EVERY_MS)
  addEventListener('online', connectNow)
  document.addEventListener('visibilitychange', onVisibility)
  void connect()
  return () => {
    isEnded = true
    clearInterval(listening)
    removeEventListener('online', connectNow)
    document.removeEventListener('visibilitychange', onVisibility)
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
