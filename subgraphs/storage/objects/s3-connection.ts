import { S3Client } from '@aws-sdk/client-s3'

/** The location and the credentials of the bucket. */
export type S3Settings = {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** In bytes. */
  budget: number
  isRedirecting: boolean
}

// Each reader to which bytes are passed on holds a connection while it reads.
const MAX_CONNECTIONS = 2_000

/** Creates a client for an S3-compatible store. It sends nothing yet. */
export function connectToS3({ endpoint, region, accessKeyId, secretAccessKey }: S3Settings): S3Client {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    // Not every compatible store supports the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 3_000,
      httpAgent: { maxSockets: MAX_CONNECTIONS },
      httpsAgent: { maxSockets: MAX_CONNECTIONS },
    },
  })
}
