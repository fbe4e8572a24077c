import path from 'node:path'
import { z } from 'zod'
import { byteCount, commonConfig, flag, httpUrl, seconds } from '../../platform/config.ts'
import { s3Config } from './objects/s3-settings.ts'
import { SANDBOX_KINDS } from './sandbox/sandbox.ts'

/** What the storage service reads from the environment. */
export const storageConfig = commonConfig.extend({
  PUBLIC_URL: httpUrl.default('http://localhost:4000'),
  /** Where the world reaches this service's bytes; `PUBLIC_URL` where unset. */
  STORAGE_PUBLIC_URL: httpUrl.optional(),
  /** Where bytes are kept; `storage` below the data folder where unset. Uploads and objects must share a file system. */
  STORAGE_DIR: z.string().optional(),
  /** How much of the disk is never given away. */
  STORAGE_FREE_FLOOR: byteCount.prefault('1GiB'),
  /** How much the service may take in all, where that is less than the disk has. */
  STORAGE_CAPACITY: byteCount.optional(),
  STORAGE_USER_QUOTA: byteCount.prefault('20GiB'),
  /** How many unfinished uploads a user may have at a time. */
  STORAGE_USER_OPEN_UPLOADS: z.coerce.number('must be a whole number').int().min(1).default(20),
  /** How many unfinished uploads all users together may have. */
  STORAGE_OPEN_UPLOADS: z.coerce.number('must be a whole number').int().min(1).default(20_000),
  STORAGE_MAX_VIDEO: byteCount.prefault('4GiB'),
  STORAGE_MAX_AUDIO: byteCount.prefault('1GiB'),
  STORAGE_MAX_IMAGE: byteCount.prefault('50MiB'),
  /** The largest file taken in one GraphQL multipart request; larger ones go by tus. */
  STORAGE_MAX_MULTIPART: byteCount.prefault('100MiB'),
  /** How long an upload stays open until its first byte comes, as long as its first key is good. */
  STORAGE_FIRST_BYTE_SECONDS: seconds.default(3600),
  /** How long an upload stays open after its last sign of life. */
  STORAGE_UPLOAD_LIFETIME_SECONDS: seconds.default(24 * 3600),
  /** How many responses a viewer who is signed in may be sent at a time. */
  STORAGE_VIEWER_CONNECTIONS: z.coerce.number('must be a whole number').int().min(1).default(128),
  /** How many requests for bytes a viewer who is signed in may make per second; five times as many at once. */
  STORAGE_VIEWER_REQUESTS_PER_SECOND: z.coerce.number('must be a number').positive().default(2_000),
  /** How long files that the database does not know stay in quarantine before they are deleted. */
  STORAGE_QUARANTINE_DAYS: z.coerce.number('must be a number of days').positive().default(30),
  /** How long a recording may play, in seconds. */
  STORAGE_MAX_DURATION: seconds.default(12 * 3600),
  STORAGE_SWEEP_INTERVAL_SECONDS: seconds.default(60),
  STORAGE_PROBE_TIMEOUT_SECONDS: seconds.default(20),
  /** What media tools are confined with; the strongest that works here where unset. */
  STORAGE_SANDBOX: z.enum(['auto', ...SANDBOX_KINDS]).default('auto'),
  /** How many films are encoded at a time in this process; 0 leaves all renditions to `npm run start:storage-worker`. */
  STORAGE_WORKERS: z.coerce.number('must be a whole number').int().min(0).max(64).optional(),
  ...s3Config,
  FFMPEG_PATH: z.string().optional(),
  FFPROBE_PATH: z.string().optional(),
  /** Lets production run the ffmpeg and ffprobe of 2018 to 2023 that npm brings, where the machine has none. */
  ALLOW_BUNDLED_FFMPEG: flag.default(false),
})

/** The storage service's configuration. */
export type StorageConfig = z.infer<typeof storageConfig>

/** The folder that all bytes are kept in. */
export function storageFolder(config: StorageConfig): string {
  return path.resolve(config.STORAGE_DIR ?? path.join(config.MOBLOG_DATA_DIR, 'storage'))
}

/** The address that clients send bytes to and fetch them from, without a slash at its end. */
export function publicAddress(config: StorageConfig): string {
  return config.STORAGE_PUBLIC_URL ?? config.PUBLIC_URL
}

/** How long files that the database does not know are kept, in milliseconds. */
export function quarantineTime(config: StorageConfig): number {
  return config.STORAGE_QUARANTINE_DAYS * 24 * 3600_000
}
