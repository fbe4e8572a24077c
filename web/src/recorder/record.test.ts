import { jest } from '@jest/globals'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { record } from './record.ts'
import { createRecordingStore, type StoredRecording } from './recording-store.ts'

const { indexedDB, IDBKeyRange } = memoryIndexedDb()

/** A recorder of a browser. Tests decide what happens to it. */
class FakeRecorder extends EventTarget {
  static isTypeSupported = () => true
  static last: FakeRecorder
  static refusal: Error | null = null
  state = 'inactive'
  readonly mimeType = 'audio/webm'

  constructor() {
    super()
    FakeRecorder.last = this
  }

  start(): void {
    if (FakeRecorder.refusal) throw FakeRecorder.refusal
    this.state = 'recording'
  }

  give(text: string): void {
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }))
  }

  stop(): void {
    this.state = 'inactive'
    this.dispatchEvent(new Event('stop'))
  }
}

Object.assign(globalThis, {
  indexedDB,
  IDBKeyRange,
  MediaRecorder: FakeRecorder,
  document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
})
const stream = { getTracks: () => [] } as unknown as MediaStream

let names = 0

/** A store that counts what it marks as being recorded. */
function openStore() {
  names += 1
  const store = createRecordingStore(`recordings-${names}`, 'mei')
  const kept: StoredRecording[] = []
  const held = new Set<string>()
  return {
    ...store,
    kept,
    held,
    keep: async (recording: StoredRecording) => {
      kept.push(recording)
      await store.keep(recording)
    },
    whileRecording(id: string, ended: Promise<unknown>) {
      held.add(id)
      void ended.then(() => held.delete(id))
    },
  }
}

afterEach(() => {
  FakeRecorder.refusal = null
})

describe('a recording', () => {
  it('keeps nothing and holds no lock if the browser cannot start it', async () => {
    const store = openStore()
    FakeRecorder.refusal = new DOMException('all tracks have ended', 'NotSupportedError')
    expect(() => record('audio', stream, 60, store)).toThrow('all tracks have ended')
    await new Promise(setImmediate)
    expect([store.kept, store.held.size]).toEqual([[], 0])
  })

  it('is kept from its first byte on, and not before', async () => {
    const store = openStore()
    const recording = record('audio', stream, 60, store)
    expect([...store.held]).toEqual([recording.id])
    await new Promise(setImmediate)
    expect(store.kept).toEqual([])
    FakeRecorder.last.give('sound')
    FakeRecorder.last.stop()
    expect((await recording.ended).why).toBe('INTERRUPTED')
    expect(await store.ended()).toMatchObject([{ id: recording.id, isFinished: true }])
    expect(store.held.size).toBe(0)
  })

  it('leaves nothing if it ends before its first byte', async () => {
    const store = openStore()
    const recording = record('audio', stream, 60, store)
    recording.stop()
    expect((await recording.ended).why).toBe('CONFIRMED')
    expect([store.kept, await store.ended(), store.held.size]).toEqual([[], [], 0])
  })

  it('keeps the screen on while it goes on', async () => {
    const release = jest.fn(async () => {})
    const request = jest.fn(async () => ({ release }))
    Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true })
    const recording = record('audio', stream, 60, null)
    await new Promise(setImmediate)
    expect([request.mock.calls, release.mock.calls]).toEqual([[['screen']], []])
    recording.stop()
    await recording.ended
    await new Promise(setImmediate)
    expect(release).toHaveBeenCalledTimes(1)
  })

  it('is offered again only if there is something of it', async () => {
    const store = openStore()
    const base = {
      kind: 'audio',
      mimeType: 'audio/webm',
      startedAt: 1,
      seconds: 0,
      isFinished: false,
    } as const
    await store.keep({ ...base, id: 'empty' })
    await store.keep({ ...base, id: 'short' })
    await store.keepChunk('short', 0, new Blob(['sound']))
    expect((await store.interrupted()).map(({ id }) => id)).toEqual(['short'])
  })
})
