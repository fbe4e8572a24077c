import type { Readable } from 'node:stream'
import { type Configstore, FileStore } from '@tus/file-store'
import { Upload as TusUpload } from '@tus/server'
import { appendDurably } from './append-durably.ts'
import { checksumMeter, requestChecksum } from './chunk-checksum.ts'
import { allReceived, extended, type Receiving, verifySoon } from './receiving.ts'
import { isReceiving } from './upload.ts'
import type { UploadFiles } from './upload-files.ts'
import { findUpload, markReceiving, settleSize } from './upload-store.ts'

/**
 * tus uploads as the database knows them: it says which there are, how large each is and whether it still takes bytes,
 * the file says how many have arrived. An acknowledged byte is on disk.
 */
export class TusStore extends FileStore {
  readonly #receiving: Receiving

  constructor(receiving: Receiving) {
    super({ directory: receiving.files.folder, configstore: sizesIn(receiving) })
    this.#receiving = receiving
    // @tus/server creates nothing and checks no checksums; `Upload-Expires` is set where the answer is written.
    this.extensions = ['creation-defer-length', 'termination', 'expiration']
  }

  // Asked with the lock held: an upload that was complete, or given up, while a request waited is refused here.
  override async getUpload(id: string): Promise<TusUpload> {
    const upload = await findUpload(this.#receiving.db, id)
    if (!upload || !isReceiving(upload, this.#receiving.clock())) {
      throw { status_code: 409, body: 'This upload takes no more bytes.\n' }
    }
    await this.#receiving.files.prepare(id)
    return super.getUpload(id)
  }

  override async write(bytes: Readable, id: string, offset: number): Promise<number> {
    const receiving = this.#receiving
    if (!(await markReceiving(receiving.db, id, extended(receiving)))) {
      throw { status_code: 409, body: 'This upload takes no more bytes.\n' }
    }
    const end = offset + (await appendChunk(receiving.files, id, bytes, offset))
    await this.#finish(id, end)
    return end
  }

  // The bytes are safe whatever happens here, so the client must not be told that they are not: where the database
  // does not answer, the sweep finds the complete file.
  async #finish(id: string, end: number): Promise<void> {
    const receiving = this.#receiving
    try {
      const upload = await findUpload(receiving.db, id)
      if (upload?.byteSize !== end) return
      if (await allReceived(receiving, id, end)) verifySoon(receiving, id)
    } catch (error) {
      receiving.log.error({ err: error, uploadId: id }, 'the end of an upload could not be recorded')
    }
  }
}

/**
 * Writes a chunk. One that comes with a checksum counts only if it is right: of a chunk that was cut off, nobody can say.
 */
async function appendChunk(files: UploadFiles, id: string, bytes: Readable, offset: number): Promise<number> {
  const checksum = requestChecksum.getStore()
  if (!checksum) return appendDurably(bytes, files.path(id), offset)
  const { hash, matches } = checksumMeter(checksum)
  await files.beginUnchecked(id, offset)
  try {
    const length = await appendDurably(bytes, files.path(id), offset, { hash })
    if (!matches()) throw { status_code: 460, body: 'The checksum is not that of the bytes that arrived.\n' }
    await files.keepUnchecked(id)
    return length
  } catch (error) {
    await files.dropUnchecked(id)
    throw error
  }
}

function sizesIn({ db }: Receiving): Configstore {
  return {
    async get(id) {
      const upload = await findUpload(db, id)
      if (!upload) return undefined
      return new TusUpload({
        id,
        offset: 0,
        creation_date: upload.createdAt.toISOString(),
        ...(upload.byteSize !== null && { size: upload.byteSize }),
      })
    },
    // The only thing that FileStore ever sets on what exists is the length of a deferred upload.
    async set(id, { size }) {
      if (size !== undefined) await settleSize(db, id, size)
    },
    delete: async () => {},
  }
}
