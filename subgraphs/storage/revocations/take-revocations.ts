import type { Clock } from '../../../platform/clock.ts'
import { type CatchUp, createCatchUp } from '../../../platform/jobs/catch-up.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import type { Db } from '../database.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import { saveRevocations } from './revocation-store.ts'
import type { Revocation, RevokedTokens } from './revoked-tokens.ts'

/** The dependencies of taking revocations. */
export type Taking = { db: Db; revocations: RevokedTokens; clock: Clock }

/** A revocation as another service sends it: fields that are missing or null restrict nothing. */
export type ReceivedRevocation = {
  [Field in keyof Omit<Revocation, 'issuedUntil'>]?: string | null | undefined
} & {
  issuedUntil: Date
}

/** Adds revocations. This replica refuses the tokens immediately, the others as soon as the revocations are saved. */
export async function takeRevocations(
  { db, revocations, clock }: Taking,
  received: readonly ReceivedRevocation[],
): Promise<void> {
  const added = received.map(({ ownerId, viewerId, mediaId, sessionId, issuedUntil }) => ({
    ownerId: ownerId ?? null,
    viewerId: viewerId ?? null,
    mediaId: mediaId ?? null,
    sessionId: sessionId ?? null,
    issuedUntil,
  }))
  // In memory first: this replica need not wait for the database before it refuses.
  for (const revocation of added) revocations.add(revocation)
  await saveRevocations(db, added, clock())
}

/**
 * Fetches the revocations that `communication` could not deliver while this service was down. No media token is
 * accepted before that, because it may belong to a user who was blocked in the meantime.
 */
export function catchUpWithRevocations(taking: Taking, communication: () => PeerClient): CatchUp {
  return createCatchUp('catch up with revocations', async () => {
    const operation = communicationOperation('resume-revocations')
    const { resumeRevocations: pending } = await inTime(callPeer(communication(), operation, {}))
    await takeRevocations(
      taking,
      pending.map((each) => ({ ...each, issuedUntil: new Date(each.issuedUntil) })),
    )
  })
}
