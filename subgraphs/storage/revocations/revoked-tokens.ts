/**
 * Revokes media tokens before they expire: all tokens that match every given field and were issued at or before the
 * instant.
 */
export type Revocation = {
  ownerId: string | null
  viewerId: string | null
  mediaId: string | null
  sessionId: string | null
  issuedUntil: Date
}

/** The users and the media file to which a media token is bound. */
export type Bound = {
  ownerId: string | null
  /** Null for a signed-out viewer. */
  viewerId: string | null
  mediaId: string
  /** The viewer's session; null if there is none. */
  sessionId: string | null
  /** The token's `iat`, in milliseconds since 1970. */
  issuedAt: number
}

/** The revocations in force. They are in memory because every chunk that is sent checks them. */
export type RevokedTokens = {
  add(revocation: Revocation): void
  isRevoked(bound: Bound): boolean
  /** Calls the listener on each revocation, until the returned function is called. */
  watch(listener: () => void): () => void
  /** Removes revocations that match no unexpired token any more. */
  dropOlderThan(instant: Date): void
}

/** Creates an empty set of revocations. */
export function createRevokedTokens(): RevokedTokens {
  // Keyed by the fields that are set: at most nine look-ups decide about a token, for any number of revocations.
  const until = new Map<string, number>()
  const listeners = new Set<() => void>()
  const key = (owner: string | null, viewer: string | null, media: string | null) =>
    `${owner ?? '*'} ${viewer ?? '*'} ${media ?? '*'}`
  // A revocation with a session applies to the whole session.
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
      for (const owner of valueOrAny(ownerId)) {
        for (const viewer of valueOrAny(viewerId)) {
          for (const media of valueOrAny(mediaId)) {
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

function valueOrAny(value: string | null): (string | null)[] {
  return value === null ? [null] : [value, null]
}
