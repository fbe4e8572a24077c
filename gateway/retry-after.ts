import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { VisibleError } from '../platform/errors.ts'
import { RefusedRequest } from '../platform/http/refused-request.ts'
import { RETRY_UNAVAILABLE_SECONDS } from '../platform/http/respond.ts'

/**
 * Sends the header `Retry-After` with a response that contains errors which pass by themselves: a service or its
 * database does not answer, or the rate limit is exceeded.
 */
export function sendRetryAfter<Context extends object>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body, http } }) {
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : []
          const waits = errors.flatMap(({ extensions }) => {
            if (typeof extensions?.retryAfterSeconds === 'number') return [extensions.retryAfterSeconds]
            return isUnavailable(extensions) ? [RETRY_UNAVAILABLE_SECONDS] : []
          })
          if (waits.length > 0) http.headers.set('retry-after', String(Math.ceil(Math.max(...waits))))
        },
      }
    },
  }
}

/** Rethrows an error from before the operation. An outage gets status 503, for which Apollo Server would send 500. */
export function throwWithStatus(error: unknown): never {
  if (!(error instanceof GraphQLError) || !isUnavailable(error.extensions)) throw error
  const headers = new HeaderMap([['retry-after', String(RETRY_UNAVAILABLE_SECONDS)]])
  throw new GraphQLError(error.message, {
    extensions: { ...error.extensions, http: { status: 503, headers } },
  })
}

/** Runs a check before the body is read. If the rate limit is exceeded, the request gets status 429. */
export function withStatus(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof VisibleError) || error.extensions.code !== 'RATE_LIMITED') throw error
    const { retryAfterSeconds } = error.extensions
    const seconds = typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined
    throw new RefusedRequest(429, 'RATE_LIMITED', error.message, {}, seconds)
  }
}

const isUnavailable = (extensions: Readonly<Record<string, unknown>> | undefined) =>
  extensions?.code === 'SERVICE_UNAVAILABLE'
