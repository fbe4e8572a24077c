import type { Resolvers } from '../../../generated/graphql/storage.ts'
import type { Db } from '../database.ts'
import { userOccupancy } from './occupancy-store.ts'

/** The dependencies of these resolvers. */
export type CapacityDeps = { db: Db; userQuota: number }

/** The resolver that reports how much a user stores. */
export function capacityResolvers({ db, userQuota }: CapacityDeps) {
  return {
    User: {
      async storageUsage({ id }, _args, { viewerId }) {
        if (id !== viewerId) return null
        const { used, reserved } = await userOccupancy(db, id)
        return { usedBytes: used, reservedBytes: reserved, quotaBytes: userQuota }
      },
    },
  } satisfies Resolvers
}
