import type { IncomingMessage, ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { isMultipart, readMultipart } from '../http/multipart.ts'
import { readJson } from '../http/read-body.ts'
import { bearerToken, sendGraphqlError, sendJsonLines } from '../http/respond.ts'
import type { Route } from '../http/routes.ts'
import { FURTHER_ASSERTIONS, readCallers } from '../identity/assertion.ts'
import type { Caller, ServiceCaller, Viewer } from '../identity/caller.ts'
import { partScopes } from '../observability/part-scopes.ts'
import type { Verifier } from '../tokens/verifier.ts'
import type { Executor } from './executor.ts'
import { INTERNAL_PATH, type InternalApi } from './internal-api.ts'
import type { Subgraph } from './subgraph.ts'
import { createWork } from './work.ts'

// How long a verified assertion is remembered. This, the assertion's lifetime of 60 s and the tolerated clock skew
// limit how long an assertion can be used after it was signed.
const ASSERTION_MEMORY_MS = 15_000
const MAX_BODY_BYTES = 4 * 1024 * 1024

const givenVariables = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? undefined)

const graphqlBody = z
  .object({
    query: z.string(),
    operationName: z
      .string()
      .nullish()
      .transform((name) => name ?? undefined),
    // A list if several viewers send the same query: the answer then has a line for each of them, in their order.
    variables: z.union([givenVariables, z.array(givenVariables)]),
  })
  .transform(({ variables: given, ...operation }) => ({
    operation,
    variables: Array.isArray(given) ? given : [given],
  }))

/**
 * Creates the subgraph's GraphQL route, on which the gateway sends the operations of viewers. Requests without a viewer
 * assertion get 401. This includes `_service` and `_entities`, because access decisions rely on the viewer's identity.
 */
export function subgraphRoute({ subgraph, verifier }: { subgraph: Subgraph; verifier: Verifier }): Route {
  return graphqlRoute<Viewer>({
    path: '/graphql',
    readToken: async (token) =>
      (await readCallers(verifier, token, subgraph.name, [])).filter((caller) => caller.kind === 'viewer'),
    readBody: (request, response) =>
      isMultipart(request) ? readMultipart(request, response) : readJson(request, MAX_BODY_BYTES),
    execute: subgraph.execute,
    refusal: 'The assertion is missing or invalid. Only the gateway may send requests here.',
  })
}

/** The dependencies of `internalRoute`. */
export type InternalRouteOptions = {
  internal: InternalApi
  verifier: Verifier
  /** The services that may call this one. */
  services: readonly string[]
}

/**
 * Creates the GraphQL route of a service's internal API. Requests without a service token get 401, so no internal
 * resolver has to check that its caller is a service.
 */
export function internalRoute({ internal, verifier, services }: InternalRouteOptions): Route {
  return graphqlRoute<ServiceCaller>({
    path: INTERNAL_PATH,
    readToken: async (token) =>
      (await readCallers(verifier, token, internal.name, services)).filter(
        (caller) => caller.kind === 'service',
      ),
    readBody: (request) => readJson(request, MAX_BODY_BYTES),
    execute: internal.execute,
    refusal: 'The assertion is missing or invalid. Only permitted services may send requests here.',
  })
}

type GraphqlRouteOptions<Known extends Caller> = {
  path: string
  /** Returns the callers that a token names; none, or throws, if it may not be used here. */
  readToken(token: string): Promise<Known[]>
  readBody(request: IncomingMessage, response: ServerResponse): Promise<unknown>
  execute: Executor<Known>
  /** The message for callers who are refused. */
  refusal: string
}

function graphqlRoute<Known extends Caller>(options: GraphqlRouteOptions<Known>): Route {
  const { path, readToken, readBody, execute, refusal } = options
  // Callers reuse an assertion for half a minute, so verifying it once is enough.
  const verified = new LRUCache<string, Known[]>({ max: 50_000, ttl: ASSERTION_MEMORY_MS })
  const read = async (token: string): Promise<Known[]> => {
    const known = verified.get(token)
    if (known) return known
    const callers = await readToken(token)
    // An assertion for several viewers is not reused.
    if (callers.length === 1) verified.set(token, callers)
    return callers
  }
  /** Returns all callers, or none if one of the assertions is not valid. */
  const identify = async (request: IncomingMessage): Promise<Known[]> => {
    const first = bearerToken(request)
    if (!first) return []
    const further = request.headers[FURTHER_ASSERTIONS]
    const tokens = [first, ...(typeof further === 'string' ? further.split(',') : [])]
    const callers = await Promise.all(tokens.map(read)).catch(() => [])
    return callers.every(({ length }) => length > 0) ? callers.flat() : []
  }

  return {
    path,
    isInternal: true,
    async handle(request, response) {
      const callers = await identify(request)
      if (callers.length === 0) return sendGraphqlError(response, 401, 'UNAUTHENTICATED', refusal)
      if (request.method !== 'POST')
        return sendGraphqlError(response, 405, 'BAD_USER_INPUT', 'The method is not supported. Use POST.')
      const { data: asked } = graphqlBody.safeParse(await readBody(request, response))
      if (asked?.variables.length !== callers.length)
        return sendGraphqlError(
          response,
          400,
          'BAD_USER_INPUT',
          'The body is not a GraphQL request with one set of variables per viewer.',
        )
      const { operation, variables } = asked
      const inScope = partScopes(request)
      const works = callers.map(() => createWork())
      const results = await Promise.all(
        callers.map((caller, index) =>
          inScope(index, () => execute({ ...operation, variables: variables[index] }, caller, works[index])),
        ),
      )
      const lines = results.map((value, index) => ({ value, isLarge: works[index]?.isLarge() === true }))
      await sendJsonLines(response, lines)
    },
  }
}
