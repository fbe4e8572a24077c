import { z } from 'zod'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import { storageOperation } from '../internal-operations/storage.ts'
import type { OnMediaUnshown } from './post-audience.ts'

const TOPIC = 'delete-expired-media'

const message = z.object({ mediaId: z.string(), ownerId: z.string() })

/** Queues the deletion of media that were shown only by a post that has expired. */
export function createUnshownDeletion(enqueue: Enqueue): OnMediaUnshown {
  return (tx, { id: mediaId, ownerId }) => enqueue(tx, TOPIC, { key: mediaId, payload: { mediaId, ownerId } })
}

/** The outbox handler that deletes these media in `storage`. Repeating it does no harm. */
export function unshownDelivery(storage: () => PeerClient) {
  return {
    async [TOPIC](payload: unknown) {
      const input = message.parse(payload)
      await callPeer(storage(), storageOperation('delete-expired-media'), { input })
    },
  }
}
