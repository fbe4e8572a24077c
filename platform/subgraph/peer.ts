import type { ExecutionResult } from 'graphql'
import { unavailable, VisibleError } from '../errors.ts'
import type { ServiceCaller } from '../identity/caller.ts'
import type { HttpClientOptions } from './client.ts'
import { openConnection, reusedAssertions, twice } from './connection.ts'
import type { GraphqlRequest } from './executor.ts'
import { INTERNAL_PATH, type InternalApi } from './internal-api.ts'
import type { Operation } from './operations.ts'
import { readAnswer } from './read-answer.ts'

/** Sends operations to the internal API of another service on behalf of this service. */
export type PeerClient = {
  /** @throws VisibleError `SERVICE_UNAVAILABLE` if the service does not answer */
  execute(request: GraphqlRequest): Promise<ExecutionResult>
  close(): Promise<void>
}

/**
 * Executes an operation on the internal API of another service.
 *
 * @returns the data of the answer
 * @throws VisibleError `SERVICE_UNAVAILABLE` if the other service does not answer, or answers with an error
 */
export async function callPeer<Data, Variables extends Record<string, unknown>>(
  peer: PeerClient,
  operation: Operation<Data, Variables>,
  variables: Given<Variables>,
): Promise<Data> {
  const { data, errors } = await peer.execute({ query: operation.text, variables })
  // The schema of the other service, against which the operation is tested, vouches for the shape of complete data.
  if (!errors && data) return data as Data
  throw Object.assign(unavailable('A required service does not answer. Try again in a moment.'), {
    cause: errors?.[0],
  })
}

/** A value whose lists may be read-only, because sending it does not change it. */
type Given<Value> = Value extends Date
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Given<Item>[]
    : Value extends object
      ? { readonly [Field in keyof Value]: Given<Value[Field]> }
      : Value

/**
 * Creates a client for a service in the same process.
 *
 * @param self the name of the service that calls
 * @param peer is called for each operation, because the services of one process need each other before all of them
 *   exist
 */
export function inProcessPeer(self: string, peer: () => InternalApi): PeerClient {
  const caller: ServiceCaller = { kind: 'service', service: self }
  return { execute: async (request) => peer().execute(request, caller), close: async () => {} }
}

/** Creates a client for a service over HTTP, with keep-alive, a timeout, and one retry for queries. */
export function httpPeer(options: HttpClientOptions): PeerClient {
  const { name, keyring } = options
  const caller: ServiceCaller = { kind: 'service', service: keyring.issuer }
  const connection = openConnection(options, INTERNAL_PATH)
  const assertions = reusedAssertions(keyring, name)
  const ask = async (request: GraphqlRequest) => {
    const body = await connection.post(await assertions.of(caller), request)
    return (await readAnswer(body)) as ExecutionResult
  }
  return {
    async execute(request) {
      try {
        return await twice(request, () => ask(request))
      } catch (cause) {
        if (cause instanceof VisibleError) throw cause
        throw Object.assign(unavailable(`The ${name} service does not answer. Try again in a moment.`), {
          cause,
        })
      }
    },
    close: connection.close,
  }
}
