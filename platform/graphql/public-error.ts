import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { errorExtensions } from '../observability/request-scope.ts'
import { withoutSuggestions, withoutValues } from './public-message.ts'

/**
 * Formats an error of a subgraph for a client that does not go through the gateway: message, locations, path, code, request id, and
 * after how many seconds to try again.
 *
 * @param suggests whether messages may suggest names from the schema that the client did not ask for
 */
export function publicError(error: GraphQLError, suggests: boolean): GraphQLFormattedError {
  const { message, locations, path, extensions = {} } = error.toJSON()
  const { code = 'INTERNAL_SERVER_ERROR', retryAfterSeconds } = extensions
  const shown = withoutValues(message)
  return {
    message: suggests ? shown : withoutSuggestions(shown),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: {
      ...errorExtensions(String(code)),
      ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    },
  }
}
