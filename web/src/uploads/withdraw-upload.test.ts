import { createFakeServer, type FakeServer } from './fake-server.ts'
import { SignedOut } from './upload-api.ts'
import type { UploadRecord } from './upload-record.ts'
import type { UploadStore } from './upload-store.ts'
import { createUploads, type Uploads } from './uploads.ts'

describe('an upload that the user withdraws', () => {
  let server: FakeServer
  let records: Map<string, UploadRecord>
  let ids: number
  const windows: Uploads[] = []

  beforeEach(() => {
    server = createFakeServer()
    records = new Map()
    ids = 0
  })
  afterEach(() => {
    for (const each of windows.splice(0)) each.stop()
  })

  const store: UploadStore = {
    all: async () => [...records.values()],
    get: async (id) => records.get(id) ?? null,
    put: async (record) => Boolean(records.set(record.id, record)),
    remove: async (id) => void records.delete(id),
  }

  /** Opens a window of the app, or opens it again. All windows have the same store. */
  async function open(): Promise<Uploads> {
    const uploads: Uploads = createUploads({
      api: server.api,
      sendBytes: (...all) => server.sendBytes(...all),
      store,
      digest: async () => null,
      openRecording: async () => null,
      isOnline: () => true,
      // As in a browser: a window that knows the upload from another one waits.
      alone: async (id, work, signal) => {
        if (lockedBy.has(id)) await new Promise((_resolve, reject) => onAbort(signal, reject))
        lockedBy.add(id)
        await work(false).finally(() => lockedBy.delete(id))
      },
      tellWindows: (id) => {
        for (const each of windows) if (each !== uploads) each.withdrawnElsewhere(id)
      },
      random: () => 0,
      now: () => performance.now(),
      newId() {
        ids += 1
        return `upload-${ids}`
      },
    })
    windows.push(uploads)
    await uploads.start('mei')
    return uploads
  }
  const lockedBy = new Set<string>()
  const onAbort = (signal: AbortSignal, act: (reason: unknown) => void) =>
    signal.addEventListener('abort', () => act(signal.reason))

  const file = () => new Blob(['some bytes of a film'], { type: 'video/mp4' })
  const soon = () => new Promise((resolve) => setTimeout(resolve, 20))
  /** What the bytes of uploads meet instead of the server. */
  const sendUntil = (act: (id: string) => void, isEnded = true) => {
    server.sendBytes = async ({ tusUrl }, _source, _onProgress, signal) => {
      act(tusUrl)
      if (isEnded) return { kind: 'COMPLETE' }
      return new Promise((_resolve, reject) => onAbort(signal, reject))
    }
  }
  const complete = (id: string) => {
    const upload = server.uploads.get(id)
    if (!upload) throw new Error('there is no such upload')
    upload.state = 'COMPLETED'
    upload.mediaId = `media-${id}`
    server.media.set(upload.mediaId, upload.bytes)
  }
  const verify = (id: string) => {
    const upload = server.uploads.get(id)
    if (upload) upload.state = 'VERIFYING'
  }
  const remaining = () => ({
    media: [...server.media.keys()],
    open: [...server.uploads.values()].filter(({ state }) => !['CANCELLED', 'COMPLETED'].includes(state))
      .length,
    records: [...records.keys()],
  })
  const NOTHING = { media: [], open: 0, records: [] }

  it('leaves nothing if it waits for its turn', async () => {
    sendUntil(() => {}, false)
    const uploads = await open()
    const added = [uploads.add(file()), uploads.add(file()), uploads.add(file())]
    await soon()
    expect(server.uploads.size).toBe(2)
    await Promise.all(added.map(({ id }) => uploads.cancel(id)))
    expect([server.uploads.size, remaining()]).toEqual([2, NOTHING])
  })

  it('leaves nothing if the server answers the handshake afterwards', async () => {
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
    const cancelled = uploads.cancel(id)
    await soon()
    expect(records.get(id)).toMatchObject({ state: 'CANCELLED' })
    answer()
    await cancelled
    expect([server.uploads.size, remaining()]).toEqual([1, NOTHING])
  })

  it('leaves nothing while its bytes are sent', async () => {
    sendUntil(() => {}, false)
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    await uploads.cancel(id)
    expect(remaining()).toEqual(NOTHING)
  })

  it('leaves nothing if the server has all bytes and stores it only then', async () => {
    sendUntil(complete, false)
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    expect(server.media.size).toBe(1)
    await uploads.cancel(id)
    expect(remaining()).toEqual(NOTHING)
  })

  it('leaves nothing if it is being verified', async () => {
    sendUntil(verify)
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    expect(uploads.get(id)?.state).toBe('VERIFYING')
    const cancelled = uploads.cancel(id)
    await soon()
    expect(uploads.list).toEqual([])
    complete('1')
    uploads.nudge()
    await cancelled
    expect(remaining()).toEqual(NOTHING)
  })

  it('is done when the verification rejects it', async () => {
    sendUntil(verify)
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    const cancelled = uploads.cancel(id)
    await soon()
    const upload = server.uploads.get('1')
    if (upload) upload.state = 'REJECTED'
    uploads.nudge()
    await cancelled
    expect(records.size).toBe(0)
  })

  it('leaves nothing if it is stored', async () => {
    const uploads = await open()
    const { id } = uploads.add(file())
    await uploads.whenFinished(id)
    await uploads.cancel(id)
    expect(remaining()).toEqual(NOTHING)
  })

  it('leaves nothing if its media is deleted later, when it is no longer in the list', async () => {
    const uploads = await open()
    const { id } = uploads.add(file())
    await uploads.whenFinished(id)
    uploads.dismiss(id)
    server.fates.push('NO_ANSWER')
    void uploads.withdrawMedia('media-1')
    await soon()
    uploads.stop()
    expect(remaining()).toMatchObject({ media: ['media-1'], records: [expect.any(String)] })
    await open()
    await soon()
    expect(remaining()).toEqual(NOTHING)
  })

  it.each(['NO_ANSWER', 'LOST_ANSWER'] as const)(
    'leaves nothing if it is stored, and deleting it meets the fate %s',
    async (fate) => {
      const uploads = await open()
      const { id } = uploads.add(file())
      await uploads.whenFinished(id)
      server.fates.push(fate)
      const cancelled = uploads.cancel(id)
      await soon()
      expect(records.get(id)).toMatchObject({ state: 'CANCELLED', name: '', file: null })
      uploads.nudge()
      await cancelled
      expect(remaining()).toEqual(NOTHING)
    },
  )

  it('is ended after a reload if there was no connection', async () => {
    sendUntil(complete, false)
    const first = await open()
    const { id } = first.add(file())
    await soon()
    server.fates.push('NO_ANSWER', 'NO_ANSWER')
    void first.cancel(id)
    await soon()
    first.stop()
    expect(remaining()).toEqual({ media: ['media-1'], open: 0, records: [id] })
    const second = await open()
    expect(second.list).toEqual([])
    await soon()
    second.nudge()
    await soon()
    expect(remaining()).toEqual(NOTHING)
  })

  it('is ended when the user signs in again if the session has ended', async () => {
    const { deleteMedia } = server.api
    server.api.deleteMedia = async () => Promise.reject(new SignedOut())
    const first = await open()
    const { id } = first.add(file())
    await first.whenFinished(id)
    await first.cancel(id)
    expect(remaining().records).toEqual([id])
    first.stop()
    server.api.deleteMedia = deleteMedia
    await open()
    await soon()
    expect(remaining()).toEqual(NOTHING)
  })

  it('is asked for again if the server refuses for the moment', async () => {
    const { deleteMedia } = server.api
    let refusals = 0
    server.api.deleteMedia = async (id) => {
      refusals += 1
      if (refusals > 2) return deleteMedia(id)
      return { code: 'RATE_LIMITED', message: 'Later.' }
    }
    const uploads = await open()
    const { id } = uploads.add(file())
    await uploads.whenFinished(id)
    const cancelled = uploads.cancel(id)
    for (let times = 0; times < 2; times += 1) {
      await soon()
      uploads.nudge()
    }
    await cancelled
    expect([refusals, remaining()]).toEqual([3, NOTHING])
  })

  it('is not sent again by a window that was sending it', async () => {
    sendUntil(() => {}, false)
    const sending = await open()
    const { id } = sending.add(file())
    await soon()
    const other = await open()
    expect(other.get(id)).not.toBeNull()
    await other.cancel(id)
    await soon()
    expect([sending.list, other.list]).toEqual([[], []])
    expect([server.uploads.size, remaining()]).toEqual([1, NOTHING])
  })

  it('does not come back with what was on its way when it was stopped', async () => {
    const held: (() => void)[] = []
    const { uploadSession } = server.api
    sendUntil(verify)
    server.api.uploadSession = async (id) => {
      const answer = await uploadSession(id)
      await new Promise<void>((resolve) => held.push(resolve))
      return answer
    }
    const uploads = await open()
    const { id } = uploads.add(file())
    await soon()
    server.api.uploadSession = uploadSession
    complete('1')
    await uploads.cancel(id)
    for (const answer of held) answer()
    await soon()
    expect(remaining()).toEqual(NOTHING)
  })
})
