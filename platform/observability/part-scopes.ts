import type { IncomingMessage } from 'node:http'
import { requestIdOf } from './request-id.ts'
import { currentScope, runInScope } from './request-scope.ts'

/** The header with the request ids of requests that are sent together, separated by commas, in their order. */
export const REQUEST_IDS = 'x-request-ids'

/**
 * Creates the function that runs the parts of one HTTP request. If the gateway has joined requests of several viewers,
 * each part runs with the request id of its viewer.
 */
export function partScopes(request: IncomingMessage): <Result>(part: number, work: () => Result) => Result {
  const header = request.headers[REQUEST_IDS]
  const scope = currentScope()
  if (typeof header !== 'string' || !scope) return (_part, work) => work()
  const ids = header.split(',')
  return (part, work) => runInScope({ ...scope, requestId: requestIdOf(ids[part]) }, work)
}
