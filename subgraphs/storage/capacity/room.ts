import { type MediaFamily, mediaFamily, SUPPORTED_MIME_TYPES } from './media-families.ts'

/** The limits of what the service stores, in bytes. */
export type CapacityLimits = {
  /** Disk space that is kept free. */
  freeFloor: number
  /** The maximum in total; null if only the disk limits it. */
  total: number | null
  userQuota: number
  /** How many unfinished uploads a user may have at a time, and all users together. */
  openUploads: { perUser: number; total: number }
  perFile: Record<MediaFamily, number>
}

/** How full the shared storage is, in bytes. */
export type SharedRoom = {
  /** Free space on the disk. */
  diskFree: number
  /** Space that unfinished uploads hold for bytes that have not arrived: not on the disk yet, but taken. */
  ahead: number
  /** All stored media and the space that unfinished uploads hold. */
  taken: number
}

/** How full the shared storage and the user's quota are. */
export type Occupancy = SharedRoom & {
  /** How many uploads are unfinished. */
  open: number
  /** The user's media (`userUsed`) and unfinished uploads (`userReserved`), in bytes. */
  userUsed: number
  userReserved: number
  /** The part of the user's unfinished uploads for which no disk space is held. It counts against this user only. */
  userUnheld: number
  userOpen: number
}

/** Why an upload is refused; the shape of the schema's `UploadRefusal`. */
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

// Beyond the bytes that have arrived, an upload holds the same amount again, within these bounds. It then asks for
// space only a few times, and an upload that sends nothing holds nothing.
const MIN_AHEAD = 4 * 1024 ** 2
const MAX_AHEAD = 64 * 1024 ** 2

const FULL_RETRY_SECONDS = 600
const BROKEN_RETRY_SECONDS = 30

/** Checks the type and size of a file, before the disk or the database is asked. */
export function refuseFile(
  file: { mimeType: string; byteSize: number | null },
  limits: CapacityLimits,
): Refusal | { reserve: number } {
  const family = mediaFamily(file.mimeType)
  if (!family) {
    return {
      code: 'UNSUPPORTED_MEDIA',
      message: `The type ${file.mimeType} is not supported. Send audio, video or an image in a supported type.`,
      supportedMimeTypes: [...SUPPORTED_MIME_TYPES],
    }
  }
  if (file.byteSize === 0) {
    return {
      code: 'UNSUPPORTED_MEDIA',
      message: 'The file is empty. Send an audio, video or image file.',
      supportedMimeTypes: [...SUPPORTED_MIME_TYPES],
    }
  }
  const maxBytes = limits.perFile[family]
  if (file.byteSize !== null && file.byteSize > maxBytes) return tooLarge(family, maxBytes)
  // The size of a live recording is not known yet, so the owner's quota must have space for the largest one.
  return { reserve: file.byteSize ?? maxBytes }
}

/** The failure for a file that is larger than its family allows. */
export function tooLarge(family: MediaFamily, maxBytes: number): Refusal {
  const article = family === 'video' ? 'A' : 'An'
  return {
    code: 'TOO_LARGE',
    message: `${article} ${family} file may have at most ${formatBytes(maxBytes)}. Send a smaller file.`,
    maxBytes,
  }
}

/**
 * Decides whether an upload may be opened (docs/method.md, A2); null if it may. Its bytes are reserved in the owner's
 * quota immediately. They are taken from the shared space only as they arrive, so that no user can block others without
 * sending.
 *
 * @param byteSize null for a live recording
 * @param reserve the maximum number of bytes that the upload accepts
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
      message: `This upload would exceed your quota of ${formatBytes(userQuota)}. Delete media, or finish or cancel other uploads first.`,
      quotaBytes: userQuota,
      usedBytes: at.userUsed,
      reservedBytes: at.userReserved,
    }
  }
  if (at.userOpen >= openUploads.perUser) {
    return {
      code: 'RATE_LIMITED',
      message: `You have ${at.userOpen} unfinished uploads; the limit is ${openUploads.perUser}. Finish one, or cancel one with cancelUpload.`,
    }
  }
  const isCrowded = at.open >= openUploads.total
  if (!isCrowded && (byteSize ?? MIN_AHEAD) <= roomLeft(at, limits) - at.userUnheld) return null
  return {
    code: 'STORAGE_UNAVAILABLE',
    message: isCrowded
      ? 'The storage server has too many unfinished uploads at the moment. Try again later.'
      : 'The storage server does not have enough free space at the moment. Try again later.',
    retryAfterSeconds: FULL_RETRY_SECONDS,
  }
}

/** How many more bytes all users together may send; negative if limits were lowered. */
export function roomLeft(at: SharedRoom, limits: Pick<CapacityLimits, 'freeFloor' | 'total'>): number {
  const onDisk = at.diskFree - at.ahead - limits.freeFloor
  return limits.total === null ? onDisk : Math.min(onDisk, limits.total - at.taken)
}

/**
 * Up to which position an upload may hold space if it wants to write up to `upTo`; less than `upTo` if space is short.
 */
export function heldAhead(at: {
  arrived: number
  upTo: number
  maxBytes: number
  heldBytes: number
  room: number
}): number {
  const ahead = Math.min(MAX_AHEAD, Math.max(MIN_AHEAD, at.arrived))
  return Math.min(at.maxBytes, at.upTo + ahead, at.heldBytes + Math.max(0, at.room))
}

/** The failure if the disk cannot be written or the database does not answer. */
export function storageBroken(): Refusal {
  return {
    code: 'STORAGE_UNAVAILABLE',
    message: 'The storage server cannot store files at the moment. Try again later.',
    retryAfterSeconds: BROKEN_RETRY_SECONDS,
  }
}

function formatBytes(bytes: number): string {
  const inMebibytes = bytes / 1024 ** 2
  if (inMebibytes >= 1024) return `${Number((inMebibytes / 1024).toFixed(1))} GiB`
  return inMebibytes >= 1 ? `${Number(inMebibytes.toFixed(1))} MiB` : `${bytes} bytes`
}
