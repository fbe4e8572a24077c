import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
} from 'graphql'
import type { Session } from '../authentication.ts'
import { eventQuery } from './event-query.ts'
import type { LiveNotifications } from './live-notifications.ts'

/** What a client asks for. */
export type Operation = {
  query: string
  operationName?: string | null | undefined
  variables?: Record<string, unknown> | null | undefined
}

/** What running operations needs of the gateway. */
export type EventStreamOptions = {
  /** The errors of an operation that the schema does not know or that would cost too much. */
  validate: (document: DocumentNode) => readonly GraphQLError[]
  /** Runs a query or mutation through the supergraph. */
  execute: (operation: Operation, session: Session) => Promise<ExecutionResult>
  notifications: LiveNotifications
}

/** One result of a subscription, and the position after which to go on when the connection breaks. */
export type StreamedResult = { result: ExecutionResult; position: string }

/** Either all there is to say, or results as they come. */
export type Answer = ExecutionResult | AsyncGenerator<StreamedResult>

/**
 * Runs an operation for an event stream. @apollo/gateway does not run subscriptions, so an event's id comes from
 * `communication` and its selection is then resolved as a query: an event carries fields of any subgraph.
 *
 * @param lastEventId the position after which to go on (HTML Living Standard §9.2, `Last-Event-ID`), null to begin now
 * @param signal ends a subscription; it ends as well when the session's token does
 */
export async function runOperation(
  options: EventStreamOptions,
  operation: Operation,
  session: Session,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<Answer> {
  const document = parseOperation(operation.query)
  if (!('kind' in document)) return document
  const definition = getOperationAST(document, operation.operationName)
  if (definition?.operation !== OperationTypeNode.SUBSCRIPTION) return options.execute(operation, session)
  const errors = options.validate(document)
  if (errors.length > 0)
    return { errors: errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')) }
  const { userId } = session.viewer
  if (userId === null) return refused('UNAUTHENTICATED', 'Sign in to receive notifications.')
  const { query, idVariable } = eventQuery(document, definition)
  const ended = AbortSignal.any([signal, AbortSignal.timeout(millisecondsUntil(session.expiresAt))])
  const resolve = (id: string) =>
    options.execute({ query, variables: { ...operation.variables, [idVariable]: id } }, session)
  return resolveEvents(options.notifications.follow(userId, lastEventId, ended), resolve)
}

async function* resolveEvents(
  events: ReturnType<LiveNotifications['follow']>,
  resolve: (id: string) => Promise<ExecutionResult>,
): AsyncGenerator<StreamedResult> {
  for await (const { id, position } of events) yield { result: await resolve(id), position }
}

function parseOperation(query: string): DocumentNode | ExecutionResult {
  try {
    return parse(query, { maxTokens: 5_000 })
  } catch (error) {
    return refused('GRAPHQL_PARSE_FAILED', error instanceof GraphQLError ? error.message : 'Not GraphQL.')
  }
}

function refused(code: string, message: string): ExecutionResult {
  return { errors: [new GraphQLError(message, { extensions: { code } })] }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, { ...(error.nodes && { nodes: error.nodes }), extensions: { code } })
}

// A timer can't be set for more than 2^31-1 ms.
function millisecondsUntil(instant: number): number {
  return Math.min(Math.max(0, instant - Date.now()), 2_147_483_647)
}
