import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from './span.ts'

/** The number of calls of one subgraph, and the sum of their durations in milliseconds. */
export type CallTotals = { calls: number; ms: number }

/** A GraphQL operation as the access log shows it: no variables and no document. */
export type OperationSummary = {
  operation: string | null
  type: string | null
  /** The SHA-256 of the document. */
  documentHash: string
  viewerId: string | null
}

/** What is known about the request that the current code runs for. */
export type RequestScope = {
  readonly requestId: string
  /** The innermost open span; null if traces are off. */
  readonly span: Span | null
  /** The facts that are collected for the access log. Scopes of one request share them. */
  readonly facts: RequestFacts
}

/** The facts that are collected for the access log while a request runs. */
export type RequestFacts = {
  operation: OperationSummary | null
  /** The codes of the errors in the response. */
  codes: Set<string> | null
  subgraphs: Map<string, CallTotals> | null
}

const scopes = new AsyncLocalStorage<RequestScope>()

/** Creates the scope of a new request. */
export function createScope(requestId: string, span: Span | null = null): RequestScope {
  return { requestId, span, facts: { operation: null, codes: null, subgraphs: null } }
}

/** Runs work in a scope. The scope applies to everything that the work starts. */
export function runInScope<Result>(scope: RequestScope, work: () => Result): Result {
  return scopes.run(scope, work)
}

/** The scope of the current request; undefined outside of requests. */
export function currentScope(): RequestScope | undefined {
  return scopes.getStore()
}

/** The fields that every log line of the current request has. */
export function scopeFields(): { requestId?: string; traceId?: string } {
  const scope = scopes.getStore()
  if (!scope) return {}
  const { requestId, span } = scope
  return span ? { requestId, traceId: span.traceId } : { requestId }
}

/** Records the code of an error in the response, for the access log. */
export function noteErrorCode(code: string): void {
  const facts = scopes.getStore()?.facts
  if (!facts) return
  facts.codes ??= new Set()
  facts.codes.add(code)
}

/** The `extensions` of an error in a response: its code, which is recorded for the access log, and the request id. */
export function errorExtensions(code: string): { code: string; requestId?: string } {
  noteErrorCode(code)
  const scope = scopes.getStore()
  return scope ? { code, requestId: scope.requestId } : { code }
}
