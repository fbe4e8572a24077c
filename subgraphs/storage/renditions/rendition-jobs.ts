import { mkdir, readdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { Handler } from '../../../platform/outbox/deliveries.ts'
import { createEnqueue, type Enqueue } from '../../../platform/outbox/enqueue.ts'
import { openOutbox } from '../../../platform/outbox/outbox.ts'
import { type Db, JOBS_SCHEMA } from '../database.ts'
import type { Media } from '../media/media.ts'
import { describeOlderMedia } from './describe-older-media.ts'
import { extractCaptions } from './extract-captions.ts'
import { isCostly } from './image-cost.ts'
import { findProcessing } from './processing-store.ts'
import { type Lane, renderMedia } from './render-media.ts'
import type { Rendering } from './rendering.ts'
import { isAnyUndescribed } from './undescribed-store.ts'

// Images have a separate topic, so that audio and video never occupy their places.
const TOPICS = {
  IMAGE: 'renditions-image',
  COSTLY_IMAGE: 'renditions-costly-image',
  QUICK: 'renditions-quick',
  SLOW: 'renditions-slow',
  LONG: 'renditions-long',
  CAPTIONS: 'extract-captions',
  OLDER: 'describe-older-media',
}

const job = z.object({ mediaId: z.uuid(), ownerId: z.string().default('') })

// A usual photo takes less than a second. The limit per owner leaves places for others if one owner uploads many. Images
// that cost more have places of their own, because several owners could otherwise occupy all places with them.
const IMAGES_AT_ONCE = 6
const IMAGES_OF_EACH_OWNER = ofEachOwner(2)
const COSTLY_IMAGES_AT_ONCE = 2
// There is one message at most, for all older media.
const OLDER_MEDIA_ID = '0199c1d0-0000-7000-8000-000000000001'
// Reads the whole recording, and decodes only its texts.
const EXTRACTIONS_AT_ONCE = 2

/** The number of short jobs that run at a time for one owner: at most `most`, and a quarter of the cores. */
export function ofEachOwner(most: number): number {
  return Math.min(most, Math.ceil(availableParallelism() / 4))
}

/** The default number of videos to transcode at a time. One ffmpeg uses about two cores. */
export function defaultWorkers(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2))
}

/** Queues a rendition job for a media file, in the transaction that stores the file. */
export function requestRenditions(enqueue: Enqueue, tx: Db, media: Media): Promise<void> {
  const image = media.kind === 'IMAGE' && (isCostly(media) ? 'COSTLY_IMAGE' : 'IMAGE')
  return enqueueJob(enqueue, tx, media, image || 'QUICK')
}

/** Queues a job that makes captions of the text tracks in a recording. */
export function requestExtraction(
  enqueue: Enqueue,
  tx: Db,
  media: Pick<Media, 'id' | 'ownerId'>,
): Promise<void> {
  return enqueueJob(enqueue, tx, media, 'CAPTIONS')
}

function enqueueJob(
  enqueue: Enqueue,
  tx: Db,
  { id: mediaId, ownerId }: Pick<Media, 'id' | 'ownerId'>,
  lane: keyof typeof TOPICS,
): Promise<void> {
  const topic = TOPICS[lane]
  return enqueue(tx, topic, { key: mediaId, tenant: ownerId, payload: { mediaId, ownerId } })
}

/** The dependencies of the rendition worker. */
export type RenditionWorker = {
  rendering: Rendering
  databaseUrl: string
  /**
   * How many recordings of one owner are processed at a time in each lane. The quick and slow lanes have one extra
   * place for another owner.
   */
  workers: number
}

/**
 * Processes rendition jobs and takes owners in turn. There are lanes for images, quick jobs and videos. It continues
 * jobs that an earlier process left. Any number of processes on any number of machines may run it.
 */
export async function startRenditionWorker({ rendering, databaseUrl, workers }: RenditionWorker) {
  await mkdir(rendering.workFolder, { recursive: true, mode: 0o700 })
  await removeLeftFolders(rendering)
  // The first image would otherwise wait for it.
  const imageCode = rendering.imageCode()
  const enqueue = createEnqueue(JOBS_SCHEMA)
  const handleIn =
    (lane: Lane): Handler =>
    async (payload, { signal }) => {
      const { mediaId, ownerId } = job.parse(payload)
      const next = await renderMedia(rendering, mediaId, lane, signal)
      if (next) await enqueueJob(enqueue, rendering.db, { id: mediaId, ownerId }, next)
    }
  const films = { concurrency: workers + 1, perTenant: workers }
  const outbox = await openOutbox({
    url: databaseUrl,
    schema: JOBS_SCHEMA,
    log: rendering.log,
    retry: { firstMs: 1000, longestMs: 60_000 },
    handlers: {
      [TOPICS.IMAGE]: {
        concurrency: IMAGES_AT_ONCE,
        perTenant: IMAGES_OF_EACH_OWNER,
        handle: handleIn('QUICK'),
      },
      [TOPICS.COSTLY_IMAGE]: { concurrency: COSTLY_IMAGES_AT_ONCE, perTenant: 1, handle: handleIn('QUICK') },
      [TOPICS.QUICK]: { ...films, handle: handleIn('QUICK') },
      [TOPICS.SLOW]: { ...films, handle: handleIn('SLOW') },
      [TOPICS.CAPTIONS]: {
        concurrency: EXTRACTIONS_AT_ONCE,
        perTenant: 1,
        handle: (payload, { signal }) => extractCaptions(rendering, job.parse(payload).mediaId, signal),
      },
      [TOPICS.OLDER]: {
        concurrency: 1,
        handle: (_payload, { signal }) => describeOlderMedia(rendering, signal),
      },
      [TOPICS.LONG]: { concurrency: workers, perTenant: workers, handle: handleIn('LONG') },
    },
  })
  if (await isAnyUndescribed(rendering.db)) {
    const message = { id: OLDER_MEDIA_ID, key: 'all', payload: {} }
    await outbox.enqueue(rendering.db, TOPICS.OLDER, message)
  }
  return {
    async stop() {
      await outbox.stop()
      await imageCode
    },
  }
}

// The folders of media that is still being processed are removed when that ends.
async function removeLeftFolders({ db, workFolder }: Rendering): Promise<void> {
  const names = await readdir(workFolder)
  if (names.length === 0) return
  const processing = new Set(await findProcessing(db))
  for (const name of names.filter((left) => !processing.has(left.split('.')[0] ?? ''))) {
    await rm(path.join(workFolder, name), { recursive: true, force: true })
  }
}
