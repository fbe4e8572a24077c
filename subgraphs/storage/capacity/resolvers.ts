import type { Resolvers } from '../../../generated/graphql/storage.ts'
import type { Db } from '../database.ts'
import { userOccupancy } from './occupancy-store.ts'

/** `User.storageUsage` */
export function storageUsageResolvers({ db, userQuota }: { db: Db; userQuota: number }) {
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
