import { mkdir, readdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { openOutbox } from '../../../platform/outbox/outbox.ts'
import type { Db } from '../database.ts'
import { findProcessing } from './processing-store.ts'
import { type Lane, renderMedium } from './render-medium.ts'
import type { Rendering } from './rendering.ts'

/** The PostgreSQL schema of storage's outbox, which the jobs are in too. */
export const JOBS_SCHEMA = 'storage_jobs'

const TOPICS: Record<Lane, string> = { QUICK: 'renditions-quick', SLOW: 'renditions-slow' }

const job = z.object({ mediaId: z.uuid() })

/** How many films are encoded at a time where nothing else is said: ffmpeg makes use of two cores by itself. */
export function defaultWorkers(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2))
}

/** Asks for the renditions of a medium, in the transaction that stores it. */
export function requestRenditions(
  enqueue: Enqueue,
  tx: Db,
  mediaId: string,
  lane: Lane = 'QUICK',
): Promise<void> {
  return enqueue(tx, TOPICS[lane], { key: mediaId, payload: { mediaId } })
}

/** What working on renditions needs. */
export type RenditionWorker = { rendering: Rendering; databaseUrl: string; workers: number }

/**
 * Works on the renditions that are asked for: so many films at a time, and beside them what is quickly done. What an
 * earlier process left is taken up. Any number of processes may do so, on any number of machines.
 */
export async function startRenditionWorker({ rendering, databaseUrl, workers }: RenditionWorker) {
  await mkdir(rendering.workFolder, { recursive: true, mode: 0o700 })
  await removeLeftFolders(rendering)
  const outbox = await openOutbox({
    url: databaseUrl,
    schema: JOBS_SCHEMA,
    log: rendering.log,
    retry: { firstMs: 1000, longestMs: 60_000 },
    handlers: {
      [TOPICS.QUICK]: {
        concurrency: workers,
        async handle(payload, { signal }) {
          const { mediaId } = job.parse(payload)
          const isMoreToDo = await renderMedium(rendering, mediaId, 'QUICK', signal)
          if (isMoreToDo) await requestRenditions(outbox.enqueue, rendering.db, mediaId, 'SLOW')
        },
      },
      [TOPICS.SLOW]: {
        concurrency: workers,
        async handle(payload, { signal }) {
          await renderMedium(rendering, job.parse(payload).mediaId, 'SLOW', signal)
        },
      },
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
