import { ConfigError } from '../../platform/config.ts'
import { RefusedRequest } from '../../platform/http/refused-request.ts'
import type { Log } from '../../platform/log.ts'
import { type DocumentList, loadDocuments, stateOfDocuments } from './load-documents.ts'

/** The list of operations that clients may send. */
export type TrustedDocuments = {
  /**
   * Returns the request with the text of its operation, which it may name by its id. A request without an operation
   * stays as it is.
   *
   * @param payload the parsed body of a request, or the operation of a streaming protocol
   * @throws RefusedRequest 400 if the operation is not in the list, or if there is no list to find its id in
   */
  admit<Payload>(payload: Payload): Payload
  close(): void
}

const LOOK_EVERY_MS = 1_000
const WARN_AFTER_LOOKS = 30

/**
 * Reads the list from a manifest, or from all manifests of a folder, and again when they change. If the new content
 * cannot be used, the previous list remains in use.
 *
 * @throws ConfigError if the list cannot be read at start
 */
export async function openTrustedDocuments(location: string, log: Log): Promise<TrustedDocuments> {
  let state = await stateOfDocuments(location).catch(() => '')
  let current = await loadDocuments(location).catch((error) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`The configuration can't be used:\n  GATEWAY_OPERATIONS: ${reason}`)
  })
  log.info({ operations: current.byId.size }, 'only trusted operations are accepted')
  const reload = async () => {
    try {
      current = await loadDocuments(location)
      log.info({ operations: current.byId.size }, 'trusted operations reloaded')
    } catch (error) {
      log.error({ err: error }, 'reloading trusted operations failed; the previous operations remain in use')
    }
  }
  // Deployments replace files, folders and symbolic links to them, which a watcher of the file system does not follow.
  const look = async () => {
    const found = await stateOfDocuments(location).catch(() => '')
    if (found === state) return
    state = found
    await reload()
  }
  // How often the timer has found the last look still waiting, for example for a network file system.
  let waited: number | null = null
  const timer = setInterval(() => {
    if (waited === null) {
      waited = 0
      void look().finally(() => {
        waited = null
      })
    } else if (++waited === WARN_AFTER_LOOKS) {
      log.error(
        'the file system of the trusted operations does not answer; the previous operations remain in use',
      )
    }
  }, LOOK_EVERY_MS).unref()
  return {
    admit: (payload) => admitTo(current, payload),
    close: () => clearInterval(timer),
  }
}

/** Accepts all operations, for a gateway without a list. It knows none by its document id. */
export const anyDocument: TrustedDocuments = {
  admit(payload) {
    const { query, documentId, extensions } = recordOf(payload)
    if (documentId === undefined || query || recordOf(extensions).persistedQuery !== undefined) return payload
    throw new RefusedRequest(
      400,
      'PERSISTED_QUERY_NOT_SUPPORTED',
      'This gateway has no list of registered operations, so it knows none by its documentId. Send the text of the operation as "query", or its SHA-256 as extensions.persistedQuery.',
    )
  },
  close() {},
}

function admitTo<Payload>(list: DocumentList, payload: Payload): Payload {
  if (typeof payload !== 'object' || payload === null) return payload
  const { query, documentId, extensions, ...rest } = payload as Record<string, unknown>
  const { persistedQuery, ...further } = recordOf(extensions)
  if (typeof query === 'string' && query !== '') {
    if (list.texts.has(query)) return { ...rest, query, extensions: further } as Payload
    throw notInList('The operation')
  }
  const id = documentId ?? recordOf(persistedQuery).sha256Hash
  if (id === undefined && persistedQuery === undefined) return payload
  const text = typeof id === 'string' ? list.byId.get(id) : undefined
  if (text === undefined) throw notInList('The operation with this id')
  return { ...rest, query: text, extensions: further } as Payload
}

// In a GET request, the extensions are JSON.
function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  if (typeof value !== 'string') return {}
  try {
    return recordOf(JSON.parse(value))
  } catch {
    return {}
  }
}

function notInList(what: string): RefusedRequest {
  return new RefusedRequest(
    400,
    // Apollo Router's code for an unknown id.
    'PERSISTED_QUERY_NOT_IN_LIST',
    `${what} is not in the list of trusted operations. Send the id or the exact text of an operation that was registered for this client.`,
    // The list can change at any time.
    { 'cache-control': 'no-store' },
  )
}
