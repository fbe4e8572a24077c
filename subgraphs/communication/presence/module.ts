import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { internalPresenceResolvers } from './internal-resolvers.ts'
import { forgetAbsent } from './presence-store.ts'
import { presenceResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type PresenceDeps = Pick<Resources, 'pool'>

const HOUR_MS = 3_600_000

/** Who is online. */
export function presenceModule({ pool }: PresenceDeps): Module {
  return {
    resolvers: presenceResolvers,
    internalResolvers: internalPresenceResolvers({ pool }),
    jobs: [{ name: 'forget expired presences', everyMs: HOUR_MS, run: () => forgetAbsent(pool) }],
  }
}
