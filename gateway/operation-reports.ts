import type { ApolloServerPlugin } from '@apollo/server'
import type { Log } from '../platform/log.ts'
import { counter, histogram, REQUEST_SECONDS } from '../platform/observability/metrics.ts'
import { type FinishedRequest, reportRequest, roundedMs } from '../platform/observability/observe-request.ts'
import {
  type CallTotals,
  currentScope,
  noteErrorCode,
  type OperationSummary,
} from '../platform/observability/request-scope.ts'
import type { GatewayContext } from './ask-subgraph.ts'

const requests = counter({
  name: 'moblog_graphql_requests_total',
  help: 'GraphQL operations at the gateway. Operations that are not in schema/operations are counted as "other".',
  labels: ['operation', 'type', 'outcome'],
})
const errors = counter({
  name: 'moblog_graphql_errors_total',
  help: 'Responses of the gateway that contain errors, by the code of the errors.',
  labels: ['code'],
})
const durations = histogram({
  name: 'moblog_graphql_request_duration_seconds',
  help: 'Duration of queries and mutations at the gateway.',
  labels: ['operation'],
  buckets: REQUEST_SECONDS,
})

/** The longest name of an operation in the log. Names may be as long as the document. */
const MAX_NAME = 100

/** A request or one of the operations of a connection, when it has ended. */
export type FinishedOperation = Pick<FinishedRequest, 'requestId' | 'isAborted' | 'durationMs' | 'facts'> & {
  /** The protocol of a connection that carries several operations. */
  protocol: string
}

/** Records what the access log shows of an operation. The events of a subscription do not replace the subscription. */
export function summarizeOperation(summary: OperationSummary): void {
  const facts = currentScope()?.facts
  if (facts && !facts.operation) {
    facts.operation = { ...summary, operation: summary.operation?.slice(0, MAX_NAME) ?? null }
  }
}

/** Records the operations that @apollo/server runs. */
export function recordOperations(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ operation, operationName, queryHash, contextValue, response: { body } }) {
          summarizeOperation({
            operation: operationName ?? operation?.name?.value ?? null,
            type: operation?.operation ?? null,
            documentHash: queryHash ?? '',
            viewerId: contextValue.viewer.userId,
          })
          if (body.kind !== 'single') return
          for (const { extensions } of body.singleResult.errors ?? []) noteErrorCode(String(extensions?.code))
        },
      }
    },
  }
}

/**
 * Creates the report of the GraphQL route: one line of the access log per operation, and its metrics. Neither has
 * variables, tokens, texts or documents. An operation over a connection that carries several has no status and no bytes.
 *
 * @param names the operations that have metrics of their own; their number is bounded, that of all names is not
 */
export function createOperationReports(
  log: Log,
  names: ReadonlySet<string>,
): (finished: FinishedRequest | FinishedOperation) => void {
  return (finished) => {
    const { facts, requestId, durationMs } = finished
    const { status, bytes } = 'status' in finished ? finished : {}
    const codes = facts.codes ? [...facts.codes] : []
    for (const code of codes) errors.add({ code })
    if ('route' in finished && !facts.operation && codes.length === 0)
      return reportRequest(log, finished, false)
    const { operation = null, type = null, documentHash, viewerId } = facts.operation ?? {}
    const isStream = type === 'subscription'
    const outcome = codes.length > 0 ? 'failed' : finished.isAborted && !isStream ? 'aborted' : 'ok'
    const name = operation !== null && names.has(operation) ? operation : 'other'
    requests.add({ operation: name, type: type ?? 'none', outcome })
    if (!isStream) durations.observe({ operation: name }, durationMs / 1000)
    log.info(
      {
        ...{ operation, type, outcome, status, durationMs: roundedMs(durationMs) },
        ...('protocol' in finished && { protocol: finished.protocol }),
        ...(codes.length > 0 && { codes }),
        ...(facts.subgraphs && { subgraphs: totals(facts.subgraphs) }),
        ...{ bytes, viewerId, documentHash, requestId },
      },
      'operation',
    )
  }
}

function totals(subgraphs: ReadonlyMap<string, CallTotals>): Record<string, CallTotals> {
  return Object.fromEntries(
    [...subgraphs].map(([name, { calls, ms }]) => [name, { calls, ms: roundedMs(ms) }]),
  )
}
