import { type MediaFamily, mediaFamily, SUPPORTED_MIME_TYPES } from './media-families.ts'

/** What the service is willing to store, in bytes. */
export type CapacityLimits = {
  /** Kept free on the disk. */
  freeFloor: number
  /** The most that is taken in all; null for whatever the disk has. */
  total: number | null
  userQuota: number
  /** How many unfinished uploads a user may have at a time, and all users together. */
  openUploads: { perUser: number; total: number }
  perFile: Record<MediaFamily, number>
}

/** How full what all users share is, in bytes. */
export type SharedRoom = {
  /** What the disk still takes. */
  diskFree: number
  /** What unfinished uploads hold and has not arrived: it is not on the disk yet, and spoken for. */
  ahead: number
  /** All stored media and all that unfinished uploads hold. */
  taken: number
}

/** How full everything is. */
export type Occupancy = SharedRoom & {
  /** How many uploads are unfinished. */
  open: number
  /** The user's media and their unfinished uploads, in bytes. */
  userUsed: number
  userReserved: number
  /** The part of the user's unfinished uploads that no room is held for: they count for this user alone. */
  userUnheld: number
  userOpen: number
}

/** Why an upload is refused, as the schema's `UploadRefusal` has it. */
export type Refusal = {
  code:
    | 'STORAGE_UNAVAILABLE'
    | 'QUOTA_EXCEEDED'
    | 'RATE_LIMITED'
    | 'TOO_LARGE'
    | 'UNSUPPORTED_MEDIA'
    | 'CONFLICT'
    | 'NOT_FOUND'
    | 'EXPIRED'
  message: string
  retryAfterSeconds?: number
  quotaBytes?: number
  usedBytes?: number
  reservedBytes?: number
  maxBytes?: number
  supportedMimeTypes?: string[]
}

// Ahead of what has arrived, an upload holds as much again, within these bounds: it asks for room a few times, and who
// sends nothing holds nothing.
const LEAST_AHEAD = 4 * 1024 ** 2
const MOST_AHEAD = 64 * 1024 ** 2

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
      message: `Audio, video and images in common formats are taken, ${file.mimeType} is not.`,
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
  // Of a live recording nobody knows the size yet: its owner's quota must have room for the largest.
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

/**
 * Whether an upload may be opened (docs/method.md, A2); null where it may. Its bytes are set aside from its owner's
 * quota at once.
 * From the room that all users share they are taken as they arrive, so that nobody can block others without sending.
 *
 * @param byteSize null for a live recording
 * @param reserve the most that is taken
 */
export function refuseForRoom(
  { byteSize, reserve }: { byteSize: number | null; reserve: number },
  at: Occupancy,
  limits: CapacityLimits,
): Refusal | null {
  const { userQuota, openUploads } = limits
  if (at.userUsed + at.userReserved + reserve > userQuota) {
    return {
      code: 'QUOTA_EXCEEDED',
      message: 'This would exceed what you may store. Delete something or finish other uploads first.',
      quotaBytes: userQuota,
      usedBytes: at.userUsed,
      reservedBytes: at.userReserved,
    }
  }
  if (at.userOpen >= openUploads.perUser) {
    return {
      code: 'RATE_LIMITED',
      message: `You have ${at.userOpen} unfinished uploads, and ${openUploads.perUser} are the most at a time. Finish one, or give one up with cancelUpload.`,
    }
  }
  const isCrowded = at.open >= openUploads.total
  if (!isCrowded && (byteSize ?? LEAST_AHEAD) <= roomLeft(at, limits) - at.userUnheld) return null
  return {
    code: 'STORAGE_UNAVAILABLE',
    message: isCrowded
      ? 'The storage server has too many unfinished uploads at the moment. Try again later.'
      : 'The storage server has not enough free space at the moment. Try again later.',
    retryAfterSeconds: FULL_RETRY_SECONDS,
  }
}

/** How many bytes more all users together may send, below zero where limits were made stricter. */
export function roomLeft(at: SharedRoom, limits: Pick<CapacityLimits, 'freeFloor' | 'total'>): number {
  const onDisk = at.diskFree - at.ahead - limits.freeFloor
  return limits.total === null ? onDisk : Math.min(onDisk, limits.total - at.taken)
}

/** How far an upload may hold room that wants to write up to a position; less than that where there is too little. */
export function heldAhead(at: {
  arrived: number
  upTo: number
  maxBytes: number
  heldBytes: number
  room: number
}): number {
  const ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, at.arrived))
  return Math.min(at.maxBytes, at.upTo + ahead, at.heldBytes + Math.max(0, at.room))
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
