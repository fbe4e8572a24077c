/**
 * The parts of IndexedDB that this client uses, in memory: stores of values with a key path, with generated keys or with
 * keys outside of the values. Keys of several parts are compared as JSON, which is enough for the ranges of one recording.
 */
export function memoryIndexedDb(): { indexedDB: IDBFactory; IDBKeyRange: unknown; names(): string[] } {
  const databases = new Map<string, Map<string, MemoryStore>>()

  function open(name: string): IDBOpenDBRequest {
    const known = databases.get(name)
    const stores = known ?? new Map<string, MemoryStore>()
    const request: Record<string, unknown> = { result: databaseOf(stores), error: null, transaction: null }
    let isAborted = false
    queueMicrotask(() => {
      if (!known) {
        request.transaction = {
          abort() {
            isAborted = true
          },
        }
        call(request.onupgradeneeded)
      }
      if (!isAborted) databases.set(name, stores)
      call(isAborted ? request.onerror : request.onsuccess)
    })
    return request as unknown as IDBOpenDBRequest
  }

  return {
    indexedDB: { open } as unknown as IDBFactory,
    IDBKeyRange: { bound: (lower: unknown, upper: unknown) => ({ lower, upper }) },
    names: () => [...databases.keys()],
  }
}

type MemoryStore = { keyPath: string | null; rows: Map<string, unknown> }
type Range = { lower: [string, number]; upper: [string, number] }

function databaseOf(stores: Map<string, MemoryStore>) {
  return {
    get objectStoreNames() {
      return Object.assign([...stores.keys()], { contains: (name: string) => stores.has(name) })
    },
    createObjectStore(name: string, { keyPath = null }: { keyPath?: string | null } = {}) {
      stores.set(name, { keyPath, rows: new Map() })
      return { createIndex() {} }
    },
    transaction() {
      const transaction: Record<string, unknown> = { error: null }
      // After all of its requests.
      setImmediate(() => call(transaction.oncomplete))
      transaction.objectStore = (name: string) => storeOf(stores.get(name))
      return transaction
    },
    close() {},
  }
}

function storeOf(store: MemoryStore | undefined) {
  if (!store) throw new Error('there is no such store')
  const { keyPath, rows } = store
  const chosen = (key: unknown): string[] =>
    isRange(key) ? [...rows.keys()].filter((each) => isInside(JSON.parse(each), key)) : [JSON.stringify(key)]
  const done = <Result>(result: Result) => {
    const request: Record<string, unknown> = { result, error: null }
    queueMicrotask(() => call(request.onsuccess))
    return request
  }
  return {
    get: (key: unknown) => done(rows.get(JSON.stringify(key))),
    getAllKeys: () => done([...rows.keys()].map((key): unknown => JSON.parse(key))),
    getAll: (range?: unknown) =>
      done(range === undefined ? [...rows.values()] : chosen(range).map((key) => rows.get(key))),
    put(value: Record<string, unknown>, key?: unknown) {
      rows.set(JSON.stringify(keyPath === null ? key : value[keyPath]), value)
      return done(undefined)
    },
    add(value: Record<string, unknown>) {
      rows.set(String(rows.size + 1), value)
      return done(undefined)
    },
    delete(key: unknown) {
      for (const each of chosen(key)) rows.delete(each)
      return done(undefined)
    },
    clear() {
      rows.clear()
      return done(undefined)
    },
  }
}

const isRange = (key: unknown): key is Range => typeof key === 'object' && key !== null && 'lower' in key

function isInside(key: unknown, { lower, upper }: Range): boolean {
  if (!Array.isArray(key)) return false
  return key[0] === lower[0] && key[1] >= lower[1] && key[1] <= upper[1]
}

function call(listener: unknown): void {
  if (typeof listener === 'function') listener()
}
