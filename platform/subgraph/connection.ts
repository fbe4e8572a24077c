import { errors, Pool } from 'undici'
import { signCaller } from '../identity/assertion.ts'
import type { Caller } from '../identity/caller.ts'
import { outgoingHeaders } from '../observability/tracing.ts'
import type { Keyring } from '../tokens/keyring.ts'
import type { GraphqlRequest } from './executor.ts'
import type { MultipartBody } from './multipart-body.ts'
import { readAnswer } from './read-answer.ts'
import { hasRefused, StatusError } from './status-error.ts'

/** Connections to one GraphQL endpoint of a service. */
export type Connection = {
  /**
   * Sends a request, with the current request id, and returns the parsed answer.
   *
   * @throws StatusError if the service does not answer with status 200
   */
  post(
    token: string,
    body: object,
    files?: MultipartBody | null,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>
  close(): Promise<void>
}

/** Opens connections with keep-alive and a timeout to the endpoint at `endpoint` below the service's address. */
export function openConnection(
  { url, timeoutMs = 10_000 }: { url: string; timeoutMs?: number },
  endpoint: string,
): Connection {
  const { origin, pathname } = new URL(url)
  const path = `${pathname.replace(/\/$/, '')}${endpoint}`
  const pool = new Pool(origin, { connections: 128, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  return {
    async post(token, body, files = null, headers = {}) {
      const response = await pool.request({
        method: 'POST',
        path,
        headers: {
          'content-type': files?.contentType ?? 'application/json',
          authorization: `Bearer ${token}`,
          ...outgoingHeaders(),
          ...headers,
        },
        body: files?.body ?? JSON.stringify(body),
        // A file takes as long as its sender's network needs.
        ...(files && { headersTimeout: 0 }),
      })
      if (response.statusCode !== 200) {
        await response.body.dump()
        throw new StatusError(response.statusCode)
      }
      return readAnswer(response.body)
    },
    close: () => pool.close(),
  }
}

/**
 * Asks, and once more if a query fails.
 *
 * A query changes nothing, so a retry does no harm. A mutation may already have been executed, so it is not retried.
 * There is no retry after a timeout either: it would make the caller wait for as long again. A service that has refused a
 * request would refuse it again.
 */
export async function twice<Answer>({ query }: GraphqlRequest, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (isMutation(query) || isTimeout(error) || hasRefused(error)) throw error
    return ask()
  }
}

/** Whether a document is a mutation. */
export function isMutation(query: string): boolean {
  return /^\s*mutation\b/.test(query)
}

function isTimeout(error: unknown): boolean {
  return error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
}

// An assertion lives for 60 s and is reused for half of that. The rest is for clock skew and requests that arrive late.
const ASSERTION_REUSE_MS = 30_000

/** Creates a function that signs the assertions of callers for one service and reuses them for a while. */
export function reusedAssertions(keyring: Keyring, audience: string): (caller: Caller) => Promise<string> {
  const signed = new Map<string, { token: Promise<string>; until: number }>()
  return (caller) => {
    const who =
      caller.kind === 'service' ? caller.service : `${caller.userId} ${caller.sessionId} ${caller.address}`
    const known = signed.get(who)
    if (known && known.until > Date.now()) return known.token
    if (signed.size > 10_000) signed.clear()
    const token = signCaller(keyring, caller, audience)
    signed.set(who, { token, until: Date.now() + ASSERTION_REUSE_MS })
    return token
  }
}
