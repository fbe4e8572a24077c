import { memoryIndexedDb } from '../../test/memory-database.ts'
import type { UploadRecord } from './upload-record.ts'
import { createUploadStore } from './upload-store.ts'

Object.assign(globalThis, memoryIndexedDb())

describe('what a device keeps of an upload', () => {
  it('is the file that the user has given last', async () => {
    const record = { id: 'a', state: 'WAITING' } as UploadRecord
    const store = createUploadStore('uploads-of-this-test')
    const [unreadable, given] = [new Blob(['a film']), new Blob(['the same film'])]
    await store.put({ ...record, file: unreadable })
    expect((await store.get('a'))?.file).toBe(unreadable)
    await store.put({ ...record, file: given })
    expect((await store.get('a'))?.file).toBe(given)
  })
})
