import type pg from 'pg'
import { z } from 'zod'
import { type CatchUp, startCatchUp } from '../../../platform/catch-up.ts'
import type { Log } from '../../../platform/log.ts'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { revokePageTokens } from './page-revocations.ts'

const PENDING = `mutation PendingPageRevocations {
  pending: resumeRevocations { ownerId viewerId sessionId issuedUntil }
}`

const id = z.string().nullable()
const pending = z.object({
  pending: z.array(z.object({ ownerId: id, viewerId: id, sessionId: id, issuedUntil: z.coerce.date() })),
})

/**
 * Fetches and saves the token revocations that `communication` could not deliver while this service was down. Until
 * then no page token is accepted, because its session may have ended meanwhile.
 */
export function catchUpWithRevocations(pool: pg.Pool, communication: SubgraphClient, log: Log): CatchUp {
  const step = async () => {
    const answer = await inTime(askPeer(communication, 'blog', PENDING, {}, pending))
    await revokePageTokens(pool, answer.pending)
  }
  return startCatchUp('revocations', step, log)
}
