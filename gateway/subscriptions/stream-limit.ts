/** Enough for all devices of one user. More streams than this come from devices that lost their network. */
export const MAX_STREAMS = 16

/**
 * Registers a connection of a user, with the function that ends it.
 *
 * @param key the user's id for their streams; with a prefix for their sockets and reservations, which are counted apart
 *
 * @returns the function to call when the stream is over
 */
export type StreamLimit = (key: string, end: () => void) => () => void

/**
 * Limits the number of open streams per user. Opening one more ends the oldest, which probably lost its connection
 * without anyone noticing.
 */
export function createStreamLimit(most = MAX_STREAMS): StreamLimit {
  const streams = new Map<string, Set<() => void>>()
  return (userId, end) => {
    const own = streams.get(userId) ?? new Set()
    streams.set(userId, own.add(end))
    const [oldest] = own
    if (own.size > most && oldest) {
      own.delete(oldest)
      oldest()
    }
    return () => {
      own.delete(end)
      if (own.size === 0 && streams.get(userId) === own) streams.delete(userId)
    }
  }
}
