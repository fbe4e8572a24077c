import path from 'node:path'
import { z } from 'zod'
import {
  byteCount,
  commonConfig,
  flag,
  httpUrl,
  positiveNumber,
  seconds,
  wholeNumber,
} from '../../platform/config.ts'
import { objectStoreConfig } from './objects/store-kinds.ts'
import { SANDBOX_KINDS } from './sandbox/sandbox.ts'

/** The environment variables of the storage service. */
export const storageConfig = commonConfig.extend({
  PUBLIC_URL: httpUrl
    .default('http://localhost:4000')
    .describe('The URL at which clients reach the product.'),
  STORAGE_PUBLIC_URL: httpUrl
    .optional()
    .describe('The URL at which clients send and fetch media files; PUBLIC_URL unless set.'),
  STORAGE_DIR: z
    .string()
    .optional()
    .describe('The folder for uploads and media; storage in the data folder unless set.'),
  STORAGE_FREE_FLOOR: byteCount.prefault('1GiB').describe('The free floor: disk space that is never used.'),
  STORAGE_CAPACITY: byteCount
    .optional()
    .describe('How many bytes may be stored in total; limited by the disk only unless set.'),
  STORAGE_USER_QUOTA: byteCount.prefault('20GiB').describe('The quota of each user.'),
  STORAGE_USER_OPEN_UPLOADS: wholeNumber(1)
    .default(20)
    .describe('How many unfinished uploads each user may have.'),
  STORAGE_OPEN_UPLOADS: wholeNumber(1)
    .default(20_000)
    .describe('How many unfinished uploads all users together may have.'),
  STORAGE_MAX_VIDEO: byteCount.prefault('4GiB').describe('The largest size of a video file.'),
  STORAGE_MAX_AUDIO: byteCount.prefault('1GiB').describe('The largest size of an audio file.'),
  STORAGE_MAX_IMAGE: byteCount.prefault('50MiB').describe('The largest size of an image file.'),
  STORAGE_MAX_MULTIPART: byteCount
    .prefault('100MiB')
    .describe('The largest size of a file in one multipart request.'),
  STORAGE_FIRST_BYTE_SECONDS: seconds
    .default(3600)
    .describe('How long an upload without any bytes is kept, in seconds.'),
  STORAGE_UPLOAD_LIFETIME_SECONDS: seconds
    .default(24 * 3600)
    .describe('How long an unfinished upload is kept after the last bytes arrived, in seconds.'),
  STORAGE_VIEWER_CONNECTIONS: wholeNumber(1)
    .default(128)
    .describe('How many simultaneous responses each viewer may receive.'),
  STORAGE_VIEWER_REQUESTS_PER_SECOND: positiveNumber('requests')
    .default(2_000)
    .describe('How many media requests per second each viewer may send.'),
  STORAGE_QUARANTINE_DAYS: positiveNumber('days')
    .default(30)
    .describe('How many days unknown files stay in quarantine before they are deleted.'),
  STORAGE_MAX_DURATION: seconds
    .default(12 * 3600)
    .describe('The longest duration of a recording, in seconds.'),
  STORAGE_SWEEP_INTERVAL_SECONDS: seconds
    .default(60)
    .describe('How often expired uploads and unused files are cleaned up, in seconds.'),
  STORAGE_PROBE_TIMEOUT_SECONDS: seconds
    .default(20)
    .describe('How long probing an uploaded file may take, in seconds.'),
  STORAGE_SANDBOX: z
    .enum(['auto', ...SANDBOX_KINDS])
    .default('auto')
    .describe(
      'The sandbox for media tools: auto for the strongest that works on this machine, or the name of one.',
    ),
  STORAGE_WORKERS: wholeNumber(0)
    .max(64)
    .optional()
    .describe(
      'How many videos are transcoded at a time; half of the cores unless set, 0 to make no renditions.',
    ),
  ...objectStoreConfig,
  FFMPEG_PATH: z.string().optional().describe('The ffmpeg command; the one on PATH unless set.'),
  FFPROBE_PATH: z.string().optional().describe('The ffprobe command; the one on PATH unless set.'),
  ALLOW_BUNDLED_FFMPEG: flag
    .default(false)
    .describe('Whether production may use the outdated ffmpeg and ffprobe that npm installs.'),
})

/** The configuration of the storage service. */
export type StorageConfig = z.infer<typeof storageConfig>

/** The folder that contains all stored bytes. */
export function storageFolder(config: StorageConfig): string {
  return path.resolve(config.STORAGE_DIR ?? path.join(config.MOBLOG_DATA_DIR, 'storage'))
}

/** The folder of the object store on the local disk, which is used unless a bucket is configured. */
export function objectsFolder(config: StorageConfig): string {
  return path.join(storageFolder(config), 'objects')
}

/** The folder into which uploads are received. */
export function uploadsFolder(config: StorageConfig): string {
  return path.join(storageFolder(config), 'uploads')
}

/** The base address to which clients send bytes and from which they fetch them, without a slash at its end. */
export function publicAddress(config: StorageConfig): string {
  return config.STORAGE_PUBLIC_URL ?? config.PUBLIC_URL
}

/** How long files that the database does not know are kept, in milliseconds. */
export function quarantineTime(config: StorageConfig): number {
  return config.STORAGE_QUARANTINE_DAYS * 24 * 3600_000
}
