import { beginRequest } from '../platform/pauses.ts'
import { createWork } from '../platform/subgraph/work.ts'
import type { GatewayContext } from './ask-subgraph.ts'

/** An operation that has begun. */
export type BegunOperation = Pick<GatewayContext, 'work' | 'answered'> & {
  /** To be called when the response is written, or when there will be none. */
  end(): void
}

/** Begins an operation. Until it ends or turns out to be large, operations that are large let it go first. */
export function beginOperation(): BegunOperation {
  const { promise: answered, resolve } = Promise.withResolvers<void>()
  const endRequest = beginRequest()
  return {
    work: createWork({}, endRequest),
    answered,
    end() {
      endRequest()
      resolve()
    },
  }
}
