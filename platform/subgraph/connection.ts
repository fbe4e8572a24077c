import { Readable } from 'node:stream'
import { type Dispatcher, errors, Pool } from 'undici'
import { VisibleError } from '../errors.ts'
import { signCaller } from '../identity/assertion.ts'
import type { Caller } from '../identity/caller.ts'
import { outgoingHeaders } from '../observability/tracing.ts'
import type { Keyring } from '../tokens/keyring.ts'
import type { GraphqlRequest } from './executor.ts'
import type { MultipartBody } from './multipart-body.ts'
import { receiveWhole } from './receive-whole.ts'
import { hasRefused, StatusError } from './status-error.ts'

/** Connections to one GraphQL endpoint of a service. */
export type Connection = {
  /**
   * Sends a request, with the current request id, and returns the body of the answer.
   *
   * @throws StatusError if the service does not answer with status 200
   */
  post(
    token: string,
    body: object,
    files?: MultipartBody | null,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Buffer>
  close(): Promise<void>
}

/** Where a service is, and how long to wait for it, in milliseconds. */
export type ConnectionOptions = {
  url: string
  /** How long the service may take for an answer. */
  timeoutMs?: number
  /** How long a file may make no progress, and the service may take for its answer once it has the file. */
  fileTimeoutMs?: number
}

/** Opens connections with keep-alive and timeouts to the endpoint at `endpoint` below the service's address. */
export function openConnection(
  { url, timeoutMs = 10_000, fileTimeoutMs = 60_000 }: ConnectionOptions,
  endpoint: string,
): Connection {
  const { origin, pathname } = new URL(url)
  const path = `${pathname.replace(/\/$/, '')}${endpoint}`
  const limits = { connections: 128, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
  const pool = new Pool(origin, limits)
  // Files may be sent slowly, and must not take the connections of everything else.
  const filePool = new Pool(origin, limits)
  return {
    async post(token, body, files = null, headers = {}) {
      // A file takes as long as its sender's network needs.
      using sent = files && followed(files.body, fileTimeoutMs)
      const request: Dispatcher.DispatchOptions = {
        method: 'POST',
        path,
        headers: {
          'content-type': files?.contentType ?? 'application/json',
          authorization: `Bearer ${token}`,
          ...outgoingHeaders(),
          ...headers,
        },
        body: sent?.body ?? JSON.stringify(body),
        ...(sent && { headersTimeout: 0 }),
      }
      const answer = await (sent
        ? receiveWhole(filePool, request, { signal: sent.stalled, waitMs: fileTimeoutMs })
        : receiveWhole(pool, request, { waitMs: timeoutMs }))
      if (answer.status !== 200) throw new StatusError(answer.status)
      return answer.body
    },
    close: async () => void (await Promise.all([pool.close(), filePool.close()])),
  }
}

/** Passes on a body, and tells when its receiver has taken nothing of it, or not answered, for a while. */
function followed(body: Readable, withinMs: number): Disposable & { body: Readable; stalled: AbortSignal } {
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(new errors.HeadersTimeoutError()), withinMs).unref()
  async function* parts() {
    for await (const part of body) {
      timer.refresh()
      yield part
    }
    timer.refresh()
  }
  return {
    body: Readable.from(parts(), { objectMode: false }),
    stalled: stalled.signal,
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

/**
 * Asks, and once more if a query fails.
 *
 * A query changes nothing, so a retry does no harm. A mutation may already have been executed, so it is not retried.
 * There is no retry after a timeout either: it would make the caller wait for as long again. A service that has refused a
 * request would refuse it again, and an answer that was too large would be too large again.
 */
export async function twice<Answer>({ query }: GraphqlRequest, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (isMutation(query) || isTimeout(error) || hasRefused(error) || error instanceof VisibleError)
      throw error
    return ask()
  }
}

/** Whether a document is a mutation. */
export function isMutation(query: string): boolean {
  return /^\s*mutation\b/.test(query)
}

const TIMEOUTS = [errors.ConnectTimeoutError, errors.HeadersTimeoutError, errors.BodyTimeoutError]

function isTimeout(error: unknown): boolean {
  return TIMEOUTS.some((timeout) => error instanceof timeout)
}

// An assertion lives for 60 s and is reused for half of that. The rest is for clock skew and requests that arrive late.
const ASSERTION_REUSE_MS = 30_000

/** The signed assertions of callers for one service; see `reusedAssertions`. */
export type Assertions = {
  of(caller: Caller): Promise<string>
  /**
   * Returns an assertion for each caller if at most one of them has to be signed; null otherwise. Callers who come again and
   * again thus get their assertions one after the other.
   */
  ofKnown(callers: readonly Caller[]): Promise<string[] | null>
}

/** Creates assertions of callers for one service, and reuses them for a while. */
export function reusedAssertions(keyring: Keyring, audience: string): Assertions {
  const signed = new Map<string, { token: Promise<string>; signedAt: number }>()
  const nameOf = (caller: Caller) =>
    caller.kind === 'service' ? caller.service : `${caller.userId} ${caller.sessionId} ${caller.address}`
  const find = (keyId: string, caller: Caller) => {
    // The service no longer accepts what a dropped key has signed.
    const known = signed.get(`${keyId} ${nameOf(caller)}`)
    // The clock may have been set back.
    const age = known ? Date.now() - known.signedAt : Number.NaN
    return known && age >= 0 && age < ASSERTION_REUSE_MS ? known.token : null
  }
  const sign = (keyId: string, caller: Caller) => {
    if (signed.size > 10_000) signed.clear()
    const key = `${keyId} ${nameOf(caller)}`
    const token = signCaller(keyring, caller, audience)
    signed.set(key, { token, signedAt: Date.now() })
    token.catch(() => signed.delete(key))
    return token
  }
  return {
    async of(caller) {
      const keyId = await keyring.keyId()
      return find(keyId, caller) ?? sign(keyId, caller)
    },
    async ofKnown(callers) {
      const keyId = await keyring.keyId()
      const [next, ...others] = callers.filter((caller) => !find(keyId, caller))
      if (next) sign(keyId, next)
      return others.length > 0
        ? null
        : Promise.all(callers.map((caller) => find(keyId, caller) ?? sign(keyId, caller)))
    },
  }
}
