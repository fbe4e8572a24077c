import { type CatchUp, createCatchUp } from '../../../platform/jobs/catch-up.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { Pool } from '../database.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import { revokePageTokens } from './revocation-store.ts'

/**
 * Fetches and saves the token revocations that `communication` could not deliver while this service was down. Until
 * then no page token is accepted, because its session may have ended meanwhile.
 */
export function catchUpWithRevocations(pool: Pool, communication: PeerClient): CatchUp {
  return createCatchUp('catch up with revocations', async () => {
    const operation = communicationOperation('resume-revocations')
    const { resumeRevocations: pending } = await inTime(callPeer(communication, operation, {}))
    await revokePageTokens(
      pool,
      pending.map((each) => ({ ...each, issuedUntil: new Date(each.issuedUntil) })),
    )
  })
}
