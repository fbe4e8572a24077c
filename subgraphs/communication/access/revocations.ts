import { z } from 'zod'
import type { Prisma } from '../../../generated/prisma/communication/client.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'

type Transaction = Prisma.TransactionClient

// So many fit into one request to a peer.
const SESSIONS_PER_MESSAGE = 500

// Media tokens go to storage, page tokens to blog; each is told on its own, so that one that is down delays no other.
const TO_STORAGE = 'revoke-media-access'
const TO_BLOG = 'revoke-page-access'

// Every token that matches all the given fields and was issued until the instant stops working.
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
 * Ends tokens that are in people's hands, from within the transaction that takes the right away: called last in it, and
 * for several media in the order of their ids, since the outbox keeps the order of messages with locks.
 */
export type Revocations = {
  /** What either of two users was given for the other's media and page. */
  ofPair(tx: Transaction, userId: string, otherId: string, until: Date): Promise<void>
  /** What anyone was given for a medium; its owner asks for a new token like everyone else who still may. */
  ofMedia(tx: Transaction, mediaId: string, until: Date): Promise<void>
  /** What sessions of a user were given for anyone's media and pages. */
  ofSessions(tx: Transaction, userId: string, sessionIds: readonly string[], until: Date): Promise<void>
  /** What a user was given, and what others were given for this user's media and page: the account is deleted. */
  ofUser(tx: Transaction, userId: string, until: Date): Promise<void>
}

/** Makes the revocations of one service, which go out through its outbox. */
export function createRevocations(enqueue: Enqueue): Revocations {
  const toBoth = async (tx: Transaction, key: string, revocations: readonly object[]) => {
    await enqueue(tx, TO_STORAGE, { key, payload: { revocations } })
    await enqueue(tx, TO_BLOG, { key, payload: { revocations } })
  }
  return {
    async ofSessions(tx, userId, sessionIds, until) {
      const issuedUntil = until.toISOString()
      for (let from = 0; from < sessionIds.length; from += SESSIONS_PER_MESSAGE) {
        const some = sessionIds.slice(from, from + SESSIONS_PER_MESSAGE)
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
    async ofMedia(tx, mediaId, until) {
      const revocations = [{ mediaId, issuedUntil: until.toISOString() }]
      await enqueue(tx, TO_STORAGE, { key: mediaId, payload: { revocations } })
    },
  }
}

/**
 * How the outbox delivers each topic. Delivering twice does no harm: the instant stands in the message.
 *
 * @param self the name of this service
 */
export function revocationDelivery(self: string, peer: (name: string) => SubgraphClient) {
  const deliver = (name: string, query: string) => async (payload: unknown) => {
    const input = message.parse(payload)
    await askPeer(peer(name), self, query, { input }, z.object({ done: z.literal(true) }))
  }
  return {
    [TO_STORAGE]: deliver(
      'storage',
      'mutation Revoke($input: RevokeMediaAccessInput!) { done: revokeMediaAccess(input: $input) }',
    ),
    [TO_BLOG]: deliver(
      'blog',
      'mutation Revoke($input: RevokePageAccessInput!) { done: revokePageAccess(input: $input) }',
    ),
  }
}

/**
 * What a service has not been told of yet, so that it can know before it takes a token; it is told again at once.
 *
 * @param resume see `Outbox`
 */
export async function resumeRevocations(
  resume: (topic: string) => Promise<unknown[]>,
  service: 'storage' | 'blog',
) {
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
