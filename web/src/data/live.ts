import {
  NotificationReceivedDocument,
  type NotificationReceivedSubscription,
  OwnProfileDocument,
} from '../../../generated/graphql/web.ts'
import { takeTurns } from '../browser-locks.ts'
import { ask, receive, receiveHere } from './client.ts'
import { readSession } from './session-store.ts'

/** A notification, as it arrives. */
export type LiveNotification = NotificationReceivedSubscription['notificationReceived']

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
// The server sends something every 12 seconds. A connection can be lost without a sign, for example while a phone sleeps.
const SILENT_MS = 30_000
const SILENT_WHEN_BACK_MS = 15_000
const LISTEN_EVERY_MS = 10_000
// Longer than it takes to open a silent stream again, which may bring something.
const ASK_EVERY_MS = 45_000

/**
 * What the window that has the stream tells the others: null only says that something has arrived. While a stream is being
 * opened, the others wait for it, but know that nothing has arrived.
 */
type News = { data?: NotificationReceivedSubscription; isContinued?: true; isOpening?: true } | null

/**
 * Receives notifications as they happen. After a lost connection it continues after the last one that arrived, so none
 * is missed and none comes twice. A connection on which nothing arrives counts as lost.
 *
 * Of all windows of the browser, one has the stream and passes on what arrives, because a browser opens only six
 * connections to a server over HTTP/1.1. When that window is closed, crashes or is silent because it is frozen, another
 * one continues after the last notification that it knows. Pages without a secure address cannot take turns: there, each
 * window has a stream while it is visible.
 *
 * Some proxies and virus scanners keep what a stream brings until it ends, so that nothing ever arrives.
 *
 * @param onContinued is called after an interruption, in which another device may have read notifications, and now and then
 *   while nothing arrives and the page is visible, to ask for what the stream does not tell
 * @returns a function that ends this
 */
export function receiveNotifications(
  take: (notification: LiveNotification) => void,
  onContinued: () => void,
): () => void {
  const ended = new AbortController()
  const { signal } = ended
  const name = `moblog-stream-${readSession()?.userId}`
  const windows = navigator.locks ? new BroadcastChannel(name) : null
  let position: string | null = null
  let wait = FIRST_WAIT_MS
  let isHolder = false
  let subscription: { unsubscribe(): void } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let heardAt = Date.now()
  let hasHeard = false
  /** When something has arrived last, or was asked for because nothing arrives. */
  let knownAt = heardAt
  let attempt = 0

  const isVisible = () => document.visibilityState === 'visible'
  const tell = (news: News) => signal.aborted || windows?.postMessage(news)
  const isNew = ({ notificationReceived }: NotificationReceivedSubscription) =>
    position === null || Number(notificationReceived.position) > Number(position)
  const accept = ({ notificationReceived }: NotificationReceivedSubscription) => {
    position = notificationReceived.position
    take(notificationReceived)
  }
  const hear = () => {
    heardAt = knownAt = Date.now()
    tell(null)
  }
  const learnPosition = async () => {
    const newest = await newestPosition().catch(() => null)
    // Something may have arrived from another window meanwhile.
    position ??= newest
  }
  const connectLater = () => {
    closeSoon(subscription)
    subscription = null
    attempt += 1
    clearTimeout(timer)
    if (!isHolder) return
    timer = setTimeout(() => void connect(), wait * (0.5 + Math.random() / 2))
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
  const connect = async () => {
    const current = attempt
    if (position === null) await learnPosition()
    // Another attempt may have begun meanwhile.
    if (current !== attempt) return
    if (position === null) return connectLater()
    heardAt = Date.now()
    tell({ isOpening: true })
    let isSilent = true
    const hearStream = () => {
      hear()
      if (isSilent && hasHeard) {
        tell({ isContinued: true })
        onContinued()
      }
      isSilent = false
      hasHeard = true
    }
    subscription = receive(NotificationReceivedDocument, { after: position }, hearStream).subscribe(
      ({ data, error, hasNext }) => {
        if (data && isNew(data)) {
          wait = FIRST_WAIT_MS
          tell({ data })
          accept(data)
        }
        if (error || !hasNext) connectLater()
      },
    )
  }
  const connectNow = () => {
    wait = FIRST_WAIT_MS
    connectLater()
  }
  const turns = takeTurns(name, () => {
    isHolder = true
    void connect()
    return () => {
      isHolder = false
      connectNow()
    }
  })
  const enter = () => {
    if (!signal.aborted && (windows || isVisible())) turns.enter()
  }
  const listen = (longestMs: number) => {
    if (Date.now() - heardAt <= longestMs) return
    if (subscription) connectNow()
    else if (!isHolder && isVisible()) turns.enter(true)
  }
  const askMeanwhile = () => {
    if (Date.now() - knownAt < ASK_EVERY_MS || !isVisible()) return
    knownAt = Date.now()
    onContinued()
  }
  const onVisibility = () => {
    if (!windows && isVisible()) enter()
    else if (!windows) turns.leave()
    else if (isVisible()) listen(SILENT_WHEN_BACK_MS)
  }
  const onNews = ({ data: news }: MessageEvent<News>) => {
    heardAt = Date.now()
    if (!news?.isOpening) knownAt = heardAt
    hasHeard = true
    if (news?.isContinued) onContinued()
    const data = news?.data
    if (!data || !isNew(data)) return
    receiveHere(NotificationReceivedDocument, { after: position }, data)
    accept(data)
  }
  windows?.addEventListener('message', onNews)
  const listening = setInterval(() => {
    listen(SILENT_MS)
    askMeanwhile()
  }, LISTEN_EVERY_MS)
  addEventListener('online', () => isHolder && connectNow(), { signal })
  document.addEventListener('visibilitychange', onVisibility, { signal })
  // A frozen window receives nothing.
  document.addEventListener('freeze', turns.leave, { signal })
  document.addEventListener('resume', enter, { signal })
  void learnPosition().then(enter)
  return () => {
    ended.abort()
    clearInterval(listening)
    turns.leave()
    windows?.close()
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
