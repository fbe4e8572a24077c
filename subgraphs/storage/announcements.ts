import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../../platform/log.ts'
import type { Enqueue } from '../../platform/outbox/enqueue.ts'
import { askPeer } from '../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'
import { inTime } from '../../platform/subgraph/in-time.ts'
import type { Db } from './database.ts'
import type { Medium } from './media/medium.ts'
import { findRenditions } from './renditions/rendition-store.ts'

// One topic for both, so that a medium's end is never told before its beginning.
const TOPIC = 'media-register'

const done = z.object({ done: z.literal(true) })

const message = z.discriminatedUnion('event', [
  z.object({ event: z.literal('stored'), input: z.record(z.string(), z.unknown()) }),
  z.object({ event: z.literal('gone'), input: z.record(z.string(), z.unknown()) }),
  z.object({ event: z.literal('rejected'), input: z.record(z.string(), z.unknown()) }),
])

const MUTATIONS = {
  stored: 'mutation Register($input: RegisterMediaInput!) { done: registerMedia(input: $input) }',
  gone: 'mutation Unregister($input: UnregisterMediaInput!) { done: unregisterMedia(input: $input) }',
  rejected:
    'mutation Reject($input: ReportUploadRejectedInput!) { done: reportUploadRejected(input: $input) }',
}

/** What storage tells `communication` (docs/method.md, A3), in the transactions that make it true. */
export type Announcements = {
  /** A medium, in a message with its upload's id: while that waits, `communication` does not know of the medium. */
  storedFirst(tx: Db, medium: Medium): Promise<void>
  /** A medium, with what there is of it in this transaction: told again whenever there is more. */
  stored(tx: Db, medium: Medium): Promise<void>
  gone(tx: Db, mediaId: string): Promise<void>
  /** An upload that was not taken: its owner is told. */
  rejected(tx: Db, upload: { id: string; ownerId: string }): Promise<void>
}

/** Makes the announcements of one service, which go out through its outbox, those of a medium in order. */
export function createAnnouncements(enqueue: Enqueue): Announcements {
  const tell = (tx: Db, key: string, payload: z.infer<typeof message>, id: string = randomUUID()) =>
    enqueue(tx, TOPIC, { key, payload, id })
  const stored = async (tx: Db, medium: Medium, messageId?: string) => {
    const { id, ownerId, uploadId, mimeType, durationSeconds, isProgressive, state } = medium
    const made = (await findRenditions(tx, [id])).map(({ role }) => role)
    const input = {
      mediaId: id,
      ownerId,
      uploadId,
      mimeType,
      durationSeconds,
      hasProgressive: made.includes('PROGRESSIVE') || (isProgressive && made.includes('SHARED')),
      hasStream: made.includes('STREAM'),
      hasPoster: made.includes('POSTER'),
      state,
    }
    await tell(tx, id, { event: 'stored', input }, messageId)
  }
  return {
    storedFirst: (tx, medium) => stored(tx, medium, medium.uploadId),
    stored: (tx, medium) => stored(tx, medium),
    gone: (tx, mediaId) => tell(tx, mediaId, { event: 'gone', input: { mediaId } }),
    rejected: (tx, { id, ownerId }) => tell(tx, id, { event: 'rejected', input: { uploadId: id, ownerId } }),
  }
}

// Longer than it takes where all is well; the announcement brings the news in any case.
const NEWS_MS = 1_000

/**
 * Tells `communication` at once that a medium is gone, so that no post of the next moment shows it. Where it does not
 * hear of it now, it will by the announcement.
 */
export function tellGone(communication: () => SubgraphClient, log: Log): (mediaId: string) => Promise<void> {
  return async (mediaId) => {
    const told = askPeer(communication(), 'storage', MUTATIONS.gone, { input: { mediaId } }, done)
    await inTime(told, NEWS_MS).catch((error) =>
      log.debug({ err: error, mediaId }, 'a deletion is told later'),
    )
  }
}

/** How the outbox delivers what was announced. Delivering twice does no harm. */
export function announcementHandlers(communication: () => SubgraphClient) {
  return {
    async [TOPIC](payload: unknown) {
      const { event, input } = message.parse(payload)
      await askPeer(communication(), 'storage', MUTATIONS[event], { input }, done)
    },
  }
}
