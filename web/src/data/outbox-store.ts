/** A mutation that the server has not answered yet. */
export type Letter = {
  id: string
  document: string
  variables: Record<string, unknown>
  /** What the user has written it from, to go on with if it is not sent. Those of earlier versions have none. */
  draft?: unknown
  /** Whether it has left this device. If its answer was lost, the server may have done it. Noted for posts only. */
  wasSent?: boolean
}

const STORE = 'letters'

/** The name of the database with the letters of a user. */
export const outboxName = (userId: string): string => `moblog-outbox-${userId}`

function openDatabase(userId: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(outboxName(userId), 1)
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: 'number', autoIncrement: true })
      store.createIndex('id', 'id', { unique: true })
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** The outbox of one user in the browser's database, in the order in which the mutations were made. */
export type OutboxStore = {
  add(letter: Letter): Promise<void>
  remove(id: string): Promise<void>
  /** Notes that a letter of `all` is being sent. */
  noteSent(letter: Letter): Promise<void>
  all(): Promise<Letter[]>
}

/** Opens the outbox of a user. */
export function openOutboxStore(userId: string): OutboxStore {
  let opened = openDatabase(userId)
  const run = async <Result>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<Result>,
  ) => {
    const begin = async () => (await opened).transaction(STORE, mode, { durability: 'strict' })
    // Browsers close databases of windows in the background, and do not always tell.
    const transaction = await begin().catch(() => {
      opened = openDatabase(userId)
      return begin()
    })
    const request = act(transaction.objectStore(STORE))
    return new Promise<Result>((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  }
  return {
    add: async (letter) => void (await run('readwrite', (store) => store.add(letter))),
    async remove(id) {
      const number = await run('readonly', (store) => store.index('id').getKey(id))
      if (number !== undefined) await run('readwrite', (store) => store.delete(number))
    },
    // It has the key of its place in the order.
    noteSent: async (letter) =>
      void (await run('readwrite', (store) => store.put({ ...letter, wasSent: true }))),
    all: () => run('readonly', (store) => store.getAll() as IDBRequest<Letter[]>),
  }
}
