import type { CombinedError } from '@urql/core'

/** Why there is no answer: there is no connection, the server no longer accepts this version of the client, or it failed. */
export type Problem = 'offline' | 'outdated' | 'failed'

/** The server does not accept an operation of this version of the client. */
export class Outdated extends Error {}

type Errors = readonly { extensions?: Readonly<Record<string, unknown>> }[]

/** Whether the server has refused an operation itself, and not what was asked with it. */
export function isOutdated(errors: Errors | undefined): boolean {
  return (
    errors?.some(({ extensions }) => /^(PERSISTED_QUERY|GRAPHQL)_/.test(String(extensions?.code))) === true
  )
}

// The storage of the browser throws others.
const OF_FETCH = /^(Abort|Network|Timeout)/

/** Says why the server has not answered as expected. `fetch` throws a `TypeError`, or a `DOMException` after its time limit. */
export function problemOf(error: unknown): Problem {
  const { graphQLErrors, networkError, response } = error as Partial<CombinedError>
  if (error instanceof Outdated || isOutdated(graphQLErrors)) return 'outdated'
  if (networkError) return response ? 'failed' : problemOf(networkError)
  return error instanceof TypeError || (error instanceof DOMException && OF_FETCH.test(error.name))
    ? 'offline'
    : 'failed'
}
