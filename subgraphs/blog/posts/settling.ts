import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../../platform/log.ts'
import { findDuePosts, postpone, purgeDeletedPosts } from './post-writes.ts'
import { type SettlementDependencies, settlePost } from './settlement.ts'

const BATCH = 50
const LONGEST_PAUSE_MS = 30_000
const PURGE_EVERY_MS = 3_600_000
// Longer than a client goes on repeating a request.
const KEEP_DELETED_MS = 7 * 86_400_000

/**
 * Takes up, from now until it is stopped, what other calls or processes left unsettled. The posts themselves are the
 * outbox: a row tells whether `communication` knows what it says, in the same transaction that changes it, and what has
 * to be told is always the present state. Replicas may do the same work twice; reports with old revisions do nothing.
 */
export function startSettling(dependencies: SettlementDependencies, log: Log, everyMs = 1_000) {
  const stopping = new AbortController()
  const loop = async () => {
    let pause = everyMs
    let purgedAt = 0
    while (!stopping.signal.aborted) {
      const failure = await settleDue(dependencies).catch((error: unknown) => ({ error }))
      if (failure && pause === everyMs) log.warn({ err: failure.error }, 'posts wait to be settled')
      pause = failure ? Math.min(pause * 2, LONGEST_PAUSE_MS) : everyMs
      if (!failure && Date.now() - purgedAt > PURGE_EVERY_MS) {
        purgedAt = Date.now()
        await purgeDeletedPosts(
          dependencies.prisma,
          new Date(dependencies.clock().getTime() - KEEP_DELETED_MS),
        ).catch(() => {})
      }
      await sleep(pause, null, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }
  const ended = loop()
  return {
    stop() {
      stopping.abort()
      return ended
    },
  }
}

async function settleDue(dependencies: SettlementDependencies): Promise<{ error: unknown } | null> {
  const { prisma, clock } = dependencies
  const ids = await findDuePosts(prisma, clock(), BATCH)
  let failure: { error: unknown } | null = null
  const settle = async (id: string) => {
    try {
      await settlePost(dependencies, id)
    } catch (error) {
      failure = { error }
      await postpone(prisma, id, clock())
    }
  }
  await Promise.all(ids.map(settle))
  return failure
}
