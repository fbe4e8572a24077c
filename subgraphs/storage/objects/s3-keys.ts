import { DeleteObjectsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'

/** An object as the bucket listing shows it. */
export type ListedKey = { key: string; size: number; writtenAt: Date }

/** All keys of a bucket that begin with a prefix, in key order, one page at a time. */
export async function* listKeys(
  client: S3Client,
  Bucket: string,
  Prefix?: string,
): AsyncGenerator<ListedKey[]> {
  for (let ContinuationToken: string | undefined; ; ) {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket,
        ...(Prefix && { Prefix }),
        ...(ContinuationToken && { ContinuationToken }),
      }),
    )
    const keys = (page.Contents ?? []).flatMap(({ Key, Size = 0, LastModified }) =>
      Key ? [{ key: Key, size: Size, writtenAt: LastModified ?? new Date() }] : [],
    )
    if (keys.length > 0) yield keys
    ContinuationToken = page.NextContinuationToken
    if (!ContinuationToken) return
  }
}

/** The folders below a prefix, each with the time of the last write to it. */
export async function* listFolders(
  client: S3Client,
  bucket: string,
  prefix = '',
): AsyncGenerator<{ folder: string; writtenAt: Date }> {
  let current: { folder: string; writtenAt: Date } | null = null
  // Keys are sorted, so the keys of one folder are adjacent.
  for await (const keys of listKeys(client, bucket, prefix)) {
    for (const { key, writtenAt } of keys) {
      const end = key.indexOf('/', prefix.length)
      if (end < 0) continue
      const folder = key.slice(prefix.length, end)
      if (current && current.folder !== folder) yield current
      const isNewer: boolean = current?.folder !== folder || writtenAt > current.writtenAt
      if (isNewer) current = { folder, writtenAt }
    }
  }
  if (current) yield current
}

/** Deletes objects. */
export async function removeKeys(client: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  const Objects = keys.map((Key) => ({ Key }))
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
  )
  const [first] = Errors
  if (first)
    throw new Error(`S3 did not delete ${Errors.length} objects; first error: ${first.Code} ${first.Message}`)
}

/** Whether an error means that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey')
}
