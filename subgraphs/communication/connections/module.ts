import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { forgetConnectionLeases } from './connection-lease-store.ts'
import { internalConnectionResolvers } from './internal-resolvers.ts'

/** The dependencies of this module. */
export type ConnectionsDeps = Pick<Resources, 'pool'>

const HOUR_MS = 3_600_000

/** How many connections users have at all gateway processes together. */
export function connectionsModule({ pool }: ConnectionsDeps): Module {
  return {
    internalResolvers: internalConnectionResolvers({ pool }),
    jobs: [
      { name: 'forget expired connection leases', everyMs: HOUR_MS, run: () => forgetConnectionLeases(pool) },
    ],
  }
}
