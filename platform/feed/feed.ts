/**
 * Reports which topics have changed, but not what has changed. Listeners fetch the change themselves, so a lost message
 * loses no data, and a message discloses nothing.
 */
export type Feed = {
  /**
   * @param listener receives a topic (such as a user id), or null if messages were missed and anything may have changed
   * @returns a function that stops listening
   */
  listen(listener: (topic: string | null) => void): () => void
}

/** A feed within this process. */
export type LocalFeed = Feed & { announce(topic: string | null): void }

/** Creates a feed that passes each announced topic on to its listeners. */
export function createFeed(): LocalFeed {
  const listeners = new Set<(topic: string | null) => void>()
  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    announce(topic) {
      for (const listener of listeners) listener(topic)
    },
  }
}
