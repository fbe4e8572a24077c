import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, OperationTypeNode } from 'graphql'

/** Refuses documents in which no operation is meant that a plain request can be answered with. */
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

/** The document has no operation of the given name, or several and no name was given. */
export function unresolved(operationName: string | null | undefined): GraphQLError {
  const message =
    operationName == null
      ? 'The document has several operations: name one as "operationName".'
      : 'The document has no operation with the name that "operationName" gives.'
  return new GraphQLError(message, {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  })
}

function notAStream(): GraphQLError {
  const message =
    'A subscription is answered as an event stream: send the header "accept: text/event-stream".'
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } })
}
