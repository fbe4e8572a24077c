const MOST_AT_ONCE = 100
const MOST_REMEMBERED = 2_000

/** Sends the ids of posts that the viewer has viewed, at most 100. */
export type SendViews = (postIds: string[]) => Promise<unknown>

/**
 * Collects views and sends several together. A post is sent once, also if it is viewed again; if sending fails, it is
 * sent when it is viewed again.
 *
 * @returns a function that counts a view of a post
 */
export function createViewCounter(send: SendViews, waitMs: number): (postId: string) => void {
  const counted = new Set<string>()
  const waiting = new Set<string>()
  let isTimed = false

  const sendWaiting = async () => {
    const postIds = [...waiting].slice(0, MOST_AT_ONCE)
    for (const id of postIds) waiting.delete(id)
    isTimed = false
    if (waiting.size > 0) sendLater()
    try {
      await send(postIds)
    } catch {
      for (const id of postIds) counted.delete(id)
    }
  }
  const sendLater = () => {
    if (!isTimed) setTimeout(sendWaiting, waitMs)
    isTimed = true
  }
  return (postId) => {
    if (counted.has(postId)) return
    counted.add(postId)
    // Forgets the oldest, which is only sent once more if it is viewed again.
    const [oldest] = counted
    if (counted.size > MOST_REMEMBERED && oldest !== undefined) counted.delete(oldest)
    waiting.add(postId)
    sendLater()
  }
}
