import { type ByteSource, canBeRead, fileSource } from './byte-source.ts'
import { createRateMeter, type RateMeter } from './rate-meter.ts'
import { type RunDeps, runUpload } from './run-upload.ts'
import { createTurns } from './turns.ts'
import type { UploadFailure } from './upload-failure.ts'
import { isUnfinished, type UploadRecord, type UploadState } from './upload-record.ts'
import type { UploadStore } from './upload-store.ts'
import { withdrawUpload } from './withdraw-upload.ts'

/** An upload as a screen shows it. */
export type Upload = {
  readonly id: string
  readonly name: string
  readonly mimeType: string
  readonly state: UploadState
  /** The share of the bytes that have been sent, 0 to 1; null as long as the size is not known. */
  readonly progress: number | null
  readonly sentBytes: number
  readonly totalBytes: number | null
  readonly bytesPerSecond: number | null
  readonly secondsLeft: number | null
  /** The id of the stored media, which can be posted; null until it is stored. */
  readonly mediaId: string | null
  /** Whether the user had stored the same bytes before, so that the media belong to something else as well. */
  readonly isStoredBefore: boolean
  readonly failure: UploadFailure | null
  /** Whether the upload continues after a reload. Without it, the user is asked to keep the page open. */
  readonly isKept: boolean
  /** The file, to show it before it is stored; null for a recording. */
  readonly file: Blob | null
  readonly recordingId: string | null
  /** Whether it becomes the user's profile picture when it is stored. */
  readonly isAvatar: boolean
}

/** What to upload: a file, or a recording that goes on. */
export type Addition =
  | { file: Blob; name: string; title?: string | null; isAvatar?: boolean }
  | { recordingId: string; name: string; mimeType: string; source: ByteSource; title?: string | null }

/** What is known about a file besides its bytes. */
export type AddOptions = { name?: string; title?: string | null; isAvatar?: boolean }

/** The uploads of the signed-in user on this device. Changes of any upload are told as the event `change`. */
export type Uploads = EventTarget & {
  /** Whether the uploads that were unfinished when the page was closed are in the list. */
  readonly isLoaded: boolean
  readonly list: readonly Upload[]
  get(id: string): Upload | null
  add(file: Blob, options?: AddOptions): Upload
  /** Uploads a recording while it is being made. */
  addRecording(recording: Extract<Addition, { recordingId: string }>): Upload
  pause(id: string): void
  /** Continues after a pause, and tries again after a failure. */
  resume(id: string): void
  /** Gives the file again of which this device has no copy that can be read. Returns false if it is another file. */
  giveFile(id: string, file: Blob): boolean
  /**
   * Withdraws an upload: nothing of it stays stored, neither here nor at the server. This is repeated, also after a reload,
   * until the server confirms it. Resolves when it does, or when the user is signed out.
   */
  cancel(id: string): Promise<void>
  /** Deletes the media of an upload that is no longer in the list, with the same certainty. */
  withdrawMedia(mediaId: string): Promise<void>
  /** Withdraws an upload that the user has cancelled in another window. */
  withdrawnElsewhere(id: string): void
  /** Forgets a finished upload. The stored media stays. */
  dismiss(id: string): void
  /** Resolves to whether this device has a copy of the upload and its file, so that it continues after a reload. */
  whenKept(id: string): Promise<boolean>
  /** Resolves when the upload is stored, has failed or is cancelled. */
  whenFinished(id: string): Promise<Upload | null>
  /** Asks for the results of uploads that are being verified, because a notification has arrived. */
  nudge(): void
  /** Continues the uploads that were unfinished when the page was closed. */
  start(ownerId: string): Promise<void>
  /** Stops everything, for example when the user signs out. */
  stop(): void
}

export type UploadsDeps = Omit<RunDeps, 'openSource' | 'pause'> & {
  store: UploadStore
  /** The bytes of a recording that was interrupted; null if they are gone. */
  openRecording(recordingId: string): Promise<ByteSource | null>
  /** Runs work in one window of the browser only. `hasWaited` says that another window has worked on it before. */
  alone(id: string, work: (hasWaited: boolean) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Tells the other windows of the browser that the user has withdrawn an upload. */
  tellWindows(id: string): void
  now(): number
  newId(): string
}

/** How many uploads run at a time, and how many may be in the list. */
export const AT_A_TIME = 2
export const MOST_UPLOADS = 50

type Entry = {
  record: UploadRecord
  meter: RateMeter
  isKept: boolean
  keeping: Promise<boolean>
  running: AbortController | null
  /** Settles when nothing is done for it any more, also after it was stopped. */
  work: Promise<void>
  live: ByteSource | null
}

export function createUploads(deps: UploadsDeps): Uploads {
  const events = new EventTarget()
  const entries = new Map<string, Entry>()
  const turns = createTurns(AT_A_TIME)
  const wakers = new Set<() => void>()
  /** Ends the work on withdrawn uploads. */
  let signedOut = new AbortController()
  let ownerId = ''
  let isLoaded = false

  const changed = (id: string) => events.dispatchEvent(new CustomEvent('change', { detail: { id } }))

  function view({ record, meter, isKept }: Entry): Upload {
    const {
      id,
      name,
      mimeType,
      state,
      sentBytes,
      size,
      mediaId,
      isStoredBefore,
      failure,
      file,
      recordingId,
    } = record
    const isSending = state === 'SENDING'
    return {
      id,
      name,
      mimeType,
      state,
      progress: state === 'STORED' ? 1 : size === null ? null : Math.min(1, sentBytes / Math.max(1, size)),
      sentBytes,
      totalBytes: size,
      bytesPerSecond: isSending ? meter.bytesPerSecond : null,
      secondsLeft: isSending ? meter.secondsLeft(sentBytes, size) : null,
      mediaId,
      isStoredBefore,
      failure,
      isKept,
      file,
      recordingId,
      isAvatar: record.isAvatar ?? false,
    }
  }

  function change(entry: Entry, changes: Partial<UploadRecord>): void {
    const before = entry.record
    // A handshake that was under way when the user withdrew the upload, or when the page was left.
    if (entries.get(before.id) !== entry) {
      entry.record = { ...before, ...changes, state: before.state }
      return
    }
    entry.record = { ...before, ...changes }
    const { record, meter } = entry
    if (changes.sentBytes !== undefined) meter.add(record.sentBytes, deps.now())
    if (record.state !== 'SENDING') meter.reset()
    // It is over, and may be begun again at once.
    if (record.state === 'FAILED') entry.running = null
    // Progress alone is not worth a write: the server knows it.
    const isWorthKeeping = Object.keys(changes).some((key) => key !== 'sentBytes') && !same(before, record)
    if (isWorthKeeping) keep(entry)
    changed(record.id)
  }

  function keep(entry: Entry): void {
    entry.keeping = deps.store
      .put(entry.record)
      .catch(() => false)
      .then((isKept) => {
        if (entry.isKept !== isKept) {
          entry.isKept = isKept
          changed(entry.record.id)
        }
        return isKept
      })
  }

  function newEntry(record: UploadRecord, live: ByteSource | null = null): Entry {
    return {
      record,
      meter: createRateMeter(),
      isKept: true,
      keeping: Promise.resolve(true),
      running: null,
      work: Promise.resolve(),
      live,
    }
  }

  function insert(record: UploadRecord, live: ByteSource | null = null): Entry {
    const entry = newEntry(record, live)
    entries.set(record.id, entry)
    changed(record.id)
    return entry
  }

  function run(entry: Entry): void {
    if (entry.running || !isUnfinished(entry.record)) return
    const running = new AbortController()
    entry.running = running
    const { id } = entry.record
    const work = async (hasWaited: boolean) => {
      if (hasWaited && !(await isStillUnfinished(entry))) return
      const giveBack = await turns.take(running.signal)
      try {
        const runDeps = { ...deps, openSource: () => openSource(entry), pause }
        await runUpload(
          runDeps,
          () => entry.record,
          (changes) => {
            if (!running.signal.aborted) return change(entry, changes)
            // It was stopped meanwhile. What the server has opened is not forgotten, but nothing else is new.
            const { uploadId, isStoredBefore = false } = changes
            if (uploadId) change(entry, { uploadId, isStoredBefore })
          },
          running.signal,
        )
      } finally {
        giveBack()
      }
    }
    entry.work = deps
      .alone(id, work, running.signal)
      .catch(() => {})
      .finally(() => {
        if (entry.running === running) entry.running = null
      })
  }

  /** Reads what another window has done. */
  async function isStillUnfinished(entry: Entry): Promise<boolean> {
    const record = await deps.store.get(entry.record.id)
    if (record && record.state !== 'CANCELLED') entry.record = record
    else entries.delete(entry.record.id)
    changed(entry.record.id)
    return record !== null && isUnfinished(record)
  }

  /** Opens the bytes that can be read: those that the user has given, else the copy that this device keeps. */
  async function openSource(entry: Entry): Promise<ByteSource | null> {
    const { id, recordingId, file } = entry.record
    const given = entry.live ?? (file && fileSource(file))
    if (given && (given.size === null || (await canBeRead(given, 0)))) return given
    const copy = recordingId === null ? await openCopy(id) : null
    const source = recordingId === null ? copy && fileSource(copy) : await deps.openRecording(recordingId)
    if (!source || !(await canBeRead(source, 0))) return null
    if (copy) {
      // Its picture is shown from the copy too.
      entry.record = { ...entry.record, file: copy }
      changed(id)
    }
    return source
  }

  async function openCopy(id: string): Promise<Blob | null> {
    const record = await deps.store.get(id).catch(() => null)
    return record?.file ?? null
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer)
        wakers.delete(end)
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        clearTimeout(timer)
        wakers.delete(end)
        reject(signal.reason)
      }
      const timer = setTimeout(end, ms)
      wakers.add(end)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function stopRunning(entry: Entry): void {
    entry.running?.abort(new Error('stopped'))
    entry.running = null
  }

  /** Takes an upload out of the list, and withdraws it. */
  async function cancel(entry: Entry): Promise<void> {
    const { id } = entry.record
    stopRunning(entry)
    entries.delete(id)
    entry.record = { ...entry.record, state: 'CANCELLED' }
    changed(id)
    await withdraw(entry)
  }

  async function withdraw(entry: Entry): Promise<void> {
    const { signal } = signedOut
    // Another window may have sent more of it.
    const { uploadId = null, mediaId = null, isStoredBefore } = await readKept(entry)
    const { record } = entry
    entry.record = {
      ...record,
      uploadId: uploadId ?? record.uploadId,
      mediaId: mediaId ?? record.mediaId,
      isStoredBefore: isStoredBefore ?? record.isStoredBefore,
    }
    await keepWithdrawal(entry)
    if (entry.record.uploadId === null && entry.record.mediaId === null) {
      // The handshake may be under way.
      await entry.work
      if (entry.record.uploadId !== null) await keepWithdrawal(entry)
    }
    const isDone = await withdrawUpload({ ...deps, pause }, entry.record, signal)
    if (isDone) await deps.store.remove(record.id).catch(() => {})
  }

  function readKept({ record }: Entry): Promise<Partial<UploadRecord>> {
    return deps.store
      .get(record.id)
      .then((kept) => kept ?? {})
      .catch(() => ({}))
  }

  /** Keeps no more than what the server is asked about. */
  async function keepWithdrawal({ record }: Entry): Promise<void> {
    await deps.store.put({ ...record, name: '', title: null, file: null }).catch(() => false)
  }

  function newRecord(addition: Addition): UploadRecord {
    if ([...entries.values()].filter(({ record }) => isUnfinished(record)).length >= MOST_UPLOADS)
      throw new RangeError(`There are already ${MOST_UPLOADS} uploads.`)
    const isFile = 'file' in addition
    return {
      ...emptyRecord(),
      name: addition.name,
      mimeType: isFile ? addition.file.type || 'application/octet-stream' : addition.mimeType,
      title: addition.title ?? null,
      size: isFile ? addition.file.size : addition.source.size,
      file: isFile ? addition.file : null,
      recordingId: isFile ? null : addition.recordingId,
      isAvatar: isFile && addition.isAvatar === true,
    }
  }

  function emptyRecord(): UploadRecord {
    return {
      id: deps.newId(),
      ownerId,
      name: '',
      mimeType: '',
      title: null,
      size: null,
      file: null,
      recordingId: null,
      addedAt: deps.now(),
      state: 'WAITING',
      uploadId: null,
      sentBytes: 0,
      mediaId: null,
      isStoredBefore: false,
      failure: null,
    }
  }

  function begin(addition: Addition): Upload {
    const entry = insert(newRecord(addition), 'source' in addition ? addition.source : null)
    keep(entry)
    run(entry)
    return view(entry)
  }

  const uploads = {
    get isLoaded() {
      return isLoaded
    },
    get list() {
      return [...entries.values()].map(view)
    },
    get(id: string) {
      const entry = entries.get(id)
      return entry ? view(entry) : null
    },
    add(file: Blob, options: AddOptions = {}) {
      const name = options.name ?? ('name' in file && typeof file.name === 'string' ? file.name : 'file')
      return begin({ ...options, file, name })
    },
    addRecording: begin,
    pause(id: string) {
      const entry = entries.get(id)
      if (!entry || !isUnfinished(entry.record) || entry.record.state === 'VERIFYING') return
      stopRunning(entry)
      change(entry, { state: 'PAUSED' })
    },
    resume(id: string) {
      const entry = entries.get(id)
      if (!entry || entry.running) return
      const { failure, state } = entry.record
      if (state !== 'PAUSED' && state !== 'FAILED') return
      // A file that was rejected is sent again from its beginning.
      const isOver = failure?.kind === 'DAMAGED' || failure?.kind === 'EXPIRED'
      change(entry, { state: 'WAITING', failure: null, ...(isOver && { uploadId: null, sentBytes: 0 }) })
      run(entry)
    },
    giveFile(id: string, file: Blob) {
      const entry = entries.get(id)
      if (!entry) return false
      const { size, mimeType, uploadId } = entry.record
      // As long as nothing of it is at the server, the file may have changed.
      if (file.size !== size && uploadId !== null) return false
      change(entry, {
        file,
        size: file.size,
        mimeType: file.type || mimeType,
        state: 'WAITING',
        failure: null,
      })
      run(entry)
      return true
    },
    async cancel(id: string) {
      const entry = entries.get(id)
      if (!entry) return
      deps.tellWindows(id)
      await cancel(entry)
    },
    async withdrawMedia(mediaId: string) {
      await withdraw(newEntry({ ...emptyRecord(), state: 'CANCELLED', mediaId }))
    },
    withdrawnElsewhere(id: string) {
      const entry = entries.get(id)
      if (entry) void cancel(entry)
    },
    dismiss(id: string) {
      const entry = entries.get(id)
      if (!entry || isUnfinished(entry.record)) return
      entries.delete(id)
      void deps.store.remove(id).catch(() => {})
      changed(id)
    },
    async whenKept(id: string) {
      return (await entries.get(id)?.keeping) ?? false
    },
    whenFinished(id: string) {
      return new Promise<Upload | null>((resolve) => {
        const look = () => {
          const upload = uploads.get(id)
          if (upload && isUnfinished(upload)) return
          events.removeEventListener('change', look)
          resolve(upload)
        }
        events.addEventListener('change', look)
        look()
      })
    },
    nudge() {
      for (const wake of [...wakers]) wake()
    },
    async start(owner: string) {
      if (owner === ownerId) return
      uploads.stop()
      ownerId = owner
      const records = await deps.store.all().catch(() => null)
      // Without the records, uploads that are kept would look lost. The next start reads them again.
      if (owner !== ownerId || !records) return
      for (const record of records.sort((a, b) => a.addedAt - b.addedAt)) {
        if (record.ownerId !== owner || entries.has(record.id)) continue
        if (record.state === 'CANCELLED') {
          void withdraw(newEntry(record))
          continue
        }
        const isSignedOut = record.failure?.kind === 'SIGNED_OUT'
        const state =
          isSignedOut || (isUnfinished(record) && record.state !== 'PAUSED') ? 'WAITING' : record.state
        const entry = insert({ ...record, state, failure: isSignedOut ? null : record.failure })
        if (state === 'WAITING') run(entry)
      }
      isLoaded = true
      changed('')
    },
    stop() {
      isLoaded = false
      signedOut.abort(new Error('stopped'))
      signedOut = new AbortController()
      for (const entry of entries.values()) stopRunning(entry)
      const ids = [...entries.keys()]
      entries.clear()
      ownerId = ''
      for (const id of ids) changed(id)
    },
  }
  return Object.defineProperties(events, Object.getOwnPropertyDescriptors(uploads)) as Uploads
}

function same(before: UploadRecord, after: UploadRecord): boolean {
  const { sentBytes: _before, ...one } = before
  const { sentBytes: _after, ...other } = after
  return Object.values(one).every((value, index) => value === Object.values(other)[index])
}
