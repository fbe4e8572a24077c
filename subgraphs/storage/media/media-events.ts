import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type {
  RegisterMediaInput,
  ReportUploadActivityInput,
  SetMediaCaptionsInput,
  UnregisterMediaInput,
  UploadActivity,
} from '../../../generated/graphql/internal/storage-to-communication.ts'
import type { Log } from '../../../platform/log.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { Db } from '../database.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import type { Media } from './media.ts'
import { findRenditions } from './rendition-store.ts'

// Both events share one topic, so that the deletion of a media file is never delivered before its registration.
const TOPIC = 'media-register'

// Only this service writes messages to its outbox. `communication` checks the inputs against its schema.
const inputOf = <Input>() => z.custom<Input>((value) => typeof value === 'object' && value !== null)

const message = z.discriminatedUnion('event', [
  z.object({ event: z.literal('stored'), input: inputOf<RegisterMediaInput>() }),
  z.object({ event: z.literal('gone'), input: inputOf<UnregisterMediaInput>() }),
  z.object({ event: z.literal('captions'), input: inputOf<SetMediaCaptionsInput>() }),
  z.object({ event: z.literal('upload'), input: inputOf<ReportUploadActivityInput>() }),
  // Queued by earlier versions.
  z.object({ event: z.literal('rejected'), input: inputOf<Omit<ReportUploadActivityInput, 'kind'>>() }),
])

/** Reports what happened to an upload. Called in the transaction that causes it. */
export type ReportUpload = (
  tx: Db,
  kind: UploadActivity,
  upload: { id: string; ownerId: string },
) => Promise<void>

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
  /** Queues the captions that a media file has after a change. */
  captions(
    tx: Db,
    mediaId: string,
    captions: readonly { language: string; label: string }[],
    revision: number,
  ): Promise<void>
  /** Queues the deletion of a media file. */
  deleted(tx: Db, mediaId: string): Promise<void>
  /** Queues what happened to an upload, so that its owner is notified. */
  reportUpload: ReportUpload
}

/**
 * Creates the functions that queue the messages. The outbox delivers them in order for each media file.
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
    captions(tx, mediaId, captions, revision) {
      const listed = captions.map(({ language, label }) => ({ language, label }))
      return publish(tx, mediaId, { event: 'captions', input: { mediaId, captions: listed, revision } })
    },
    deleted: (tx, mediaId) => publish(tx, mediaId, { event: 'gone', input: { mediaId } }),
    reportUpload: (tx, kind, { id, ownerId }) =>
      publish(tx, id, { event: 'upload', input: { kind, uploadId: id, ownerId } }),
  }
}

// Longer than a call takes when all works. If it times out, the outbox message delivers the deletion anyway.
const PUBLISH_MS = 1_000

/**
 * Creates the function that reports a deletion to `communication` immediately, so that no post shows the media file in
 * the next moment. It never fails: if the call does, the outbox message reports the deletion later.
 */
export function createDeletionReport(
  communication: () => PeerClient,
  log: Log,
): (mediaId: string) => Promise<void> {
  return async (mediaId) => {
    const operation = communicationOperation('unregister-media')
    const answer = callPeer(communication(), operation, { input: { mediaId } })
    await inTime(answer, PUBLISH_MS).catch((error) =>
      log.debug({ err: error, mediaId }, 'media deletion left to the outbox'),
    )
  }
}

/** The outbox handlers that deliver the messages. Delivering a message twice does no harm. */
export function mediaEventHandlers(communication: () => PeerClient) {
  const reportUpload = async (input: ReportUploadActivityInput) =>
    void (await callPeer(communication(), communicationOperation('report-upload-activity'), { input }))
  return {
    async [TOPIC](payload: unknown) {
      const { event, input } = message.parse(payload)
      switch (event) {
        case 'stored':
          return void (await callPeer(communication(), communicationOperation('register-media'), { input }))
        case 'captions':
          return void (await callPeer(communication(), communicationOperation('set-media-captions'), {
            input,
          }))
        case 'gone':
          return void (await callPeer(communication(), communicationOperation('unregister-media'), { input }))
        case 'upload':
          return reportUpload(input)
        case 'rejected':
          return reportUpload({ ...input, kind: 'REJECTED' })
      }
    },
  }
}
