import type { StorageConfig } from '../config.ts'
import { STORE_KINDS } from '../objects/store-kinds.ts'
import type { CapacityLimits } from './room.ts'

/** The capacity limits that the configuration sets. */
export function capacityLimits(config: StorageConfig): CapacityLimits {
  return {
    freeFloor: config.STORAGE_FREE_FLOOR,
    total: smallest(config.STORAGE_CAPACITY, ...STORE_KINDS.map(({ budget }) => budget(config))),
    userQuota: config.STORAGE_USER_QUOTA,
    openUploads: { perUser: config.STORAGE_USER_OPEN_UPLOADS, total: config.STORAGE_OPEN_UPLOADS },
    perFile: {
      audio: config.STORAGE_MAX_AUDIO,
      video: config.STORAGE_MAX_VIDEO,
      image: config.STORAGE_MAX_IMAGE,
    },
  }
}

function smallest(...limits: (number | undefined)[]): number | null {
  const set = limits.filter((limit) => limit !== undefined)
  return set.length > 0 ? Math.min(...set) : null
}
