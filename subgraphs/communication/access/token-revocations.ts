import { z } from 'zod'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import type { Resume } from '../../../platform/outbox/resume.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { Db } from '../database.ts'
import { blogOperation } from '../internal-operations/blog.ts'
import { storageOperation } from '../internal-operations/storage.ts'

// The number of session ids or viewer ids that fit into one request to another service.
const IDS_PER_MESSAGE = 500

// Media tokens concern storage and page tokens concern blog. Each has its own topic, so a service that is down does not
// delay the other one.
const TO_STORAGE = 'revoke-media-access'
const TO_BLOG = 'revoke-page-access'

// Tokens that match all given fields and were issued until `issuedUntil` stop working.
const message = z.object({
  revocations: z.array(
    z.object({
      ownerId: z.string().optional(),
      viewerId: z.string().optional(),
      mediaId: z.string().optional(),
      sessionId: z.string().optional(),
      issuedUntil: z.string(),
    }),
  ),
})

/**
 * Revokes tokens that were already issued. Call it within the transaction that takes the right away, as the last step.
 * Revoke several media in the order of their ids, because the outbox keeps messages in order with locks.
 */
export type TokenRevocations = {
  /** Revokes the tokens of each of two users for the other one's media and page. */
  ofPair(tx: Db, userId: string, otherId: string, until: Date): Promise<void>
  /**
   * Revokes viewers' tokens for some media of a user, or for all media of the user. Their tokens for the user's page keep
   * working, because each request decides anew which posts a page shows.
   */
  ofViewers(tx: Db, ownerId: string, viewers: readonly RevokedViewer[], until: Date): Promise<void>
  /** Revokes all tokens for a media file. The owner and all others who may still play it ask for a new token. */
  ofMedia(tx: Db, mediaId: string, until: Date): Promise<void>
  /** Revokes the tokens that sessions of a user hold for any media and pages. */
  ofSessions(tx: Db, userId: string, sessionIds: readonly string[], until: Date): Promise<void>
  /** Revokes a deleted user's tokens, and the tokens of others for this user's media and page. */
  ofUser(tx: Db, userId: string, until: Date): Promise<void>
}

/** A viewer whose media tokens stop working: those for one media file, or for all if there is no `mediaId`. */
export type RevokedViewer = { viewerId: string; mediaId?: string }

/** Creates the revocations of the service, which are sent through its outbox. */
export function createTokenRevocations(enqueue: Enqueue): TokenRevocations {
  const toBoth = async (tx: Db, key: string, revocations: readonly object[]) => {
    await enqueue(tx, TO_STORAGE, { key, payload: { revocations } })
    await enqueue(tx, TO_BLOG, { key, payload: { revocations } })
  }
  return {
    async ofSessions(tx, userId, sessionIds, until) {
      const issuedUntil = until.toISOString()
      for (let from = 0; from < sessionIds.length; from += IDS_PER_MESSAGE) {
        const some = sessionIds.slice(from, from + IDS_PER_MESSAGE)
        await toBoth(
          tx,
          userId,
          some.map((sessionId) => ({ sessionId, issuedUntil })),
        )
      }
    },
    async ofUser(tx, userId, until) {
      const issuedUntil = until.toISOString()
      await toBoth(tx, userId, [
        { viewerId: userId, issuedUntil },
        { ownerId: userId, issuedUntil },
      ])
    },
    async ofPair(tx, userId, otherId, until) {
      const issuedUntil = until.toISOString()
      const key = [userId, otherId].sort().join(' ')
      const revocations = [
        { ownerId: userId, viewerId: otherId, issuedUntil },
        { ownerId: otherId, viewerId: userId, issuedUntil },
      ]
      await toBoth(tx, key, revocations)
    },
    async ofViewers(tx, ownerId, viewers, until) {
      const issuedUntil = until.toISOString()
      for (let from = 0; from < viewers.length; from += IDS_PER_MESSAGE) {
        const revocations = viewers
          .slice(from, from + IDS_PER_MESSAGE)
          .map((viewer) => ({ ownerId, ...viewer, issuedUntil }))
        await enqueue(tx, TO_STORAGE, { key: ownerId, payload: { revocations } })
      }
    },
    async ofMedia(tx, mediaId, until) {
      const revocations = [{ mediaId, issuedUntil: until.toISOString() }]
      await enqueue(tx, TO_STORAGE, { key: mediaId, payload: { revocations } })
    },
  }
}

/**
 * Outbox handlers that deliver revocations. Delivering one twice does no harm, because the message contains the
 * instant.
 *
 * @param peer returns the client of another service
 */
export function revocationDelivery(peer: (name: 'storage' | 'blog') => PeerClient) {
  return {
    async [TO_STORAGE](payload: unknown) {
      const input = message.parse(payload)
      await callPeer(peer('storage'), storageOperation('revoke-media-access'), { input })
    },
    async [TO_BLOG](payload: unknown) {
      const input = message.parse(payload)
      await callPeer(peer('blog'), blogOperation('revoke-page-access'), { input })
    },
  }
}

/**
 * Returns the revocations that a service has not received yet, so it knows them before it accepts a token. The outbox
 * also delivers them again at once.
 */
export async function resumeRevocations(resume: Resume, service: 'storage' | 'blog') {
  const payloads = await resume(service === 'storage' ? TO_STORAGE : TO_BLOG)
  return payloads
    .flatMap((payload) => message.parse(payload).revocations)
    .map(({ ownerId = null, viewerId = null, mediaId = null, sessionId = null, issuedUntil }) => ({
      ownerId,
      viewerId,
      mediaId,
      sessionId,
      issuedUntil: new Date(issuedUntil),
    }))
}
