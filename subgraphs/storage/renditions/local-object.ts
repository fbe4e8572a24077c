import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ObjectStore, StoredFile } from '../objects/object-store.ts'

const CHUNK_BYTES = 1024 * 1024

/**
 * Returns the local path of a stored file: the file itself if the object store is local, otherwise a copy.
 *
 * @param copy the path for a copy
 * @throws Error if the file does not exist
 */
export async function localObject(
  objects: ObjectStore,
  mediaId: string,
  name: string,
  copy: string,
): Promise<string> {
  const stored = await objects.open(mediaId, name)
  if (!stored) throw new Error(`the object ${name} of media ${mediaId} is missing`)
  try {
    if (objects.localPath) return objects.localPath(mediaId, name)
    await pipeline(Readable.from(chunks(stored)), createWriteStream(copy))
    return copy
  } finally {
    await stored.close()
  }
}

async function* chunks(stored: StoredFile): AsyncGenerator<Buffer> {
  for (let position = 0; position < stored.size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, stored.size - position))
    const length = await stored.read(buffer, position)
    if (length === 0) throw new Error('the object ends before its known size')
    yield buffer.subarray(0, length)
    position += length
  }
}
