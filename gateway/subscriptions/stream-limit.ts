/** Enough for all devices of one person; what is beyond are streams of devices that lost their network. */
export const MAX_STREAMS = 16

/**
 * Lets each user have some number of streams open. Whoever opens one more ends the oldest: it is likely one whose other
 * end is gone, which nobody has noticed.
 *
 * @returns takes up a stream of a user, with what ends it; what is returned then is to be called when it is over
 */
export function createStreamLimit(most = MAX_STREAMS): (userId: string, end: () => void) => () => void {
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
