import type { ApolloServerPlugin } from '@apollo/server'

/**
 * Leaves the extensions of results out of responses. @apollo/gateway says there what it made of subgraphs' answers,
 * with the names of parts of the supergraph that clients may not know; all that concerns clients is in `errors`.
 */
export function leaveOutExtensions<Context extends object>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind === 'single') delete body.singleResult.extensions
        },
      }
    },
  }
}
