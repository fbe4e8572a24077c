import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import type { ExecutionResult } from 'graphql'
import { unavailable, VisibleError } from '../platform/errors.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import type { Log } from '../platform/log.ts'
import { observeSubgraphCall } from '../platform/observability/subgraph-calls.ts'
import { createOutageLog } from '../platform/outage-log.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import type { GraphqlRequest } from '../platform/subgraph/executor.ts'
import { hasRefused } from '../platform/subgraph/status-error.ts'
import type { Work } from '../platform/subgraph/work.ts'
import type { OperationMeter } from './rate-limit/operation-limit.ts'

/** The context of every operation at the gateway. */
export type GatewayContext = {
  viewer: Viewer
  /** What is left of the operation's limit on data from all subgraphs. */
  work: Work
  /** Counts the operation against the rate limit of the viewer, if it is set. */
  meter?: OperationMeter
  /** Resolves when the response is written, or when there will be none. */
  answered: Promise<void>
  /** Ends the operation early, if it is set. */
  signal?: AbortSignal
  /** The result of the operation, once it has begun. */
  result?: Promise<ExecutionResult>
}

/**
 * Sends an operation to a subgraph on behalf of the viewer, in this process or over HTTP.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if the subgraph does not answer
 */
export type AskSubgraph = (
  subgraph: string,
  request: GraphqlRequest,
  context: Partial<GatewayContext>,
) => Promise<ExecutionResult>

// After this many failures in a row, requests to a subgraph fail at once for a while, instead of waiting for its timeout.
const FAILURES_IN_A_ROW = 5
const PAUSE_MS = 1_000

/** Creates the function that asks subgraphs. An outage is logged once, and opens the circuit of its subgraph. */
export function createAskSubgraph(clients: Clients, log: Log): AskSubgraph {
  const circuits = new Map(
    Object.keys(clients).map((name) => {
      const breaker = circuitBreaker(handleWhen(isOutage), {
        halfOpenAfter: PAUSE_MS,
        breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
      })
      const reportOutage = createOutageLog(log, 'warn', `${name} does not answer`)
      const reportRefused = createOutageLog(log, 'warn', `${name} refuses requests`)
      const report = (error: unknown) => (isOutage(error) ? reportOutage(error) : reportRefused(error))
      return [name, { breaker, report }]
    }),
  )
  return async (name, request, { viewer = ANONYMOUS, work, signal }) => {
    const client = requireAddress(clients, name)
    const circuit = circuits.get(name)
    const ask = async () => requireAnswer(name, await client.execute(request, viewer, work))
    try {
      signal?.throwIfAborted()
      return await observeSubgraphCall(name, () =>
        unlessAborted(circuit ? circuit.breaker.execute(ask) : ask(), signal),
      )
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        throw unavailable(`The ${name} service does not answer. Try again in a moment.`)
      if (isUnavailable(error) && !signal?.aborted) circuit?.report(error)
      throw error
    }
  }
}

/**
 * Refuses what is not an answer (GraphQL specification, 7.1): without data and without errors. Its nulls would say that what the
 * client asked for was deleted.
 */
function requireAnswer(name: string, result: unknown): ExecutionResult {
  const { data, errors } = (result ?? {}) as Partial<ExecutionResult>
  if ((typeof data === 'object' && data !== null) || (Array.isArray(errors) && errors.length > 0))
    return result as ExecutionResult
  const cause = new Error('the answer has neither data nor errors')
  throw Object.assign(unavailable(`The ${name} service does not answer. Try again in a moment.`), { cause })
}

/**
 * Whether a subgraph is down: network errors, timeouts and statuses from 500. A subgraph that refuses a request works; one
 * client's requests must not make it fail for all others.
 */
function isOutage(error: unknown): boolean {
  return isUnavailable(error) && !hasRefused(error.cause)
}

function isUnavailable(error: unknown): error is VisibleError {
  return error instanceof VisibleError && error.extensions.code === 'SERVICE_UNAVAILABLE'
}

/** Waits for an answer, but not longer than until the signal aborts. */
function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (!signal) return answer
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

type Clients = Readonly<Record<string, SubgraphClient>>

/** Returns the client of a subgraph of the supergraph, or throws an error that says what to configure. */
export function requireAddress(clients: Clients, name: string): SubgraphClient {
  const client = clients[name]
  if (client) return client
  throw new Error(
    `the supergraph has a subgraph without an address: ${name}; configure it or compose the supergraph again`,
  )
}
