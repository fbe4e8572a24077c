import { mkdir, readdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { Handler } from '../../../platform/outbox/deliveries.ts'
import { createEnqueue, type Enqueue } from '../../../platform/outbox/enqueue.ts'
import { openOutbox } from '../../../platform/outbox/outbox.ts'
import type { Db } from '../database.ts'
import type { Medium } from '../media/medium.ts'
import { findProcessing } from './processing-store.ts'
import { type Lane, renderMedium } from './render-medium.ts'
import type { Rendering } from './rendering.ts'

/** The PostgreSQL schema of storage's outbox, which the jobs are in too. */
export const JOBS_SCHEMA = 'storage_jobs'

// Images have a topic of their own, so that neither films nor sound ever occupy their places.
const TOPICS = {
  IMAGE: 'renditions-image',
  QUICK: 'renditions-quick',
  SLOW: 'renditions-slow',
  LONG: 'renditions-long',
}

const job = z.object({ mediaId: z.uuid(), ownerId: z.string().default('') })

// An image takes less than a second: several owners' at a time, so that one's heavy images leave places for others'.
const IMAGES_AT_ONCE = 6
const IMAGES_OF_EACH_OWNER = 2

/** How many films are encoded at a time where nothing else is said: ffmpeg makes use of two cores by itself. */
export function defaultWorkers(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2))
}

/** Asks for the renditions of a medium, in the transaction that stores it. */
export function requestRenditions(
  enqueue: Enqueue,
  tx: Db,
  { id: mediaId, ownerId, kind }: Pick<Medium, 'id' | 'ownerId'> & { kind?: Medium['kind'] },
  lane: Lane = 'QUICK',
): Promise<void> {
  const topic = TOPICS[kind === 'IMAGE' ? 'IMAGE' : lane]
  return enqueue(tx, topic, { key: mediaId, tenant: ownerId, payload: { mediaId, ownerId } })
}

/** What working on renditions needs. */
export type RenditionWorker = {
  rendering: Rendering
  databaseUrl: string
  /** How many films of each owner are encoded at a time; there is always one place more, for another owner's. */
  workers: number
}

/**
 * Works on the renditions that are asked for, the owners in turn: images, what is quickly done, and films. What an
 * earlier process left is taken up. Any number of processes may do so, on any number of machines.
 */
export async function startRenditionWorker({ rendering, databaseUrl, workers }: RenditionWorker) {
  await mkdir(rendering.workFolder, { recursive: true, mode: 0o700 })
  await removeLeftFolders(rendering)
  const enqueue = createEnqueue(JOBS_SCHEMA)
  const handleIn =
    (lane: Lane): Handler =>
    async (payload, { signal }) => {
      const { mediaId, ownerId } = job.parse(payload)
      const next = await renderMedium(rendering, mediaId, lane, signal)
      if (next) await requestRenditions(enqueue, rendering.db, { id: mediaId, ownerId }, next)
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
      [TOPICS.QUICK]: { ...films, handle: handleIn('QUICK') },
      [TOPICS.SLOW]: { ...films, handle: handleIn('SLOW') },
      [TOPICS.LONG]: { concurrency: workers, perTenant: workers, handle: handleIn('LONG') },
    },
  })
  return outbox
}

// Folders of media that are still being worked on are removed when that is done.
async function removeLeftFolders({ db, workFolder }: Rendering): Promise<void> {
  const names = await readdir(workFolder)
  if (names.length === 0) return
  const processing = new Set(await findProcessing(db))
  for (const name of names.filter((left) => !processing.has(left.split('.')[0] ?? ''))) {
    await rm(path.join(workFolder, name), { recursive: true, force: true })
  }
}
