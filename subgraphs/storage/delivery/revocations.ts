/** Media tokens that end early: all that match every given field and were issued at or before the instant. */
export type Revocation = {
  ownerId: string | null
  viewerId: string | null
  mediaId: string | null
  sessionId: string | null
  issuedUntil: Date
}

/** Whom and what a media token is bound to. */
export type Bound = {
  ownerId: string | null
  /** Null for someone who is signed out. */
  viewerId: string | null
  mediaId: string
  /** The viewer's session; null where there is none. */
  sessionId: string | null
  /** The token's `iat`, in milliseconds since 1970. */
  issuedAt: number
}

/** The revocations in force, held in memory because every chunk that is sent asks for them. */
export type Revocations = {
  add(revocation: Revocation): void
  isRevoked(bound: Bound): boolean
  /** Calls back at each revocation, until the returned function is called. */
  watch(listener: () => void): () => void
  /** Drops those that no living token can match any more. */
  dropOlderThan(instant: Date): void
}

/** Makes an empty set of revocations. */
export function createRevocations(): Revocations {
  // By the fields that are set: at most nine look-ups answer for a token, however many revocations there are.
  const until = new Map<string, number>()
  const listeners = new Set<() => void>()
  const key = (owner: string | null, viewer: string | null, media: string | null) =>
    `${owner ?? '*'} ${viewer ?? '*'} ${media ?? '*'}`
  // A session ends as a whole.
  const sessionKey = (sessionId: string) => `session ${sessionId}`
  const holds = (fields: string, issuedAt: number) =>
    issuedAt <= (until.get(fields) ?? Number.NEGATIVE_INFINITY)

  return {
    add({ ownerId, viewerId, mediaId, sessionId, issuedUntil }) {
      const fields = sessionId === null ? key(ownerId, viewerId, mediaId) : sessionKey(sessionId)
      until.set(fields, Math.max(until.get(fields) ?? 0, issuedUntil.getTime()))
      for (const listener of [...listeners]) listener()
    },

    isRevoked({ ownerId, viewerId, mediaId, sessionId, issuedAt }) {
      if (until.size === 0) return false
      if (sessionId !== null && holds(sessionKey(sessionId), issuedAt)) return true
      for (const owner of either(ownerId)) {
        for (const viewer of either(viewerId)) {
          for (const media of either(mediaId)) {
            if (holds(key(owner, viewer, media), issuedAt)) return true
          }
        }
      }
      return false
    },

    watch(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },

    dropOlderThan(instant) {
      for (const [fields, issuedUntil] of until) {
        if (issuedUntil < instant.getTime()) until.delete(fields)
      }
    },
  }
}

function either(value: string | null): (string | null)[] {
  return value === null ? [null] : [value, null]
}
