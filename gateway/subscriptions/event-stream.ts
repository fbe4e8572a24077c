import { setTimeout as sleep } from 'node:timers/promises'
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { documentFault } from '../../platform/graphql/document-limits.ts'
import { withoutSuggestions, withoutValues } from '../../platform/graphql/public-message.ts'
import { RefusedRequest } from '../../platform/http/refused-request.ts'
import type { Viewer } from '../../platform/identity/caller.ts'
import { errorExtensions } from '../../platform/observability/request-scope.ts'
import type { Session } from '../authentication.ts'
import { TOO_COSTLY } from '../cost/cost-limit.ts'
import { meterOfEvent } from '../rate-limit/meter-of-event.ts'
import type { OperationLimit, OperationMeter } from '../rate-limit/operation-limit.ts'
import { documentWeight } from '../rate-limit/operation-weight.ts'
import { unresolved } from '../refused-operations.ts'
import { tokenFault } from '../token-limit.ts'
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts'
import { documentOf, eventQuery } from './event-query.ts'
import type { LiveNotifications } from './live-notifications.ts'
import { endOf, type LiveSession, type StreamEnd } from './live-session.ts'
import { observeStream } from './observe-stream.ts'
import { resumePosition } from './resume-position.ts'
import { stopOnReturn } from './stop-on-return.ts'
import { MAX_STREAMS, type StreamLimit } from './stream-limit.ts'

/** An operation as the client sent it. */
export type Operation = {
  query: string
  operationName?: string | null | undefined
  variables?: Record<string, unknown> | null | undefined
  extensions?: Record<string, unknown> | null | undefined
}

/** The gateway functions that `runOperation` needs. */
export type EventStreamOptions = {
  /** Returns the operation with its text, or throws if it is not in the list of trusted operations. */
  admit: TrustedDocuments['admit']
  /** Validates an operation and its variables against the schema and the cost limit. */
  validate: (
    document: DocumentNode,
    definition: OperationDefinitionNode,
    variables: Record<string, unknown>,
    meter: OperationMeter,
  ) => readonly GraphQLError[]
  /** Runs a query or mutation through the supergraph until its client leaves, and counts it with the meter. */
  execute: (
    operation: Operation,
    session: Session,
    meter: OperationMeter,
    closed: AbortSignal,
  ) => Promise<ExecutionResult>
  /** The rate limit on operations. */
  operationLimit: OperationLimit
  notifications: LiveNotifications
  /** Limits the subscriptions of each user, over all protocols. */
  limitStreams: StreamLimit
}

const TOO_MANY: StreamEnd = {
  code: 'RATE_LIMITED',
  message: `The limit of ${MAX_STREAMS} streams per user is exceeded, so the oldest stream is closed. Close a stream before you open another.`,
  isExpired: false,
}

/**
 * One result of a subscription, and the position from which to continue after a lost connection. If the result is null,
 * only the position has changed. If the position is null, the result is not an event but the error that ends the
 * stream.
 */
export type StreamedResult = { result: ExecutionResult | null; position: string | null }

/** Either a single final result, or a stream of results, whose `return()` takes effect immediately. */
export type Answer = ExecutionResult | AsyncGenerator<StreamedResult>

/**
 * Runs an operation for a client of any streaming protocol. @apollo/gateway does not run subscriptions. So
 * `communication` supplies the id of an event, and the gateway resolves its selection as a query, which can include
 * fields of every subgraph.
 *
 * @param lastEventId the position to continue from (HTML Living Standard §9.2, `Last-Event-ID`); null continues after
 *   the argument `after`
 * @param signal ends the operation; a subscription also ends with the session
 */
export async function runOperation(
  options: EventStreamOptions,
  given: Operation,
  { session, ended: sessionEnd }: LiveSession,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<Answer> {
  const operation = admitted(options, given)
  if (!('query' in operation)) return operation
  const meter = metered(options.operationLimit, session.viewer, operation.query)
  const document = parseOperation(operation.query)
  if (!('kind' in document)) return document
  const definition = getOperationAST(document, operation.operationName)
  if (!definition) throw unresolved(operation.operationName)
  if (definition.operation !== OperationTypeNode.SUBSCRIPTION)
    return options.execute(operation, session, meter, signal)
  if (hasConditionalRoot(document)) {
    return refused(
      'GRAPHQL_VALIDATION_FAILED',
      'The root field of a subscription cannot have @skip or @include. Remove the directive.',
    )
  }
  const variables = operation.variables ?? {}
  const errors = options.validate(document, definition, variables, meter)
  if (errors.length > 0)
    return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) }
  const { userId } = session.viewer
  if (userId === null) return refused('UNAUTHENTICATED', 'Sign in to receive notifications.')
  const own = documentOf(document, definition)
  const { query, idVariable } = eventQuery(own, definition)
  const displaced = new AbortController()
  const returned = new AbortController()
  const ended = AbortSignal.any([sessionEnd, displaced.signal, signal, returned.signal])
  const resolve = async (id: string) => {
    const eventMeter = await meterOfEvent(options.operationLimit, session.viewer, ended)
    return options.execute(
      { query, variables: { ...variables, [idVariable]: id } },
      session,
      eventMeter,
      ended,
    )
  }
  const after = lastEventId ?? resumePosition(own, definition, variables)
  const follow = async function* () {
    const leave = options.limitStreams(userId, () => displaced.abort(TOO_MANY))
    try {
      yield* resolveEvents(options.notifications.follow(userId, after, ended), resolve, ended)
    } finally {
      leave()
      returned.abort()
    }
  }
  observeStream(operation, userId, ended)
  return stopOnReturn(follow(), () => returned.abort())
}

function metered(limit: OperationLimit, viewer: Viewer, query: string): OperationMeter {
  limit.admit(viewer)
  const meter = limit.begin(viewer)
  meter.count(documentWeight(query))
  return meter
}

function admitted({ admit }: EventStreamOptions, operation: Operation): Operation | ExecutionResult {
  try {
    return admit(operation)
  } catch (error) {
    if (error instanceof RefusedRequest) return refused(error.code, error.message)
    throw error
  }
}

async function* resolveEvents(
  events: ReturnType<LiveNotifications['follow']>,
  resolve: (id: string) => Promise<ExecutionResult>,
  ended: AbortSignal,
): AsyncGenerator<StreamedResult> {
  for await (const { id, position } of events) {
    const result = id === null ? null : await whenAnswered(() => resolve(id), ended)
    if (ended.aborted) break
    if (result?.errors && isEmpty(result.data)) {
      // The client has not received this event. Without a position and with the stream closed, it asks for it again.
      yield { result, position: null }
      return
    }
    // The subject of a notification may be deleted before it is resolved. Then the client gets only the position.
    yield { result: result && isNothing(result) ? null : result, position }
  }
  const end = endOf(ended)
  if (end) yield { result: refused(end.code, end.message), position: null }
}

const RETRY_MS = 500
const MOST_FAILURES = 3

// If the service that knows the notification is unavailable, its event waits, like an event that has not happened yet.
// An internal error may be gone a moment later, so it is retried.
async function whenAnswered(
  resolve: () => Promise<ExecutionResult>,
  ended: AbortSignal,
): Promise<ExecutionResult> {
  for (let failures = 0; ; ) {
    const result = await resolve()
    const codes = isEmpty(result.data) ? (result.errors ?? []).map(({ extensions }) => extensions?.code) : []
    if (codes.includes('INTERNAL_SERVER_ERROR')) failures += 1
    else if (!codes.includes('SERVICE_UNAVAILABLE')) return result
    if (failures === MOST_FAILURES || ended.aborted) return result
    await sleep(RETRY_MS, undefined, { signal: ended }).catch(() => {})
  }
}

function isNothing({ data, errors }: ExecutionResult): boolean {
  return !errors && isEmpty(data)
}

// A subscription has one root field.
function isEmpty(data: ExecutionResult['data']): boolean {
  return !data || Object.values(data).every((value) => value === null)
}

function parseOperation(query: string): DocumentNode | ExecutionResult {
  const tooLong = tokenFault(query)
  if (tooLong !== null) return refused('GRAPHQL_VALIDATION_FAILED', tooLong)
  try {
    const document = parse(query, { maxTokens: 5_000 })
    const fault = documentFault(document)
    return fault === null ? document : refused(TOO_COSTLY, `The operation is too large. ${fault}`)
  } catch (error) {
    return refused(
      'GRAPHQL_PARSE_FAILED',
      error instanceof GraphQLError ? error.message : 'The document is not valid GraphQL.',
    )
  }
}

// The specification of September 2025 forbids it (§5.2.4.1). graphql 16 throws if the condition is a variable.
function hasConditionalRoot({ definitions }: DocumentNode): boolean {
  const isConditional = ({ directives = [] }: SelectionNode) =>
    directives.some(({ name }) => name.value === 'skip' || name.value === 'include')
  const hasConditional = ({ selections }: SelectionSetNode): boolean =>
    selections.some(
      (selection) =>
        isConditional(selection) ||
        (selection.kind === Kind.INLINE_FRAGMENT && hasConditional(selection.selectionSet)),
    )
  return definitions.some(
    (definition) =>
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.SUBSCRIPTION &&
        hasConditional(definition.selectionSet)) ||
      (definition.kind === Kind.FRAGMENT_DEFINITION &&
        definition.typeCondition.name.value === 'Subscription' &&
        hasConditional(definition.selectionSet)),
  )
}

function refused(code: string, message: string): ExecutionResult {
  return { errors: [new GraphQLError(message, { extensions: { ...errorExtensions(code) } })] }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(withoutSuggestions(withoutValues(error.message)), {
    ...(error.nodes && { nodes: error.nodes }),
    extensions: { ...error.extensions, ...errorExtensions(String(error.extensions.code ?? code)) },
  })
}
