import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, OperationTypeNode } from 'graphql'

/** Refuses documents from which no operation can be chosen, and subscriptions that are sent as a plain request. */
export function refuseUnresolved(): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request }) {
          if (!operation) throw unresolved(request.operationName)
          if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw notAStream()
        },
      }
    },
  }
}

/**
 * Creates the error for a document that has no operation with the given name, or that has several operations although
 * no name was given.
 */
export function unresolved(operationName: string | null | undefined): GraphQLError {
  const message =
    operationName == null
      ? 'The document has several operations. Name one in "operationName".'
      : 'The document has no operation with the given "operationName". Send the name of one of its operations.'
  return new GraphQLError(message, {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  })
}

function notAStream(): GraphQLError {
  const message =
    'A subscription needs a stream. Send it with "accept: text/event-stream" (GraphQL over SSE), with "accept: multipart/mixed;subscriptionSpec=1.0" (multipart subscription protocol), or over a WebSocket with the subprotocol graphql-transport-ws.'
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } })
}
