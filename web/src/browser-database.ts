/** An IndexedDB database of this client, with promises instead of events. */
export type BrowserDatabase = {
  get<Value>(store: string, key: IDBValidKey): Promise<Value | undefined>
  all<Value>(store: string, range?: IDBKeyRange): Promise<Value[]>
  put(store: string, value: unknown, key?: IDBValidKey): Promise<void>
  remove(store: string, key: IDBValidKey | IDBKeyRange): Promise<void>
}

/** What opens a database: its name, and its stores with their key paths; null for keys outside of the values. */
export type DatabasePlan = { name: string; version: number; stores: Record<string, string | null> }

/** Returns a database that is opened when it is first used, and again after the browser has lost it. */
export function browserDatabase(plan: DatabasePlan): BrowserDatabase {
  let opened: Promise<IDBDatabase> | null = null
  const open = () => {
    opened ??= openDatabase(plan, () => {
      opened = null
    }).catch((error) => {
      opened = null
      throw error
    })
    return opened
  }
  const run = async <Value>(
    store: string,
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> => {
    const begin = async () => (await open()).transaction(store, mode)
    // Browsers close databases of windows in the background, and do not always tell.
    const transaction = await begin().catch(() => {
      opened = null
      return begin()
    })
    const request = work(transaction.objectStore(store))
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? request.error)
    })
    return request.result
  }
  return {
    get: (store, key) => run(store, 'readonly', (each) => each.get(key)),
    all: (store, range) => run(store, 'readonly', (each) => each.getAll(range)),
    async put(store, value, key) {
      await run(store, 'readwrite', (each) => each.put(value, key))
    },
    async remove(store, key) {
      await run(store, 'readwrite', (each) => each.delete(key))
    },
  }
}

/** Empties a database, also while other windows have it open. Does nothing if there is none. */
export async function emptyDatabase(name: string): Promise<void> {
  const database = await existingDatabase(name)
  if (!database) return
  const stores = [...database.objectStoreNames]
  if (stores.length > 0) {
    const transaction = database.transaction(stores, 'readwrite')
    for (const store of stores) transaction.objectStore(store).clear()
    await completion(transaction)
  }
  database.close()
}

/**
 * Rewrites the rows of a store in one transaction. Does nothing if there is no such database.
 *
 * @param rewrite gets the rows in the order of their keys, and returns as many; only those that are other objects are written
 */
export async function rewriteRows<Row>(
  name: string,
  store: string,
  rewrite: (rows: readonly Row[]) => readonly Row[],
): Promise<void> {
  const database = await existingDatabase(name)
  if (!database) return
  try {
    const transaction = database.transaction(store, 'readwrite')
    const rows = transaction.objectStore(store)
    const keys = rows.getAllKeys()
    const values: IDBRequest<Row[]> = rows.getAll()
    values.onsuccess = () => {
      for (const [index, row] of rewrite(values.result).entries()) {
        const key = keys.result[index]
        if (key !== undefined && row !== values.result[index]) rows.put(row, key)
      }
    }
    await completion(transaction)
  } finally {
    database.close()
  }
}

/** Reads the rows of a store of a database that other code has created; none if there is no such database. */
export async function readRows<Row>(name: string, store: string): Promise<readonly Row[]> {
  let rows: readonly Row[] = []
  await rewriteRows<Row>(name, store, (found) => {
    rows = found
    return found
  })
  return rows
}

function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

function existingDatabase(name: string): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    let isNew = false
    request.onupgradeneeded = () => {
      isNew = true
      request.transaction?.abort()
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => (isNew ? resolve(null) : reject(request.error))
  })
}

function openDatabase({ name, version, stores }: DatabasePlan, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(stores)) {
        if (!request.result.objectStoreNames.contains(store))
          request.result.createObjectStore(store, { keyPath })
      }
    }
    request.onsuccess = () => {
      // A newer version of the client wants to change the database.
      request.result.onversionchange = () => {
        request.result.close()
        onClosed()
      }
      request.result.onclose = onClosed
      resolve(request.result)
    }
    request.onerror = () => reject(request.error)
  })
}
