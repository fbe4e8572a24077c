import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Log } from '../../platform/log.ts'
import type { Enqueue } from '../../platform/outbox/enqueue.ts'
import { askPeer } from '../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'
import { inTime } from '../../platform/subgraph/in-time.ts'
import type { Db } from './database.ts'
import type { Media } from './media/media.ts'
import { findRenditions } from './renditions/rendition-store.ts'

// Both events share one topic, so that the deletion of a media file is never delivered before its registration.
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

/**
 * The messages from storage to `communication` (docs/method.md, A3). Each is queued in the transaction that makes it
 * true.
 */
export type MediaEvents = {
  /**
   * Queues the first registration of a media file. The message has the upload's id: while it waits in the outbox,
   * `communication` does not know the media yet.
   */
  storedFirst(tx: Db, media: Media): Promise<void>
  /**
   * Queues a registration with the variants that exist in this transaction. Called again whenever a variant is added.
   */
  stored(tx: Db, media: Media): Promise<void>
  gone(tx: Db, mediaId: string): Promise<void>
  /** Queues the rejection of an upload, so that its owner is notified. */
  rejected(tx: Db, upload: { id: string; ownerId: string }): Promise<void>
}

/**
 * Creates the publishing functions of one service. Messages go out through its outbox, in order for each media file.
 */
export function createMediaEvents(enqueue: Enqueue): MediaEvents {
  const publish = (tx: Db, key: string, payload: z.infer<typeof message>, id: string = randomUUID()) =>
    enqueue(tx, TOPIC, { key, payload, id })
  const stored = async (tx: Db, media: Media, messageId?: string) => {
    const { id, ownerId, uploadId, mimeType, durationSeconds, isProgressive, state } = media
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
    await publish(tx, id, { event: 'stored', input }, messageId)
  }
  return {
    storedFirst: (tx, media) => stored(tx, media, media.uploadId),
    stored: (tx, media) => stored(tx, media),
    gone: (tx, mediaId) => publish(tx, mediaId, { event: 'gone', input: { mediaId } }),
    rejected: (tx, { id, ownerId }) =>
      publish(tx, id, { event: 'rejected', input: { uploadId: id, ownerId } }),
  }
}

// Longer than a call takes when all works. If it times out, the outbox message delivers the deletion anyway.
const PUBLISH_MS = 1_000

/**
 * Publishes the deletion of a media file to `communication` immediately, so that no post shows it in the next moment. If the
 * call fails, `communication` learns of the deletion from the outbox message.
 */
export function publishMediaDeleted(
  communication: () => SubgraphClient,
  log: Log,
): (mediaId: string) => Promise<void> {
  return async (mediaId) => {
    const answer = askPeer(communication(), 'storage', MUTATIONS.gone, { input: { mediaId } }, done)
    await inTime(answer, PUBLISH_MS).catch((error) =>
      log.debug({ err: error, mediaId }, 'media deletion left to the outbox'),
    )
  }
}

/** The outbox handlers that deliver the messages. Delivering a message twice does no harm. */
export function mediaEventHandlers(communication: () => SubgraphClient) {
  return {
    async [TOPIC](payload: unknown) {
      const { event, input } = message.parse(payload)
      await askPeer(communication(), 'storage', MUTATIONS[event], { input }, done)
    },
  }
}
