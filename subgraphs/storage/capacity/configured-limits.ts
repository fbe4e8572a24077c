import type { StorageConfig } from '../config.ts'
import type { CapacityLimits } from './room.ts'

/** What the configuration lets the service store. */
export function capacityLimits(config: StorageConfig): CapacityLimits {
  return {
    freeFloor: config.STORAGE_FREE_FLOOR,
    total: config.STORAGE_CAPACITY ?? null,
    userQuota: config.STORAGE_USER_QUOTA,
    perFile: {
      audio: config.STORAGE_MAX_AUDIO,
      video: config.STORAGE_MAX_VIDEO,
      image: config.STORAGE_MAX_IMAGE,
    },
  }
}
