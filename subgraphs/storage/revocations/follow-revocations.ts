import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Clock } from '../../../platform/clock.ts'
import { sessionUrl } from '../../../platform/database/pool.ts'
import type { Log } from '../../../platform/log.ts'
import { type Db, SCHEMA } from '../database.ts'
import { CHANNEL, loadRevocations, readNotice } from './revocation-store.ts'
import type { RevokedTokens } from './revoked-tokens.ts'

/**
 * A media token lives at most 6 hours and a fifth, and its stated issue time is up to a fifth earlier; the rest
 * tolerates clock skew. In milliseconds.
 */
export const REVOCATION_LIFETIME_MS = 9 * 3600_000

const RECONNECT_MS = 500

/** The dependencies of following revocations. */
export type FeedOptions = { databaseUrl: string; db: Db; revocations: RevokedTokens; clock: Clock; log: Log }

/**
 * Loads all revocations in force into memory, and adds those that any replica saves. After a lost connection it reads
 * all of them again, so that none is missed.
 *
 * @returns resolves when the first reading is done; call `stop` on the result to end it
 */
export async function followRevocations(options: FeedOptions): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  let listener = await listen(options)
  const following = (async () => {
    while (!stopping.signal.aborted) {
      await Promise.race([listener.lost, aborted(stopping.signal)])
      await listener.client.end().catch(() => {})
      while (!stopping.signal.aborted) {
        await sleep(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => {})
        if (stopping.signal.aborted) return
        try {
          listener = await listen(options)
          break
        } catch (error) {
          options.log.warn({ err: error }, 'revocation listener not connected')
        }
      }
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await following
    },
  }
}

async function listen({ databaseUrl, db, revocations, clock }: FeedOptions) {
  const client = new pg.Client({
    connectionString: sessionUrl(databaseUrl, SCHEMA),
    application_name: 'moblog storage revocations',
    keepAlive: true,
  })
  const lost = new Promise<void>((resolve) => {
    client.once('error', () => resolve()).once('end', () => resolve())
  })
  client.on('notification', ({ payload }) => {
    const revocation = readNotice(payload)
    if (revocation) revocations.add(revocation)
  })
  try {
    await client.connect()
    await client.query(`LISTEN ${CHANNEL}`)
    // Read after LISTEN has started, so that no revocation is missed in between.
    const since = new Date(clock().getTime() - REVOCATION_LIFETIME_MS)
    for (const revocation of await loadRevocations(db, since)) revocations.add(revocation)
    return { client, lost }
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
