import { z } from 'zod'
import { byteCount, ConfigError, flag, httpUrl } from '../../../platform/config.ts'
import type { StoreKind } from './object-store.ts'
import type { S3Settings } from './s3-connection.ts'

/** The environment variables of an S3-compatible object store. */
export const s3Config = {
  STORAGE_S3_ENDPOINT: httpUrl
    .optional()
    .describe('The URL of an S3-compatible store for media files; the local disk unless set.'),
  STORAGE_S3_BUCKET: z.string().min(1).optional().describe('The name of the bucket, which must exist.'),
  STORAGE_S3_REGION: z.string().min(1).optional().describe('The region of the bucket.'),
  STORAGE_S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('The access key id for the bucket.'),
  STORAGE_S3_SECRET_ACCESS_KEY: z
    .string()
    .min(1)
    .optional()
    .describe('The secret access key for the bucket.'),
  STORAGE_S3_BUDGET: byteCount.optional().describe('How many bytes may be stored in the bucket.'),
  STORAGE_S3_REDIRECT: flag
    .default(false)
    .describe('Whether players are redirected to the store to fetch media files.'),
}

const REQUIRED = [
  'STORAGE_S3_ENDPOINT',
  'STORAGE_S3_BUCKET',
  'STORAGE_S3_REGION',
  'STORAGE_S3_ACCESS_KEY_ID',
  'STORAGE_S3_SECRET_ACCESS_KEY',
  'STORAGE_S3_BUDGET',
] as const

/**
 * Reads the S3 object store from the configuration; null if objects are kept on the local disk.
 *
 * @throws ConfigError if the configuration is incomplete
 */
export function readS3Settings(config: z.infer<z.ZodObject<typeof s3Config>>): S3Settings | null {
  const {
    STORAGE_S3_ENDPOINT: endpoint,
    STORAGE_S3_BUCKET: bucket,
    STORAGE_S3_REGION: region,
    STORAGE_S3_ACCESS_KEY_ID: accessKeyId,
    STORAGE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    STORAGE_S3_BUDGET: budget,
    STORAGE_S3_REDIRECT: isRedirecting,
  } = config
  if (endpoint && bucket && region && accessKeyId && secretAccessKey && budget !== undefined) {
    return { endpoint, bucket, region, accessKeyId, secretAccessKey, budget, isRedirecting }
  }
  const missing = REQUIRED.filter((name) => config[name] === undefined)
  if (missing.length === REQUIRED.length && !isRedirecting) return null
  throw new ConfigError(
    `The configuration can't be used:\n  ${missing.join(', ')}: must be set as well, because other STORAGE_S3_ settings are set`,
  )
}

/** S3 as one of the object stores that may be configured. */
export const s3Store: StoreKind<z.infer<z.ZodObject<typeof s3Config>>> = {
  name: 'S3',
  choose(config) {
    const settings = readS3Settings(config)
    // Loaded on demand, because loading takes a quarter of a second.
    return settings && (async () => (await import('./s3.ts')).openS3(settings))
  },
  budget: ({ STORAGE_S3_BUDGET }) => STORAGE_S3_BUDGET,
}
