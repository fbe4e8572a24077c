import { rateLimited } from '../../platform/errors.ts'
import { networkOf } from '../../platform/http/network-of.ts'
import type { Viewer } from '../../platform/identity/caller.ts'
import { holdsFile } from '../../platform/subgraph/multipart-body.ts'
import { createTurnsOfEach } from '../../platform/turns/turns-of-each.ts'
import type { GatewayContext } from '../ask-subgraph.ts'
import type { Executing } from './compiled-executor.ts'

// A client asks for a few things when it starts. Signed-out viewers of a network share its turns.
const AT_ONCE = 4
const UPLOADS_AT_ONCE = 16
const MOST_WAITING = 1_000

/**
 * Makes the operations of each viewer take turns, in this process. The rate limit allows a viewer to use a minute's share in
 * one burst, which would otherwise occupy the connections to the database until it is over, and delay everyone else.
 *
 * Queries and mutations have turns of their own, so what a user does need not wait for what the client loads. So have
 * operations with a file, which take as long as their client sends, and must not stall while they wait.
 */
export function withOperationTurns(executing: Executing): Executing {
  const takeTurn = createTurnsOfEach(AT_ONCE, MOST_WAITING)
  const takeUploadTurn = createTurnsOfEach(UPLOADS_AT_ONCE, MOST_WAITING)
  return {
    ...executing,
    async load(options) {
      const { executor } = await executing.load(options)
      return {
        async executor(request) {
          // @apollo/server passes the context that the product gave it.
          const { viewer } = request.context as GatewayContext
          const owner = `${request.operation.operation} ${ownerOf(viewer)}`
          const take = holdsFile(request.request.variables) ? takeUploadTurn : takeTurn
          const result = await take(owner, () => executor(request))
          return (
            result ?? {
              errors: [rateLimited('Too many of your operations wait. Send fewer at the same time.', 1)],
            }
          )
        },
      }
    },
  }
}

const ownerOf = ({ userId, address = '' }: Viewer) => userId ?? networkOf(address)
