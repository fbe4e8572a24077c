import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { isOwnName } from './own-entries.ts'
import type { Quarantine } from './quarantine.ts'
import { isNotFound, listFolders, listKeys, removeKeys } from './s3-keys.ts'

/** The prefix of the keys of quarantined objects: `.quarantine/<folder>/<name>`. */
const QUARANTINE_PREFIX = '.quarantine/'

// One CopyObject request copies at most 5 GiB.
const COPY_BYTES = 5 * 1024 ** 3
const COPY_PART_BYTES = 1024 ** 3

/**
 * Opens a quarantine in the same bucket. S3 cannot rename, so each object is copied, and deleted once the copy is
 * complete. The `LastModified` of a copy is the time at which it was made.
 */
export function openS3Quarantine(client: S3Client, bucket: string): Quarantine {
  const exists = async (key: string) => {
    try {
      await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }
  /** Moves all keys from one prefix to another. If the target exists, a key stays unless `mayReplace` is set. */
  const move = async (from: string, to: string, mayReplace: boolean) => {
    let isMoved = false
    for await (const keys of listKeys(client, bucket, from)) {
      for (const { key, size } of keys) {
        const target = `${to}${key.slice(from.length)}`
        if (!mayReplace && (await exists(target))) continue
        await copyObject(client, { bucket, from: key, to: target, size })
        await removeKeys(client, bucket, [key])
        isMoved = true
      }
    }
    return isMoved
  }
  return {
    add: (id) => move(`${id}/`, `${QUARANTINE_PREFIX}${id}/`, true),
    restore: (id) => move(`${QUARANTINE_PREFIX}${id}/`, `${id}/`, false),
    async remove(id) {
      for await (const keys of listKeys(client, bucket, `${QUARANTINE_PREFIX}${id}/`)) {
        await removeKeys(
          client,
          bucket,
          keys.map(({ key }) => key),
        )
      }
    },
    async *list() {
      for await (const { folder, writtenAt } of listFolders(client, bucket, QUARANTINE_PREFIX)) {
        if (isOwnName(folder)) yield { id: folder, since: writtenAt }
      }
    },
    // A bucket contains nothing but objects.
    async requireOnlyFiles() {},
  }
}

type Copy = { bucket: string; from: string; to: string; size: number }

async function copyObject(client: S3Client, { bucket, from, to, size }: Copy): Promise<void> {
  const target = { Bucket: bucket, Key: to }
  const CopySource = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`
  if (size <= COPY_BYTES) {
    await client.send(new CopyObjectCommand({ ...target, CopySource }))
    return
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  const Parts: { ETag: string | undefined; PartNumber: number }[] = []
  for (let first = 0; first < size; first += COPY_PART_BYTES) {
    const PartNumber = Parts.length + 1
    const CopySourceRange = `bytes=${first}-${Math.min(first + COPY_PART_BYTES, size) - 1}`
    const part = { ...target, UploadId, PartNumber, CopySource, CopySourceRange }
    const { CopyPartResult } = await client.send(new UploadPartCopyCommand(part))
    Parts.push({ ETag: CopyPartResult?.ETag, PartNumber })
  }
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
}
