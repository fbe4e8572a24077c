import { jest } from '@jest/globals'
import { eventually } from '../../../testing/eventually.ts'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { emptyDraft } from '../composer/draft.ts'
import { keepDraft } from '../composer/draft-store.ts'
import { appRecordings } from '../uploads/app-recordings.ts'
import { writeSession } from './session-store.ts'

const { indexedDB, IDBKeyRange } = memoryIndexedDb()
Object.assign(globalThis, { indexedDB, IDBKeyRange, document: new EventTarget() })
globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

const persist = jest.fn(async () => true)
const storage = { persist, persisted: async () => false }
Object.defineProperty(navigator, 'storage', { value: storage, configurable: true })

const recording = {
  id: 'r',
  kind: 'audio',
  mimeType: 'audio/webm',
  startedAt: 1,
  seconds: 1,
  isFinished: false,
} as const

const WAYS: Record<string, () => unknown> = {
  draft: () => keepDraft({ ...emptyDraft('1'), text: 'only here' }),
  recording: () => appRecordings()?.keep(recording),
}

describe('what exists only on this device', () => {
  it.each(Object.keys(WAYS))('is protected after a %s was kept', async (name) => {
    persist.mockClear()
    const userId = `user with a ${name}`
    const rest = { handle: 'h', displayName: 'd', accessToken: 'a', refreshToken: 'r' }
    writeSession({ ...rest, userId, expiresAt: new Date().toISOString() })
    await new Promise(setImmediate)
    expect(persist).not.toHaveBeenCalled()
    await WAYS[name]?.()
    await eventually(async () => persist.mock.calls.length === 1)
  })
})
