import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { internalMuteResolvers } from './internal-resolvers.ts'
import { muteResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type MutesDeps = Pick<Resources, 'db' | 'pool' | 'clock'>

/** Users whose posts a user does not want to be notified of. */
export function mutesModule({ db, pool, clock }: MutesDeps): Module {
  return { resolvers: muteResolvers({ db, pool, clock }), internalResolvers: internalMuteResolvers(pool) }
}
