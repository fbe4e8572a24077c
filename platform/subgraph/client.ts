import type { ExecutionResult } from 'graphql'
import { errors, Pool } from 'undici'
import { badInput, unavailable, VisibleError } from '../errors.ts'
import { signCaller, signViewers } from '../identity/assertion.ts'
import type { Caller } from '../identity/caller.ts'
import type { Keyring } from '../tokens/keyring.ts'
import { joinQueries } from './join-queries.ts'
import { type MultipartBody, multipartBody } from './multipart-body.ts'
import { readAnswer, sizeOf } from './read-answer.ts'
import type { GraphqlRequest, Subgraph } from './subgraph.ts'
import type { Work } from './work.ts'

/** Sends operations to a subgraph, which may run in this process or in another one. */
export type SubgraphClient = {
  /**
   * @param work what remains of the operation's response budget
   * @throws VisibleError `SERVICE_UNAVAILABLE` if the subgraph does not answer
   */
  execute(request: GraphqlRequest, caller: Caller, work?: Work): Promise<ExecutionResult>
  close(): Promise<void>
}

/**
 * Creates a client for a subgraph in the same process.
 *
 * @param subgraph is called for each operation, because the services of one process need each other before all of them
 *   exist
 */
export function inProcessClient(subgraph: () => Subgraph): SubgraphClient {
  return {
    execute: (request, caller, work) => subgraph().execute(request, caller, work),
    close: async () => {},
  }
}

/** The settings of a client over HTTP. */
export type HttpClientOptions = {
  /** The subgraph's name, which is the audience of the assertions. */
  name: string
  /** The subgraph's address, without `/graphql`. */
  url: string
  keyring: Keyring
  timeoutMs?: number
}

// A viewer's assertion lives for 60 s and is reused for half of that. The rest is for clock skew and requests that
// arrive late.
const ASSERTION_REUSE_MS = 30_000

/** Creates a client for a subgraph over HTTP, with keep-alive, a timeout, and one retry for queries. */
export function httpClient({ name, url, keyring, timeoutMs = 10_000 }: HttpClientOptions): SubgraphClient {
  const { origin, pathname } = new URL(url)
  const path = `${pathname.replace(/\/$/, '')}/graphql`
  const pool = new Pool(origin, { connections: 128, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const assert = reusedAssertions(keyring, name)

  const post = async (token: string, body: object, files: MultipartBody | null = null): Promise<unknown> => {
    const response = await pool.request({
      method: 'POST',
      path,
      headers: {
        'content-type': files?.contentType ?? 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: files?.body ?? JSON.stringify(body),
      // A file takes as long as its sender's network needs.
      ...(files && { headersTimeout: 0 }),
    })
    if (response.statusCode !== 200) {
      await response.body.dump()
      throw new Error(`status ${response.statusCode}`)
    }
    return readAnswer(response.body)
  }
  const askOnce = async (request: GraphqlRequest, caller: Caller) => {
    const files = multipartBody(request)
    try {
      return (await post(await assert(caller), request, files)) as ExecutionResult
    } catch (error) {
      if (files?.isCutOff())
        throw badInput('The multipart request is malformed or incomplete. Send it again.')
      throw error
    }
  }
  // A query changes nothing, so a retry does no harm. A mutation may already have been executed, so it is not retried.
  // There is no retry after a timeout either: it would make the client wait for as long again.
  const askTwice = <Answer>(ask: () => Promise<Answer>) =>
    ask().catch((error) => {
      if (isTimeout(error)) throw error
      return ask()
    })
  const askTogether = joinQueries({
    one: (request, viewer) => askTwice(() => askOnce(request, viewer)),
    many: ({ query, operationName }, variables, viewers) =>
      askTwice(async () => {
        const token = await signViewers(keyring, viewers, name)
        return (await post(token, { query, operationName, variables })) as ExecutionResult[]
      }),
  })
  const ask = (request: GraphqlRequest, caller: Caller): Promise<ExecutionResult> => {
    if (isMutation(request.query)) return askOnce(request, caller)
    return caller.kind === 'viewer' ? askTogether(request, caller) : askTwice(() => askOnce(request, caller))
  }

  return {
    async execute(request, caller, work) {
      try {
        const result = await ask(request, caller)
        work?.spend(0, sizeOf(result))
        return result
      } catch (cause) {
        if (cause instanceof VisibleError) throw cause
        throw Object.assign(unavailable(`The ${name} service does not answer. Try again in a moment.`), {
          cause,
        })
      }
    },
    close: () => pool.close(),
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
}

function isMutation(query: string): boolean {
  return /^\s*mutation\b/.test(query)
}

function reusedAssertions(keyring: Keyring, audience: string): (caller: Caller) => Promise<string> {
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
