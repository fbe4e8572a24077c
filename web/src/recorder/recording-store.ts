import { browserDatabase } from '../browser-database.ts'
import { createGrowingRecording, type GrowingRecording } from './growing-recording.ts'
import type { RecordingKind } from './recording-type.ts'

/** A recording as it is kept on this device. */
export type StoredRecording = {
  id: string
  kind: RecordingKind
  mimeType: string
  startedAt: number
  /** How long it is, in seconds; grows while it is recorded. */
  seconds: number
  /** Whether the user or the time limit has ended it. One that was interrupted is offered again. */
  isFinished: boolean
}

/** The recordings of one owner on this device. Their host decides whose they are, and whether there is a store at all. */
export type RecordingStore = {
  /** Keeps a recording, or what has changed about it. */
  keep(recording: StoredRecording): Promise<void>
  /** Keeps the next part of a recording. A crash then loses only what came after it. */
  keepChunk(id: string, index: number, chunk: Blob): Promise<void>
  forget(id: string): Promise<void>
  /** Returns what is kept of a recording; null if there is nothing. */
  open(id: string): Promise<GrowingRecording | null>
  /**
   * Returns those to offer to the user: they ended with a crash or a closed page, no other window makes them now, and there
   * is something of them.
   */
  interrupted(): Promise<StoredRecording[]>
  /** Marks a recording as being made by this window until the promise settles. */
  whileRecording(id: string, ended: Promise<unknown>): void
}

type Row = StoredRecording & { ownerId: string }

/** Opens the recordings of an owner in a database of this origin. */
export function createRecordingStore(
  name: string,
  ownerId: string,
): RecordingStore & {
  /** Returns all that no window makes now and of which there is something, newest first. */
  ended(): Promise<StoredRecording[]>
} {
  const database = openDatabase(name)
  const lockName = (id: string) => `${name}-${id}`
  async function ended(): Promise<StoredRecording[]> {
    const all = await database.all<Row>('recordings')
    const held = await navigator.locks
      ?.query()
      .then(({ held = [] }) => new Set(held.map((lock) => lock.name)))
    const mine = all
      .filter((row) => row.ownerId === ownerId && !held?.has(lockName(row.id)))
      .sort((one, other) => other.startedAt - one.startedAt)
    // Of some there is nothing: storage was full, or the browser crashed before the first part.
    const chunks = await Promise.all(mine.map(({ id }) => database.all('chunks', chunksOf(id))))
    return mine.filter((_, index) => chunks[index]?.length)
  }
  return {
    keep: (recording) => database.put('recordings', { ...recording, ownerId } satisfies Row),
    keepChunk: (id, index, chunk) => database.put('chunks', chunk, [id, index]),
    forget: (id) => forget(database, id),
    async open(id) {
      const row = await database.get<Row>('recordings', id)
      const chunks = await database.all<Blob>('chunks', chunksOf(id))
      if (row?.ownerId !== ownerId || chunks.length === 0) return null
      const growing = createGrowingRecording(row.mimeType)
      for (const chunk of chunks) growing.add(chunk)
      growing.end()
      return growing
    },
    interrupted: async () => (await ended()).filter(({ isFinished }) => !isFinished),
    ended,
    whileRecording(id, ended) {
      void navigator.locks?.request(lockName(id), () => ended.catch(() => {}))
    },
  }
}

/** Forgets the recordings of an owner, and those of earlier versions, which had no owner. */
export async function forgetRecordingsOf(name: string, ownerId: string): Promise<void> {
  const database = openDatabase(name)
  for (const row of await database.all<Partial<Row> & { id: string }>('recordings')) {
    if (row.ownerId === undefined || row.ownerId === ownerId) await forget(database, row.id)
  }
}

// A recorder opens its store whenever its owner changes, and a database needs only one connection.
const databases = new Map<string, ReturnType<typeof browserDatabase>>()

function openDatabase(name: string) {
  const opened =
    databases.get(name) ?? browserDatabase({ name, version: 1, stores: { recordings: 'id', chunks: null } })
  databases.set(name, opened)
  return opened
}

async function forget(database: ReturnType<typeof browserDatabase>, id: string): Promise<void> {
  await database.remove('recordings', id)
  await database.remove('chunks', chunksOf(id))
}

const chunksOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER])
