import type { ApolloServerPlugin } from '@apollo/server'

/**
 * Removes the `extensions` of results from responses. @apollo/gateway reports there how it processed the subgraphs'
 * responses, with names of supergraph parts that clients may not know. All information for clients is in `errors`.
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
