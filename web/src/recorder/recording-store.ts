import { browserDatabase } from '../browser-database.ts'
import { readSession } from '../data/session-store.ts'
import { createGrowingRecording, type GrowingRecording } from './growing-recording.ts'
import type { RecordingKind } from './recording-type.ts'

/** A recording as it is kept on this device. */
export type StoredRecording = {
  id: string
  /** The user who made it. */
  ownerId: string
  kind: RecordingKind
  mimeType: string
  startedAt: number
  /** How long it is, in seconds; grows while it is recorded. */
  seconds: number
  /** Whether the user or the time limit has ended it. One that was interrupted is offered again. */
  isFinished: boolean
}

const database = browserDatabase({
  name: 'moblog-recordings',
  version: 1,
  stores: { recordings: 'id', chunks: null },
})

const chunksOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER])

/** Keeps a recording, or what has changed about it. */
export function keepRecording(recording: StoredRecording): Promise<void> {
  return database.put('recordings', recording)
}

/** Keeps the next part of a recording. A crash then loses only what came after it. */
export function keepChunk(id: string, index: number, chunk: Blob): Promise<void> {
  return database.put('chunks', chunk, [id, index])
}

export async function forgetRecording(id: string): Promise<void> {
  await database.remove('recordings', id)
  await database.remove('chunks', chunksOf(id))
}

/** Forgets the recordings of a user, and those of earlier versions of the client, which had no owner. */
export async function forgetRecordingsOf(userId: string): Promise<void> {
  for (const { id, ownerId } of await database.all<Partial<StoredRecording> & { id: string }>('recordings')) {
    if (ownerId === undefined || ownerId === userId) await forgetRecording(id)
  }
}

/** Returns what is kept of a recording of the signed-in user; null if there is nothing. */
export async function openRecording(id: string): Promise<GrowingRecording | null> {
  const recording = await database.get<StoredRecording>('recordings', id)
  const chunks = await database.all<Blob>('chunks', chunksOf(id))
  if (recording?.ownerId !== readSession()?.userId) return null
  if (!recording || chunks.length === 0) return null
  const growing = createGrowingRecording(recording.mimeType)
  for (const chunk of chunks) growing.add(chunk)
  growing.end()
  return growing
}

/** Returns the user's recordings that ended with a crash or a closed page, newest first, but none that another window makes now. */
export async function interruptedRecordings(): Promise<StoredRecording[]> {
  const userId = readSession()?.userId
  const all = await database.all<StoredRecording>('recordings')
  const held = await navigator.locks?.query().then(({ held = [] }) => new Set(held.map(({ name }) => name)))
  return all
    .filter(({ id, ownerId, isFinished }) => ownerId === userId && !isFinished && !held?.has(lockName(id)))
    .sort((one, other) => other.startedAt - one.startedAt)
}

/** Marks a recording as being made by this window until the promise settles. */
export function whileRecording(id: string, ended: Promise<unknown>): void {
  void navigator.locks?.request(lockName(id), () => ended.catch(() => {}))
}

const lockName = (id: string) => `moblog-recording-${id}`
