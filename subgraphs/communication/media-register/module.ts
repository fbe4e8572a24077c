import type { Module } from '../../../platform/module.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Resources } from '../resources.ts'
import { closingJob } from './close-expired.ts'
import { internalRegisterResolvers } from './internal-resolvers.ts'
import { createUnshownDeletion, unshownDelivery } from './unshown-media.ts'

/** The dependencies of this module. */
export type MediaRegisterDeps = Pick<Resources, 'db' | 'clock' | 'enqueue' | 'peer'> & {
  revocations: TokenRevocations
  /** How often expiring posts are looked for, in milliseconds; the default of the platform if undefined. */
  closeEveryMs: number | undefined
}

/** The media that exist, and the posts that show them. */
export function mediaRegisterModule(deps: MediaRegisterDeps): Module {
  const { db, clock, enqueue, peer, revocations, closeEveryMs } = deps
  const effects = { onRevoked: revocations.ofMedia, onUnshown: createUnshownDeletion(enqueue) }
  return {
    internalResolvers: internalRegisterResolvers({ db, clock, effects }),
    outboxHandlers: unshownDelivery(() => peer('storage')),
    jobs: [closingJob({ db, clock, onRevoked: revocations.ofMedia }, closeEveryMs)],
  }
}
