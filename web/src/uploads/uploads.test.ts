import { createFakeServer, type FakeServer } from './fake-server.ts'
import type { UploadRecord } from './upload-record.ts'
import type { UploadStore } from './upload-store.ts'
import { AT_A_TIME, createUploads, MOST_UPLOADS, type Uploads } from './uploads.ts'

function memoryStore(): UploadStore & { records: Map<string, UploadRecord> } {
  const records = new Map<string, UploadRecord>()
  return {
    records,
    all: async () => [...records.values()],
    get: async (id) => records.get(id) ?? null,
    async put(record) {
      records.set(record.id, record)
      return true
    },
    async remove(id) {
      records.delete(id)
    },
  }
}

describe('the uploads of a user', () => {
  let server: FakeServer
  let store: ReturnType<typeof memoryStore>
  let ids: number
  const windows: Uploads[] = []

  beforeEach(() => {
    server = createFakeServer()
    store = memoryStore()
    ids = 0
  })
  afterEach(() => {
    for (const each of windows.splice(0)) each.stop()
  })

  /** Opens the app: after the first time, this is a reload. */
  async function open(owner = 'mei'): Promise<Uploads> {
    const uploads = createUploadsOf(store)
    await uploads.start(owner)
    return uploads
  }

  function createUploadsOf(kept: UploadStore): Uploads {
    const uploads = createUploads({
      api: server.api,
      // The manager may replace a function of the server while an upload runs.
      sendBytes: (...all) => server.sendBytes(...all),
      store: kept,
      digest: async () => null,
      openRecording: async () => null,
      isOnline: () => true,
      alone: async (_id, work) => work(false),
      tellWindows() {},
      random: () => 0,
      now: () => performance.now(),
      newId() {
        ids += 1
        return `upload-${ids}`
      },
    })
    windows.push(uploads)
    return uploads
  }

  const file = (text = 'some bytes of a film') => new Blob([text], { type: 'video/mp4' })
  /** Lets uploads begin, but not end. */
  const hold = () => {
    const { sendBytes } = server
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let running = 0
    let most = 0
    server.sendBytes = async (target, source, onProgress, signal) => {
      running += 1
      most = Math.max(most, running)
      try {
        await Promise.race([
          held,
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        ])
        return await sendBytes(target, source, onProgress, signal)
      } finally {
        running -= 1
      }
    }
    return { release: () => release(), most: () => most }
  }
  const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

  it('report their progress until they are stored', async () => {
    const uploads = await open()
    const changes: (number | null)[] = []
    uploads.addEventListener('change', () => changes.push(uploads.list[0]?.progress ?? null))
    const { id } = uploads.add(file(), { name: 'film.mp4' })
    expect(await uploads.whenFinished(id)).toMatchObject({ state: 'STORED', mediaId: 'media-1', progress: 1 })
    expect(changes.filter((each) => each !== null && each > 0 && each < 1).length).toBeGreaterThan(0)
  })

  it('run a few at a time, and the others afterwards', async () => {
    const held = hold()
    const uploads = await open()
    const added = Array.from({ length: 5 }, (_, index) => uploads.add(file(`film ${index}`)))
    await soon()
    expect(held.most()).toBe(AT_A_TIME)
    held.release()
    const finished = await Promise.all(added.map(({ id }) => uploads.whenFinished(id)))
    expect(finished.map((each) => each?.state)).toEqual(Array(5).fill('STORED'))
    expect(held.most()).toBe(AT_A_TIME)
  })

  it('are limited in number', async () => {
    hold()
    const uploads = await open()
    for (let index = 0; index < MOST_UPLOADS; index += 1) uploads.add(file())
    expect(() => uploads.add(file())).toThrow(RangeError)
  })

  it('can be paused and continued', async () => {
    const held = hold()
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    uploads.pause(id)
    held.release()
    await soon()
    expect(uploads.get(id)?.state).toBe('PAUSED')
    uploads.resume(id)
    expect((await uploads.whenFinished(id))?.state).toBe('STORED')
    expect(server.uploads.size).toBe(1)
  })

  it('stay paused when the server answers a handshake that was under way, and continue with its upload', async () => {
    const { requestUpload } = server.api
    let answer = () => {}
    server.api.requestUpload = async (announced) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return requestUpload(announced)
    }
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    uploads.pause(id)
    answer()
    await soon()
    expect(uploads.get(id)?.state).toBe('PAUSED')
    uploads.resume(id)
    expect((await uploads.whenFinished(id))?.state).toBe('STORED')
    expect(server.uploads.size).toBe(1)
  })

  it('continue after a reload, but a paused one stays paused', async () => {
    const held = hold()
    const first = await open()
    const [running, paused] = [first.add(file('one')), first.add(file('two'))]
    await soon()
    first.pause(paused.id)
    await soon()
    first.stop()
    held.release()
    const second = await open()
    expect((await second.whenFinished(running.id))?.state).toBe('STORED')
    expect(second.get(paused.id)?.state).toBe('PAUSED')
    expect(server.uploads.size).toBe(2)
  })

  it('say when those of the last visit are in the list', async () => {
    const held = hold()
    const first = await open()
    first.add(file())
    await soon()
    first.stop()
    expect(first.isLoaded).toBe(false)
    held.release()
    const second = createUploadsOf(store)
    const seen: boolean[] = []
    second.addEventListener('change', () => seen.push(second.isLoaded))
    const started = second.start('mei')
    expect([second.isLoaded, second.list]).toEqual([false, []])
    await started
    expect([second.isLoaded, second.list.length]).toEqual([true, 1])
    expect(seen).toContain(true)
  })

  it('are not taken for lost if they cannot be read', async () => {
    const uploads = createUploadsOf({ ...store, all: () => Promise.reject(new Error('not now')) })
    await uploads.start('mei')
    expect(uploads.isLoaded).toBe(false)
  })

  it('are not shown to a user who has signed in while they were read', async () => {
    hold()
    const first = await open('mei')
    first.add(file())
    await soon()
    first.stop()
    const second = createUploadsOf(store)
    const started = second.start('mei')
    second.stop()
    await Promise.all([started, second.start('jun')])
    expect([second.isLoaded, second.list]).toEqual([true, []])
  })

  it('say when a copy is on this device', async () => {
    hold()
    const uploads = await open()
    expect(await uploads.whenKept(uploads.add(file()).id)).toBe(true)
    const full = createUploadsOf({ ...store, put: async () => false })
    await full.start('mei')
    expect(await full.whenKept(full.add(file()).id)).toBe(false)
    expect(await full.whenKept('unknown')).toBe(false)
  })

  it('of another user are not shown', async () => {
    hold()
    const first = await open('mei')
    first.add(file())
    await soon()
    first.stop()
    expect((await open('jun')).list).toEqual([])
    expect((await open('mei')).list).toHaveLength(1)
  })

  it('continue by themselves when the user signs in again', async () => {
    const { SignedOut } = await import('./upload-api.ts')
    const { requestUpload } = server.api
    server.api.requestUpload = async () => Promise.reject(new SignedOut())
    const first = await open()
    const { id } = first.add(file())
    expect((await first.whenFinished(id))?.failure).toEqual({ kind: 'SIGNED_OUT' })
    first.stop()
    server.api.requestUpload = requestUpload
    const second = await open()
    expect((await second.whenFinished(id))?.state).toBe('STORED')
  })

  it('can be cancelled before and after they are stored', async () => {
    const held = hold()
    const uploads = await open()
    const early = uploads.add(file('one'))
    await soon()
    await uploads.cancel(early.id)
    expect(server.uploads.get('1')?.state).toBe('CANCELLED')
    held.release()
    const late = uploads.add(file('two'))
    await uploads.whenFinished(late.id)
    expect(server.media.size).toBe(1)
    await uploads.cancel(late.id)
    expect(server.media.size).toBe(0)
    expect(uploads.list).toEqual([])
    expect(store.records.size).toBe(0)
  })

  it('of bytes that were stored before leave the media alone when they are cancelled', async () => {
    const uploads = await open()
    const { requestUpload } = server.api
    server.media.set('known', file())
    server.api.requestUpload = async (announced) => ({
      ...(await requestUpload(announced)),
      mediaId: 'known',
    })
    const { id } = uploads.add(file())
    await uploads.whenFinished(id)
    await uploads.cancel(id)
    expect(server.media.has('known')).toBe(true)
  })

  it('that failed can be tried again', async () => {
    server.refusals.push({ __typename: 'QuotaExceeded', code: 'QUOTA_EXCEEDED', message: '' })
    const uploads = await open()
    const { id } = uploads.add(file())
    expect((await uploads.whenFinished(id))?.failure?.kind).toBe('QUOTA_EXCEEDED')
    uploads.resume(id)
    expect((await uploads.whenFinished(id))?.state).toBe('STORED')
  })

  it('of which this device has no copy continue with the same file, and with no other', async () => {
    const held = hold()
    const first = await open()
    const { id } = first.add(file())
    await soon()
    first.stop()
    held.release()
    const record = store.records.get(id)
    if (record) store.records.set(id, { ...record, file: null })
    const second = await open()
    expect((await second.whenFinished(id))?.failure).toEqual({ kind: 'FILE_MISSING' })
    expect(second.giveFile(id, file('another file'))).toBe(false)
    expect(second.giveFile(id, file())).toBe(true)
    expect((await second.whenFinished(id))?.state).toBe('STORED')
    expect(server.uploads.size).toBe(1)
  })

  describe('whose file was changed, moved or deleted after it was chosen', () => {
    /** A file of which nothing can be read. */
    const lost = () => {
      const blob = file()
      const refuse = async () => {
        throw new DOMException('The requested file could not be read', 'NotReadableError')
      }
      return Object.assign(blob, {
        arrayBuffer: refuse,
        slice: () => Object.assign(file(), { arrayBuffer: refuse }),
      })
    }
    /** Keeps copies of files that stay readable. */
    const copying = () => {
      const { put, get } = store
      const copies = new Map<string, Blob>()
      store.put = async (record) => {
        if (record.file && !copies.has(record.id)) copies.set(record.id, file())
        return put({ ...record, file: null })
      }
      store.get = async (id) => {
        const record = await get(id)
        return record && { ...record, file: copies.get(id) ?? null }
      }
      return copies
    }

    it('continue with the copy that this device keeps', async () => {
      const copies = copying()
      const uploads = await open()
      const { id } = uploads.add(lost())
      const upload = await uploads.whenFinished(id)
      expect(upload?.state).toBe('STORED')
      expect(upload?.file).toBe(copies.get(id))
      expect(await server.media.get('media-1')?.text()).toBe(await file().text())
    })

    it('say that the file is missing if there is none, and continue with the changed file', async () => {
      const uploads = await open()
      const { id } = uploads.add(lost())
      expect((await uploads.whenFinished(id))?.failure).toEqual({ kind: 'FILE_MISSING' })
      expect(server.uploads.size).toBe(0)
      expect(uploads.giveFile(id, file('another scene'))).toBe(true)
      expect((await uploads.whenFinished(id))?.state).toBe('STORED')
      expect(server.uploads.get('1')?.announced.byteSize).toBe(13)
    })

    it('continue with the copy where they were if that happens while they are sent', async () => {
      copying()
      const uploads = await open()
      const chosen = file()
      const { sendBytes } = server
      let sent = 0
      server.sendBytes = async (target, source, onProgress, signal) => {
        sent += 1
        if (sent > 1) return sendBytes(target, source, onProgress, signal)
        server.fates.push('CUT')
        const end = await sendBytes(target, source, onProgress, signal)
        Object.assign(chosen, lost(), { slice: lost().slice })
        return end
      }
      const { id } = uploads.add(chosen)
      expect((await uploads.whenFinished(id))?.state).toBe('STORED')
      expect([server.uploads.size, sent]).toEqual([1, 2])
      expect(await server.media.get('media-1')?.text()).toBe(await file().text())
    })
  })
})
