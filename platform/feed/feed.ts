/**
 * Tells for whom there is something new, without saying what: whoever is told looks for themselves, so that nothing is
 * lost when a message is, and nothing is disclosed.
 */
export type Feed = {
  /**
   * @param listener is told a topic (such as a user id), or null when anything may be new because messages were missed
   * @returns stops listening
   */
  listen(listener: (topic: string | null) => void): () => void
}

/** A feed of this process. */
export type LocalFeed = Feed & { announce(topic: string | null): void }

/** Makes a feed that passes on what is announced to it. */
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
