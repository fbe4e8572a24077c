import type { ExecutionResult } from 'graphql'
import { badInput, unavailable, VisibleError } from '../errors.ts'
import { FURTHER_ASSERTIONS, signViewers } from '../identity/assertion.ts'
import type { Viewer } from '../identity/caller.ts'
import { REQUEST_IDS } from '../observability/part-scopes.ts'
import type { Keyring } from '../tokens/keyring.ts'
import { isMutation, openConnection, reusedAssertions, twice } from './connection.ts'
import type { GraphqlRequest } from './executor.ts'
import { joinQueries } from './join-queries.ts'
import { multipartBody } from './multipart-body.ts'
import { readAnswer, readJoinedAnswer, sizeOf } from './read-answer.ts'
import { isClientMistake } from './status-error.ts'
import type { Subgraph } from './subgraph.ts'
import type { Work } from './work.ts'

/** Sends the operations of viewers to a subgraph, which may run in this process or in another one. */
export type SubgraphClient = {
  /**
   * @param work what remains of the operation's response budget
   * @throws VisibleError `SERVICE_UNAVAILABLE` if the subgraph does not answer, and `BAD_USER_INPUT` if it refuses what the
   *   client sent
   */
  execute(request: GraphqlRequest, viewer: Viewer, work?: Work): Promise<ExecutionResult>
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
    execute: (request, viewer, work) => subgraph().execute(request, viewer, work),
    close: async () => {},
  }
}

/** The settings of a client over HTTP. */
export type HttpClientOptions = {
  /** The service's name, which is the audience of the assertions. */
  name: string
  /** The service's address, without `/graphql`. */
  url: string
  /** The key of the calling service. */
  keyring: Keyring
  timeoutMs?: number
}

// An assertion takes about 400 bytes. Reading many takes longer than verifying one signature for all viewers.
const MOST_ASSERTIONS = 12

/** Creates a client for a subgraph over HTTP, with keep-alive, a timeout, and one retry for queries. */
export function httpClient(options: HttpClientOptions): SubgraphClient {
  const { name, keyring } = options
  const connection = openConnection(options, '/graphql')
  const assertions = reusedAssertions(keyring, name)

  /** One signature is enough for all viewers, but only what was signed for one viewer can be used again. */
  const identify = async (viewers: readonly Viewer[]): Promise<{ token: string; others: string[] }> => {
    const known = viewers.length <= MOST_ASSERTIONS ? await assertions.ofKnown(viewers) : null
    const [token = await signViewers(keyring, viewers, name), ...others] = known ?? []
    return { token, others }
  }

  const askOnce = async (request: GraphqlRequest, viewer: Viewer) => {
    const files = multipartBody(request)
    try {
      const body = await connection.post(await assertions.of(viewer), request, files)
      return (await readAnswer(body)) as ExecutionResult
    } catch (error) {
      if (files?.isCutOff())
        throw badInput('The multipart request is malformed or incomplete. Send it again.')
      throw error
    }
  }
  const askTogether = joinQueries({
    one: (request, viewer) => twice(request, () => askOnce(request, viewer)),
    many: (request, variables, viewers, requestIds) =>
      twice(request, async () => {
        const { query, operationName } = request
        const { token, others } = await identify(viewers)
        const headers = {
          [REQUEST_IDS]: requestIds.join(),
          ...(others.length > 0 && { [FURTHER_ASSERTIONS]: others.join() }),
        }
        const asked = { query, operationName, variables }
        const body = await connection.post(token, asked, null, headers)
        return (await readJoinedAnswer(body)) as ExecutionResult[]
      }).catch((cause) => {
        // A visible error makes each request be sent alone, so that only the viewer who made a mistake fails.
        throw isClientMistake(cause) ? refusedInput(name, cause) : cause
      }),
  })

  return {
    async execute(request, viewer, work) {
      try {
        const result = await (isMutation(request.query)
          ? askOnce(request, viewer)
          : askTogether(request, viewer))
        work?.spend(0, sizeOf(result))
        return result
      } catch (cause) {
        if (cause instanceof VisibleError) throw cause
        if (isClientMistake(cause)) throw refusedInput(name, cause)
        throw Object.assign(unavailable(`The ${name} service does not answer. Try again in a moment.`), {
          cause,
        })
      }
    },
    close: connection.close,
  }
}

/** The error for a client who sent what a service has refused. */
function refusedInput(name: string, cause: unknown): VisibleError {
  const message = `The ${name} service refused the request: it is malformed or too large. Check what you send.`
  return Object.assign(badInput(message), { cause })
}
