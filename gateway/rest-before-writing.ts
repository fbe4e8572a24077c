import type { ApolloServerPlugin } from '@apollo/server'
import type { GatewayContext } from './ask-subgraph.ts'

/** Lets other requests run between the formatting of the errors of a large response and the writing of its JSON. */
export function restBeforeWriting(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        willSendResponse: ({ contextValue }) => contextValue.work.rest(),
      }
    },
  }
}
