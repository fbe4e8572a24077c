import fc from 'fast-check'
import { createGrowingRecording } from '../recorder/growing-recording.ts'
import { type ByteSource, fileSource } from './byte-source.ts'
import { createFakeServer, type FakeServer, type Fate } from './fake-server.ts'
import { runUpload } from './run-upload.ts'
import type { UploadRecord } from './upload-record.ts'

const FILE = new Blob(['The sea is calm tonight. The tide is full, the moon lies fair upon the straits.'])

function newRecord(changes: Partial<UploadRecord> = {}): UploadRecord {
  return {
    id: 'a',
    ownerId: 'mei',
    name: 'sea.txt',
    mimeType: 'video/mp4',
    title: null,
    size: FILE.size,
    file: FILE,
    recordingId: null,
    addedAt: 0,
    state: 'WAITING',
    uploadId: null,
    sentBytes: 0,
    mediaId: null,
    isStoredBefore: false,
    failure: null,
    ...changes,
  }
}

/** Runs an upload to its end, without any waiting. Returns its record and all states that it had. */
async function run(
  server: FakeServer,
  record: UploadRecord = newRecord(),
  source: ByteSource | null = fileSource(FILE),
  signal: AbortSignal = new AbortController().signal,
  digest: () => Promise<string | null> = async () => 'digest',
) {
  let current = record
  const states: string[] = []
  const waits: number[] = []
  await runUpload(
    {
      api: server.api,
      sendBytes: server.sendBytes,
      openSource: async () => source,
      digest,
      isOnline: () => true,
      pause: async (ms) => void waits.push(ms),
      random: () => 0.5,
    },
    () => current,
    (changes) => {
      current = { ...current, ...changes }
      if (states.at(-1) !== current.state) states.push(current.state)
    },
    signal,
  )
  return { record: current, states, waits }
}

const text = (blob: Blob | undefined) => blob?.text()
const newFile = () => createFakeServer()

describe('an upload', () => {
  it('is stored, and the record has the media', async () => {
    const server = newFile()
    const { record, states } = await run(server)
    expect(record).toMatchObject({ state: 'STORED', mediaId: 'media-1', sentBytes: FILE.size })
    expect(states).toEqual(['WAITING', 'SENDING', 'STORED'])
    expect(await text(server.media.get('media-1'))).toBe(await FILE.text())
    expect(server.uploads.get('1')?.announced).toMatchObject({ byteSize: FILE.size, sha256: 'digest' })
  })

  it('fails if the server refuses every key, for example because they belong to another upload', async () => {
    const server = newFile()
    const refused: string[] = []
    server.sendBytes = async ({ key }) => {
      refused.push(key)
      return { kind: 'KEY_REFUSED' }
    }
    const { record } = await run(server)
    expect(record).toMatchObject({ state: 'FAILED', failure: { kind: 'OTHER' } })
    expect(refused).toEqual(['1', '2', '3', '4', '5'])
  })

  it('of bytes that the user stores already sends nothing', async () => {
    const server = newFile()
    const { requestUpload } = server.api
    server.api.requestUpload = async (file) => ({ ...(await requestUpload(file)), mediaId: 'known' })
    expect((await run(server)).record).toMatchObject({
      state: 'STORED',
      mediaId: 'known',
      isStoredBefore: true,
    })
    expect(server.media.size).toBe(0)
  })

  it('gets a new key when its key has expired, and continues where it was', async () => {
    const server = newFile()
    server.fates.push('OK', 'OK', 'KEY_EXPIRES')
    expect((await run(server)).record.state).toBe('STORED')
    expect(server.uploads.size).toBe(1)
  })

  it('is tried again at once as long as more arrives each time, although less is sent than before', async () => {
    const server = newFile()
    server.fates.push('OK', 'CUT', 'CUT', 'CUT')
    const lost = [60, 10, 50, 0]
    const { record, states, waits } = await run({
      ...server,
      sendBytes: async (target, source, onProgress, signal) => {
        const end = await server.sendBytes(target, source, onProgress, signal)
        if (end.kind === 'INTERRUPTED')
          onProgress((server.uploads.get('1')?.bytes.size ?? 0) + (lost.shift() ?? 0))
        return end
      },
    })
    expect(record.state).toBe('STORED')
    expect(states).not.toContain('OFFLINE')
    expect(waits).toEqual([200, 200, 200])
  })

  it('begins again when it has expired', async () => {
    const server = newFile()
    server.fates.push('OK', 'OK', 'UPLOAD_EXPIRES')
    expect((await run(server)).record).toMatchObject({ state: 'STORED', mediaId: 'media-2' })
  })

  it('that was interrupted by a reload continues with the same upload', async () => {
    const server = newFile()
    server.fates.push('OK', 'OK', 'CUT')
    const stop = new AbortController()
    const { api } = server
    const first = await run(
      {
        ...server,
        sendBytes: async (...all) => {
          const end = await server.sendBytes(...all)
          stop.abort()
          return end
        },
        api,
      },
      newRecord(),
      fileSource(FILE),
      stop.signal,
    )
    expect(first.record.state).not.toBe('FAILED')
    const second = await run(server, { ...first.record, state: 'WAITING' })
    expect(second.record.state).toBe('STORED')
    expect(server.uploads.size).toBe(1)
    expect(await text(server.media.get('media-1'))).toBe(await FILE.text())
  })

  it('waits as long as the server says before it asks again', async () => {
    const server = newFile()
    server.refusals.push(
      { __typename: 'StorageUnavailable', code: 'STORAGE_UNAVAILABLE', message: '', retryAfterSeconds: 7 },
      { __typename: 'RequestFailed', code: 'RATE_LIMITED', message: '', retryAfterSeconds: 3 },
    )
    const { record, waits } = await run(server)
    expect(record.state).toBe('STORED')
    expect(waits.slice(0, 2)).toEqual([7_000, 3_000])
  })

  it('fails with the facts of a failure that does not pass by itself', async () => {
    const server = newFile()
    server.refusals.push({ __typename: 'TooLarge', code: 'TOO_LARGE', message: '', maxBytes: 5 })
    expect((await run(server)).record).toMatchObject({
      state: 'FAILED',
      failure: { kind: 'TOO_LARGE', maxBytes: 5 },
    })
  })

  it('fails with what is wrong with the file', async () => {
    const server = newFile()
    server.api.uploadSession = async () => ({
      state: 'REJECTED',
      receivedBytes: 0,
      mediaId: null,
      failure: { __typename: 'RequestFailed', code: 'UNSUPPORTED_MEDIA', message: '' },
    })
    expect((await run(server)).record.failure).toEqual({ kind: 'UNSUPPORTED_MEDIA', mimeTypes: [] })
  })

  it('of which this device has no copy asks for the file', async () => {
    expect((await run(newFile(), newRecord(), null)).record.failure).toEqual({ kind: 'FILE_MISSING' })
  })

  it('whose bytes can be read up to some place only fails there, and does not wait for the connection', async () => {
    const server = newFile()
    const source: ByteSource = {
      ...fileSource(FILE),
      async slice(start, end) {
        const part = await fileSource(FILE).slice(start, end)
        if (end < FILE.size || !part.value) return part
        return {
          ...part,
          value: Object.assign(part.value, { arrayBuffer: () => Promise.reject(new Error()) }),
        }
      },
    }
    server.fates.push('OK', 'OK', 'CUT', 'OK', 'CUT', 'OK', 'CUT')
    const { record, states } = await run(server, newRecord(), source)
    expect(record).toMatchObject({ state: 'FAILED', failure: { kind: 'FILE_MISSING' } })
    expect(states).not.toContain('OFFLINE')
  })

  it('is sent without a digest if only that cannot be computed', async () => {
    const server = newFile()
    const { record } = await run(server, newRecord(), fileSource(FILE), undefined, async () => {
      throw new DOMException('too little memory', 'NotReadableError')
    })
    expect(record.state).toBe('STORED')
    expect(server.uploads.get('1')?.announced.sha256).toBeNull()
  })

  it('of a recording goes on while it is recorded, and ends with its length', async () => {
    const server = newFile()
    const recording = createGrowingRecording('video/webm', 1)
    const running = run(server, newRecord({ size: null, file: null, recordingId: 'r' }), recording)
    for (const part of ['one ', 'two ', 'three']) {
      recording.add(new Blob([part]))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const sentBefore = server.uploads.get('1')?.bytes.size
    recording.end()
    const { record } = await running
    expect(sentBefore).toBeGreaterThan(0)
    expect(record.state).toBe('STORED')
    expect(server.uploads.get('1')?.announced).toMatchObject({
      byteSize: null,
      recordedLive: true,
      sha256: null,
    })
    expect(await text(server.media.get('media-1'))).toBe('one two three')
  })

  it('of a recording for which there is no room asks again with its size when it is over', async () => {
    const server = newFile()
    server.refusals.push({ __typename: 'QuotaExceeded', code: 'QUOTA_EXCEEDED', message: '' })
    const recording = createGrowingRecording('video/webm', 1)
    const running = run(server, newRecord({ size: null, file: null, recordingId: 'r' }), recording)
    recording.add(new Blob(['one two']))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(server.uploads.size).toBe(0)
    recording.end()
    const { record, states } = await running
    expect(record).toMatchObject({ state: 'STORED', size: 7, failure: null })
    expect(states).not.toContain('FAILED')
    expect(server.uploads.get('1')?.announced).toMatchObject({ byteSize: 7, recordedLive: false })
  })

  it('of a recording for which there is no room stops waiting when it is cancelled', async () => {
    const server = newFile()
    server.refusals.push({ __typename: 'QuotaExceeded', code: 'QUOTA_EXCEEDED', message: '' })
    const stop = new AbortController()
    const recording = createGrowingRecording('video/webm', 1)
    const running = run(
      server,
      newRecord({ size: null, file: null, recordingId: 'r' }),
      recording,
      stop.signal,
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    expect((await running).record.state).toBe('WAITING')
  })

  it('stores exactly the bytes of the file, whatever happens on the way', async () => {
    const fate = fc.constantFrom<Fate>('OK', 'NO_ANSWER', 'LOST_ANSWER', 'CUT', 'KEY_EXPIRES')
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 20 }), async (fates) => {
        const server = newFile()
        server.fates.push(...fates)
        const { record } = await run(server)
        expect(record.state).toBe('STORED')
        expect(await text(server.media.get(record.mediaId ?? ''))).toBe(await FILE.text())
        expect(server.media.size).toBe(1)
      }),
      { numRuns: 60 },
    )
  })
})
