import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { followRevocations, REVOCATION_LIFETIME_MS } from './follow-revocations.ts'
import { revokeMediaAccessResolvers } from './resolvers.ts'
import { forgetRevocations } from './revocation-store.ts'
import { createRevokedTokens, type RevokedTokens } from './revoked-tokens.ts'
import { catchUpWithRevocations } from './take-revocations.ts'

/** The dependencies of this module. */
export type RevocationsDeps = Pick<Resources, 'databaseUrl' | 'db' | 'communication' | 'clock' | 'log'>

/** What other modules use of this one. */
export type RevocationsModule = Module & {
  revokedTokens: RevokedTokens
  /** Whether the revocations from the time when the service was down are known. */
  isComplete(): boolean
}

const HOUR_MS = 3_600_000

/** The media tokens that are revoked before they expire. */
export async function revocationsModule(deps: RevocationsDeps): Promise<RevocationsModule> {
  const { databaseUrl, db, communication, clock, log } = deps
  const revokedTokens = createRevokedTokens()
  const following = await followRevocations({ databaseUrl, db, revocations: revokedTokens, clock, log })
  const taking = { db, revocations: revokedTokens, clock }
  const caughtUp = catchUpWithRevocations(taking, communication)
  const forget = async () => {
    const before = new Date(clock().getTime() - REVOCATION_LIFETIME_MS)
    revokedTokens.dropOlderThan(before)
    await forgetRevocations(db, before)
  }
  return {
    revokedTokens,
    isComplete: caughtUp.isDone,
    internalResolvers: revokeMediaAccessResolvers(taking),
    jobs: [caughtUp.job, { name: 'forget revocations', everyMs: HOUR_MS, run: forget }],
    async ready() {
      if (!caughtUp.isDone()) throw new Error('communication has not sent the missed revocations yet')
    },
    stop: following.stop,
  }
}
