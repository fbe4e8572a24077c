import { VisibleError } from '../../platform/errors.ts'
import { networkOf } from '../../platform/http/network-of.ts'
import type { Viewer } from '../../platform/identity/caller.ts'
import { holdsFile } from '../../platform/subgraph/multipart-body.ts'
import { createTurnsOfEach } from '../../platform/turns/turns-of-each.ts'
import type { GatewayContext } from '../ask-subgraph.ts'
import type { Executing } from './compiled-executor.ts'

// A client asks for a few things when it starts. Signed-out viewers of a network share its turns.
const PLACES = 4
const UPLOADS_AT_ONCE = 16
const MOST_WAITING = 1_000

// A friend's page with 20 posts takes one place, and the costliest operations take all places.
const WEIGHT_OF_PLACE = 6_000

/**
 * Makes the operations of each viewer take turns, in this process. The rate limit allows a viewer to use a minute's share in
 * one burst, which would otherwise occupy the processors and the connections to the database until it is over, and delay
 * everyone else. An operation keeps its places until its response is written.
 *
 * Queries and mutations have turns of their own, so what a user does need not wait for what the client loads. So have
 * operations with a file, which take as long as their client sends, and must not stall while they wait.
 */
export function withOperationTurns(executing: Executing): Executing {
  const takeTurn = createTurnsOfEach(PLACES, MOST_WAITING)
  const takeUploadTurn = createTurnsOfEach(UPLOADS_AT_ONCE, MOST_WAITING)
  return {
    ...executing,
    async load(options) {
      const { executor } = await executing.load(options)
      return {
        async executor(request) {
          // @apollo/server passes the context that the product gave it.
          const { viewer, meter, answered } = request.context as GatewayContext
          const owner = `${request.operation.operation} ${ownerOf(viewer)}`
          const leave = holdsFile(request.request.variables)
            ? await takeUploadTurn(owner)
            : await takeTurn(owner, placesOf(meter?.weight() ?? 0))
          if (!leave) return { errors: [waitsTooLong()] }
          void answered.then(leave)
          return executor(request)
        },
      }
    },
  }
}

const ownerOf = ({ userId, address = '' }: Viewer) => userId ?? networkOf(address)

const placesOf = (weight: number) => Math.max(1, Math.ceil(weight / WEIGHT_OF_PLACE))

const waitsTooLong = () =>
  new VisibleError('RATE_LIMITED', 'Too many of your operations wait. Send fewer at the same time.', {
    retryAfterSeconds: 1,
    http: { status: 429 },
  })
