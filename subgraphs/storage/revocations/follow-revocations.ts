import type { Clock } from '../../../platform/clock.ts'
import { sessionUrl } from '../../../platform/database/pool.ts'
import { openSession } from '../../../platform/database/session.ts'
import type { Log } from '../../../platform/log.ts'
import { type Db, SCHEMA } from '../database.ts'
import { CHANNEL, loadRevocations, readNotice } from './revocation-store.ts'
import type { RevokedTokens } from './revoked-tokens.ts'

/**
 * A media token lives at most 6 hours and a fifth, and its stated issue time is up to a fifth earlier; the rest
 * tolerates clock skew. In milliseconds.
 */
export const REVOCATION_LIFETIME_MS = 9 * 3600_000

/** The dependencies of following revocations. */
export type FeedOptions = { databaseUrl: string; db: Db; revocations: RevokedTokens; clock: Clock; log: Log }

/**
 * Loads all revocations in force into memory, and adds those that any replica saves. After a lost connection it reads
 * all of them again, so that none is missed.
 *
 * @returns resolves when the first reading is done; call `stop` on the result to end it
 */
export async function followRevocations(options: FeedOptions): Promise<{ stop(): Promise<void> }> {
  const { databaseUrl, db, revocations, clock, log } = options
  const session = await openSession({
    url: sessionUrl(databaseUrl, SCHEMA),
    applicationName: 'moblog storage revocations',
    log,
    channel: CHANNEL,
    onNotice(payload) {
      const revocation = readNotice(payload)
      if (revocation) revocations.add(revocation)
    },
    async onListening() {
      const since = new Date(clock().getTime() - REVOCATION_LIFETIME_MS)
      for (const revocation of await loadRevocations(db, since)) revocations.add(revocation)
    },
  })
  return { stop: session.close }
}
