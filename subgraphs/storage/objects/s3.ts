import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { openRegularFile } from '../sandbox/outputs.ts'
import type { ObjectStore } from './object-store.ts'
import { isOwnName } from './own-entries.ts'
import { connectToS3, type S3Settings } from './s3-connection.ts'
import { storedFile } from './s3-file.ts'
import { isNotFound, listFolders, listKeys, removeKeys } from './s3-keys.ts'
import { openS3Quarantine } from './s3-quarantine.ts'

// S3 accepts at most 10 000 parts. Parts of 8 MiB allow 78 GiB, and two at a time are in memory.
const PART_BYTES = 8 * 1024 ** 2
const PARTS_AT_ONCE = 2
const HEALTHY_FOR_MS = 5_000
const CHECK_KEY = 'moblog-check'
const ADDRESS_SECONDS = 60
// Older drafts were left by a killed process; an upload of another process takes far less time than this.
const DRAFT_LIFETIME_MS = 24 * 3600_000

/** Opens an object store in a bucket of an S3-compatible store, as `<folder>/<name>`. The bucket must exist. */
export async function openS3(settings: S3Settings): Promise<ObjectStore> {
  const { bucket: Bucket } = settings
  const client = connectToS3(settings)
  let healthyUntil = 0
  const check = async () => {
    if (Date.now() < healthyUntil) return
    await client.send(new PutObjectCommand({ Bucket, Key: CHECK_KEY, Body: 'x' }))
    healthyUntil = Date.now() + HEALTHY_FOR_MS
  }
  await abortOldUploads(client, Bucket)

  return {
    async put(folder, name, file) {
      const handle = await openRegularFile(file)
      const { size } = await handle.stat()
      // The stream closes the file.
      const body = handle.createReadStream({ highWaterMark: 1024 ** 2 })
      const params = { Bucket, Key: `${folder}/${name}` }
      try {
        if (size <= PART_BYTES) {
          await client.send(new PutObjectCommand({ ...params, Body: body, ContentLength: size }))
          return
        }
        const upload = { client, params: { ...params, Body: body } }
        await new Upload({ ...upload, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done()
      } finally {
        body.destroy()
      }
    },

    async open(folder, name) {
      const Key = `${folder}/${name}`
      try {
        const { ContentLength: size = 0 } = await client.send(new HeadObjectCommand({ Bucket, Key }))
        return storedFile(client, { Bucket, Key }, size)
      } catch (error) {
        if (isNotFound(error)) return null
        throw error
      }
    },

    async remove(folder, isChosen = () => true) {
      const prefix = `${folder}/`
      for await (const keys of listKeys(client, Bucket, prefix)) {
        const chosen = keys.filter(({ key }) => isChosen(key.slice(prefix.length)))
        await removeKeys(
          client,
          Bucket,
          chosen.map(({ key }) => key),
        )
      }
    },

    async *list() {
      for await (const found of listFolders(client, Bucket)) {
        if (isOwnName(found.folder)) yield found
      }
    },

    // A bucket contains nothing but objects.
    async requireOnlyFiles() {},

    quarantine: openS3Quarantine(client, Bucket),

    // The budget is enforced by counting the stored bytes; this only checks whether anything can be written.
    async freeBytes() {
      await check()
      return Number.POSITIVE_INFINITY
    },

    check,

    ...(settings.isRedirecting && {
      address: (folder: string, name: string, { mimeType, disposition }: SentAs) =>
        getSignedUrl(
          client,
          new GetObjectCommand({
            Bucket,
            Key: `${folder}/${name}`,
            ResponseContentType: mimeType,
            ResponseContentDisposition: disposition,
            ResponseCacheControl: 'private',
          }),
          { expiresIn: ADDRESS_SECONDS },
        ),
    }),

    close: () => client.destroy(),
  }
}

type SentAs = { mimeType: string; disposition: string }

async function abortOldUploads(client: S3Client, Bucket: string): Promise<void> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (Initiated && Initiated.getTime() > Date.now() - DRAFT_LIFETIME_MS) continue
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  }
}
