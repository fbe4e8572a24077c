import { browserDatabase } from '../browser-database.ts'
import type { UploadRecord } from './upload-record.ts'

/** Where uploads are kept on this device. */
export type UploadStore = {
  all(): Promise<UploadRecord[]>
  get(id: string): Promise<UploadRecord | null>
  /** Keeps a record. The file is kept only if there is room for it, and not of a cancelled upload. Returns whether it was. */
  put(record: UploadRecord): Promise<boolean>
  remove(id: string): Promise<void>
}

const UPLOADS = 'uploads'
const FILES = 'files'

const APP_DATABASE = 'moblog-uploads'

/** Forgets the uploads of a user of this device, with the copies of their files, but not which ones they have withdrawn. */
export function forgetAppUploads(userId: string, isAccountDeleted: boolean): Promise<void> {
  return forgetUploadsOf(userId, APP_DATABASE, ({ state }) => isAccountDeleted || state !== 'CANCELLED')
}

/** Forgets uploads of a user, with the copies of their files. */
export async function forgetUploadsOf(
  userId: string,
  databaseName: string,
  isForgotten: (record: UploadRecord) => boolean = () => true,
): Promise<void> {
  const store = createUploadStore(databaseName)
  for (const record of await store.all())
    if (record.ownerId === userId && isForgotten(record)) await store.remove(record.id)
}

/**
 * Keeps uploads in IndexedDB. A file has a record of its own, so that a change of the progress does not write it again.
 */
export function createUploadStore(databaseName = APP_DATABASE): UploadStore {
  const database = browserDatabase({
    name: databaseName,
    version: 1,
    stores: { uploads: 'id', files: null },
  })
  const kept = new Map<string, Blob>()
  const withFile = async (record: UploadRecord): Promise<UploadRecord> => {
    const file = (await database.get<Blob>(FILES, record.id)) ?? null
    if (file) kept.set(record.id, file)
    return { ...record, file }
  }
  // One after the other: a file must not be kept after its upload was removed, nor an old record be read.
  let last: Promise<unknown> = Promise.resolve()
  const inOrder = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
  async function put(record: UploadRecord): Promise<boolean> {
    const { file, ...rest } = record
    await database.put(UPLOADS, { ...rest, file: null })
    if (record.state === 'CANCELLED') await database.remove(FILES, record.id)
    if (!file || kept.get(record.id) === file) return true
    try {
      await database.put(FILES, file, record.id)
      kept.set(record.id, file)
      return true
    } catch {
      // There is no room for a copy. The upload goes on as long as the page is open.
      return false
    }
  }
  async function remove(id: string): Promise<void> {
    await database.remove(UPLOADS, id)
    await database.remove(FILES, id)
  }
  return {
    async all() {
      const records = await database.all<UploadRecord>(UPLOADS)
      return Promise.all(records.map(withFile))
    },
    get: (id) =>
      inOrder(async () => {
        const record = await database.get<UploadRecord>(UPLOADS, id)
        return record ? withFile(record) : null
      }),
    put: (record) => inOrder(() => put(record)),
    remove: (id) => inOrder(() => remove(id)),
  }
}
