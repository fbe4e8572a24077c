import { OperationTypeNode } from 'graphql'
import { rateLimited } from '../../platform/errors.ts'
import { networkOf } from '../../platform/http/network-of.ts'
import type { Viewer } from '../../platform/identity/caller.ts'
import { createTurnsOfEach } from '../../platform/turns/turns-of-each.ts'
import type { GatewayContext } from '../ask-subgraph.ts'
import type { Executing } from './compiled-executor.ts'

// A client asks for a few things when it starts. Signed-out viewers of a network share its turns.
const AT_ONCE = 4
const MOST_WAITING = 1_000

/**
 * Makes the queries of each viewer take turns, in this process. The rate limit allows a viewer to use a minute's share in
 * one burst, which would otherwise occupy the connections to the database until it is over, and delay everyone else.
 * Mutations do not wait: an upload may take minutes, and each kind of write has a rate limit of its own.
 */
export function withQueryTurns(executing: Executing): Executing {
  const takeTurn = createTurnsOfEach(AT_ONCE, MOST_WAITING)
  return {
    ...executing,
    async load(options) {
      const { executor } = await executing.load(options)
      return {
        async executor(request) {
          if (request.operation.operation !== OperationTypeNode.QUERY) return executor(request)
          // @apollo/server passes the context that the product gave it.
          const { viewer } = request.context as GatewayContext
          const result = await takeTurn(ownerOf(viewer), () => executor(request))
          return (
            result ?? {
              errors: [rateLimited('Too many of your queries wait. Send fewer at the same time.', 1)],
            }
          )
        },
      }
    },
  }
}

const ownerOf = ({ userId, address = '' }: Viewer) => userId ?? networkOf(address)
