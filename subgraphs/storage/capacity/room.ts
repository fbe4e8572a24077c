import { type MediaFamily, mediaFamily, SUPPORTED_MIME_TYPES } from './media-families.ts'

/** What the service is willing to store, in bytes. */
export type CapacityLimits = {
  /** Kept free on the disk. */
  freeFloor: number
  /** The most that is taken in all; null for whatever the disk has. */
  total: number | null
  userQuota: number
  perFile: Record<MediaFamily, number>
}

/** How full everything is, in bytes. */
export type Occupancy = {
  /** What the disk still takes. */
  diskFree: number
  /** What unfinished uploads have reserved and not sent yet: it is not on the disk, and spoken for. */
  outstanding: number
  /** All stored media and all reservations. */
  taken: number
  userUsed: number
  userReserved: number
}

/** Why an upload is refused, as the schema's `UploadRefusal` has it. */
export type Refusal = {
  code:
    | 'STORAGE_UNAVAILABLE'
    | 'QUOTA_EXCEEDED'
    | 'TOO_LARGE'
    | 'UNSUPPORTED_MEDIA'
    | 'CONFLICT'
    | 'NOT_FOUND'
  message: string
  retryAfterSeconds?: number
  quotaBytes?: number
  usedBytes?: number
  reservedBytes?: number
  maxBytes?: number
  supportedMimeTypes?: string[]
}

const FULL_RETRY_SECONDS = 600
const BROKEN_RETRY_SECONDS = 30

/** What an upload is checked for before anything is asked of the disk or the database. */
export function refuseFile(
  file: { mimeType: string; byteSize: number | null },
  limits: CapacityLimits,
): Refusal | { reserve: number } {
  const family = mediaFamily(file.mimeType)
  if (!family) {
    return {
      code: 'UNSUPPORTED_MEDIA',
      message: 'Only audio, video and common image formats are taken.',
      supportedMimeTypes: [...SUPPORTED_MIME_TYPES],
    }
  }
  if (file.byteSize === 0) {
    return {
      code: 'UNSUPPORTED_MEDIA',
      message: 'An empty file is neither audio, video nor an image.',
      supportedMimeTypes: [...SUPPORTED_MIME_TYPES],
    }
  }
  const maxBytes = limits.perFile[family]
  if (file.byteSize !== null && file.byteSize > maxBytes) return tooLarge(family, maxBytes)
  // Of a live recording nobody knows the size yet, so room is kept for the largest.
  return { reserve: file.byteSize ?? maxBytes }
}

/** The refusal of a file that is larger than its family may be. */
export function tooLarge(family: MediaFamily, maxBytes: number): Refusal {
  const article = family === 'video' ? 'A' : 'An'
  return {
    code: 'TOO_LARGE',
    message: `${article} ${family} file may have at most ${megabytes(maxBytes)}.`,
    maxBytes,
  }
}

/** Whether there is room for so many bytes more (spec A2); null where there is. */
export function refuseForRoom(reserve: number, at: Occupancy, limits: CapacityLimits): Refusal | null {
  if (at.userUsed + at.userReserved + reserve > limits.userQuota) {
    return {
      code: 'QUOTA_EXCEEDED',
      message: 'This would exceed what you may store. Delete something or finish other uploads first.',
      quotaBytes: limits.userQuota,
      usedBytes: at.userUsed,
      reservedBytes: at.userReserved,
    }
  }
  const onDisk = at.diskFree - at.outstanding - limits.freeFloor
  const inTotal = limits.total === null ? Number.POSITIVE_INFINITY : limits.total - at.taken
  if (reserve <= Math.min(onDisk, inTotal)) return null
  return {
    code: 'STORAGE_UNAVAILABLE',
    message: 'The storage server has not enough free space at the moment.',
    retryAfterSeconds: FULL_RETRY_SECONDS,
  }
}

/** The refusal while the disk can't be written or the database does not answer. */
export function storageBroken(): Refusal {
  return {
    code: 'STORAGE_UNAVAILABLE',
    message: 'The storage server does not work at the moment.',
    retryAfterSeconds: BROKEN_RETRY_SECONDS,
  }
}

function megabytes(bytes: number): string {
  const inMebibytes = bytes / 1024 ** 2
  if (inMebibytes >= 1024) return `${Number((inMebibytes / 1024).toFixed(1))} GiB`
  return inMebibytes >= 1 ? `${Number(inMebibytes.toFixed(1))} MiB` : `${bytes} bytes`
}
