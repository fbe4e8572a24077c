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
import { s3Config } from './objects/s3-settings.ts'
import { SANDBOX_KINDS } from './sandbox/sandbox.ts'

/** The environment variables of the storage service. */
export const storageConfig = commonConfig.extend({
  PUBLIC_URL: httpUrl.default('http://localhost:4000').describe('Where clients reach the product.'),
  STORAGE_PUBLIC_URL: httpUrl
    .optional()
    .describe('Where clients reach the bytes of media; PUBLIC_URL unless set.'),
  STORAGE_DIR: z
    .string()
    .optional()
    .describe('The folder for uploads and media; storage in the data folder unless set.'),
  STORAGE_FREE_FLOOR: byteCount.prefault('1GiB').describe('Disk space that is never given away.'),
  STORAGE_CAPACITY: byteCount
    .optional()
    .describe('How much may be stored in all; as much as the disk has unless set.'),
  STORAGE_USER_QUOTA: byteCount.prefault('20GiB').describe('How much each user may store.'),
  STORAGE_USER_OPEN_UPLOADS: wholeNumber(1)
    .default(20)
    .describe('How many unfinished uploads each user may have.'),
  STORAGE_OPEN_UPLOADS: wholeNumber(1)
    .default(20_000)
    .describe('How many unfinished uploads there may be in all.'),
  STORAGE_MAX_VIDEO: byteCount.prefault('4GiB').describe('The largest video file.'),
  STORAGE_MAX_AUDIO: byteCount.prefault('1GiB').describe('The largest audio file.'),
  STORAGE_MAX_IMAGE: byteCount.prefault('50MiB').describe('The largest image file.'),
  STORAGE_MAX_MULTIPART: byteCount.prefault('100MiB').describe('The largest file in one multipart request.'),
  STORAGE_FIRST_BYTE_SECONDS: seconds
    .default(3600)
    .describe('How long an upload is kept that nothing has arrived for.'),
  STORAGE_UPLOAD_LIFETIME_SECONDS: seconds
    .default(24 * 3600)
    .describe('How long an unfinished upload is kept after its last byte arrived.'),
  STORAGE_VIEWER_CONNECTIONS: wholeNumber(1)
    .default(128)
    .describe('How many responses each viewer may receive at a time.'),
  STORAGE_VIEWER_REQUESTS_PER_SECOND: positiveNumber('requests')
    .default(2_000)
    .describe('How many requests for bytes each viewer may make in a second.'),
  STORAGE_QUARANTINE_DAYS: positiveNumber('days')
    .default(30)
    .describe('How many days files that the database does not know are kept before they are deleted.'),
  STORAGE_MAX_DURATION: seconds.default(12 * 3600).describe('How long a recording may play, in seconds.'),
  STORAGE_SWEEP_INTERVAL_SECONDS: seconds.default(60).describe('How often leftovers are looked for.'),
  STORAGE_PROBE_TIMEOUT_SECONDS: seconds
    .default(20)
    .describe('How long examining an uploaded file may take.'),
  STORAGE_SANDBOX: z
    .enum(['auto', ...SANDBOX_KINDS])
    .default('auto')
    .describe('What media tools are confined with: auto, the strongest that works here, or one by name.'),
  STORAGE_WORKERS: wholeNumber(0)
    .max(64)
    .optional()
    .describe('How many videos are encoded at a time; half of the cores unless set, 0 for none.'),
  ...s3Config,
  FFMPEG_PATH: z.string().optional().describe('The ffmpeg command; the one on PATH unless set.'),
  FFPROBE_PATH: z.string().optional().describe('The ffprobe command; the one on PATH unless set.'),
  ALLOW_BUNDLED_FFMPEG: flag
    .default(false)
    .describe('Whether production may run the outdated ffmpeg that npm installs.'),
})

/** The configuration of the storage service. */
export type StorageConfig = z.infer<typeof storageConfig>

/** The folder that contains all stored bytes. */
export function storageFolder(config: StorageConfig): string {
  return path.resolve(config.STORAGE_DIR ?? path.join(config.MOBLOG_DATA_DIR, 'storage'))
}

/** The base address to which clients send bytes and from which they fetch them, without a slash at its end. */
export function publicAddress(config: StorageConfig): string {
  return config.STORAGE_PUBLIC_URL ?? config.PUBLIC_URL
}

/** How long files that the database does not know are kept, in milliseconds. */
export function quarantineTime(config: StorageConfig): number {
  return config.STORAGE_QUARANTINE_DAYS * 24 * 3600_000
}
