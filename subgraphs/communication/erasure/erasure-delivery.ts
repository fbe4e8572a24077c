import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { Db } from '../database.ts'
import { blogOperation } from '../internal-operations/blog.ts'
import { storageOperation } from '../internal-operations/storage.ts'
import { type ErasingService, eraseNews, eraseRegister, markErased } from './erasure-store.ts'

const HERE = 'erase-here'
const TOPICS = { blog: 'erase-in-blog', storage: 'erase-in-storage' } as const

// Requests that were in progress when the account was deleted have ended by then: viewer assertions are accepted for
// three minutes.
const ONCE_MORE_MS = 5 * 60_000

const message = z.object({ userId: z.string() })

/**
 * Queues the erasure of everything that a user stored: now, and once more later. Call it within the transaction that
 * deletes the account.
 */
export async function enqueueErasure(enqueue: Enqueue, tx: Db, userId: string): Promise<void> {
  for (const topic of [HERE, TOPICS.blog, TOPICS.storage]) {
    await enqueue(tx, topic, { key: userId, payload: { userId } })
    await enqueue(tx, topic, { key: `${userId} once more`, payload: { userId }, delayMs: ONCE_MORE_MS })
  }
}

/** Outbox handlers that erase a user in this service and in the others. Repeating them does no harm. */
export function erasureDelivery(options: {
  db: Db
  peer: (name: ErasingService) => PeerClient
  clock: Clock
}) {
  const { db, peer, clock } = options
  const eraseIn =
    (service: ErasingService, erase: (input: { userId: string }) => Promise<unknown>) =>
    async (payload: unknown) => {
      const { userId } = message.parse(payload)
      await erase({ userId })
      await markErased(db, userId, service, clock())
    }
  return {
    async [HERE](payload: unknown) {
      const { userId } = message.parse(payload)
      await eraseRegister(db, userId)
      await eraseNews(db, userId)
    },
    [TOPICS.blog]: eraseIn('blog', (input) =>
      callPeer(peer('blog'), blogOperation('erase-user-posts'), { input }),
    ),
    [TOPICS.storage]: eraseIn('storage', (input) =>
      callPeer(peer('storage'), storageOperation('erase-user-media'), { input }),
    ),
  }
}
