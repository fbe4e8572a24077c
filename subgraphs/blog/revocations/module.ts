import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { catchUpWithRevocations } from './catch-up-with-revocations.ts'
import { revokePageAccessResolvers } from './resolvers.ts'
import { isRevoked, type RevocableToken } from './revocation-store.ts'

/** The dependencies of this module. */
export type RevocationsDeps = Pick<Resources, 'pool' | 'peer'>

/** What other modules use of this one. */
export type RevocationsModule = Module & {
  isRevoked(token: RevocableToken): Promise<boolean>
  /** Whether the revocations from the time when the service was down are known. */
  isComplete(): boolean
}

/** The page tokens that are revoked before they expire. */
export function revocationsModule({ pool, peer }: RevocationsDeps): RevocationsModule {
  const caughtUp = catchUpWithRevocations(pool, peer('communication'))
  return {
    isRevoked: (token) => isRevoked(pool, token),
    isComplete: caughtUp.isDone,
    internalResolvers: revokePageAccessResolvers({ pool }),
    jobs: [caughtUp.job],
    async ready() {
      if (!caughtUp.isDone())
        throw new Error(
          'communication has not yet answered which tokens were revoked while this service was down',
        )
    },
  }
}
