import { Readable } from 'node:stream'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { StoredFile } from './object-store.ts'

type Address = { Bucket: string; Key: string }

/** Presents an object as a file that is open for reading; each read is a separate request. */
export function storedFile(client: S3Client, address: Address, size: number): StoredFile {
  const get = async (first: number, last: number, signal?: AbortSignal): Promise<Readable> => {
    const request = new GetObjectCommand({ ...address, Range: `bytes=${first}-${last}` })
    const { Body } = await client.send(request, signal ? { abortSignal: signal } : {})
    if (!(Body instanceof Readable))
      throw new Error(`S3 answered the request for ${address.Key} without a body`)
    return Body
  }
  return {
    size,
    async read(buffer, position) {
      const last = Math.min(size, position + buffer.length) - 1
      if (last < position) return 0
      let length = 0
      for await (const chunk of await get(position, last)) {
        buffer.set(chunk, length)
        length += chunk.length
      }
      return length
    },
    async *stream(first, last, signal) {
      const body = await get(first, last, signal)
      const stop = () => body.destroy()
      signal.addEventListener('abort', stop, { once: true })
      try {
        yield* body
      } finally {
        signal.removeEventListener('abort', stop)
        body.destroy()
      }
    },
    close: async () => {},
  }
}
