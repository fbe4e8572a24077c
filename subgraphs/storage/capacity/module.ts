import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { capacityLimits } from './configured-limits.ts'
import { storageUsageResolvers } from './resolvers.ts'
import type { CapacityLimits } from './room.ts'

/** The dependencies of this module. */
export type CapacityDeps = Pick<Resources, 'config' | 'db'>

/** The limits of what is stored, and what each user stores. */
export function capacityModule({ config, db }: CapacityDeps): Module & { limits: CapacityLimits } {
  const limits = capacityLimits(config)
  return { limits, resolvers: storageUsageResolvers({ db, userQuota: limits.userQuota }) }
}
