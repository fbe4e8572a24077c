import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { isMultipart, readMultipart } from '../http/multipart.ts'
import { readJson } from '../http/read-body.ts'
import { bearerToken, sendGraphqlError, sendJson } from '../http/respond.ts'
import type { Route } from '../http/routes.ts'
import { readCallers } from '../identity/assertion.ts'
import type { Caller } from '../identity/caller.ts'
import type { Verifier } from '../tokens/verifier.ts'
import type { Subgraph } from './subgraph.ts'

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
    // A list if several viewers send the same query: the answer is then a list of results in their order.
    variables: z.union([givenVariables, z.array(givenVariables)]),
  })
  .transform(({ variables: given, ...operation }) => ({
    isBatch: Array.isArray(given),
    operation,
    variables: Array.isArray(given) ? given : [given],
  }))

/** The dependencies of `subgraphRoute`. */
export type SubgraphRouteOptions = {
  subgraph: Subgraph
  verifier: Verifier
  /** The services, apart from the gateway, that may call this subgraph on their own behalf. */
  services: readonly string[]
}

/**
 * Creates the subgraph's GraphQL route for the gateway and for other services. Requests without a viewer assertion or a
 * service token get 401. This includes `_service` and `_entities`, because access decisions rely on the caller's
 * identity.
 */
export function subgraphRoute({ subgraph, verifier, services }: SubgraphRouteOptions): Route {
  // The gateway reuses an assertion for half a minute, so verifying it once is enough.
  const verified = new LRUCache<string, Caller[]>({ max: 50_000, ttl: ASSERTION_MEMORY_MS })
  const identify = async (request: IncomingMessage): Promise<Caller[] | null> => {
    const token = bearerToken(request)
    if (!token) return null
    const known = verified.get(token)
    if (known) return known
    const callers = await readCallers(verifier, token, subgraph.name, services).catch(() => null)
    // An assertion for several viewers is not reused.
    if (callers?.length === 1) verified.set(token, callers)
    return callers
  }

  return {
    path: '/graphql',
    async handle(request, response) {
      const callers = await identify(request)
      if (!callers)
        return sendGraphqlError(
          response,
          401,
          'UNAUTHENTICATED',
          'The assertion is missing or invalid. Only the gateway and services may send requests here.',
        )
      if (request.method !== 'POST')
        return sendGraphqlError(response, 405, 'BAD_USER_INPUT', 'The method is not supported. Use POST.')
      const { data: asked } = graphqlBody.safeParse(
        isMultipart(request)
          ? await readMultipart(request, response)
          : await readJson(request, MAX_BODY_BYTES),
      )
      if (asked?.variables.length !== callers.length)
        return sendGraphqlError(
          response,
          400,
          'BAD_USER_INPUT',
          'The body is not a GraphQL request with one set of variables per viewer.',
        )
      const { isBatch, operation, variables } = asked
      const results = await Promise.all(
        callers.map((caller, index) =>
          subgraph.execute({ ...operation, variables: variables[index] }, caller),
        ),
      )
      sendJson(response, 200, isBatch ? results : results[0])
    },
  }
}
