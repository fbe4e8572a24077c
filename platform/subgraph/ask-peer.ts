import type { z } from 'zod'
import { unavailable } from '../errors.ts'
import type { SubgraphClient } from './client.ts'

/**
 * Sends an operation to another service on behalf of this service and reads the answer.
 *
 * @param self the name of the service that sends the operation
 * @param query an operation on fields that are marked `@inaccessible`
 * @param answer the shape of `data`
 * @throws VisibleError `SERVICE_UNAVAILABLE` if the other service does not answer, or its answer has another shape
 */
export async function askPeer<Answer>(
  peer: SubgraphClient,
  self: string,
  query: string,
  variables: Record<string, unknown>,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const result = await peer.execute({ query, variables }, { kind: 'service', service: self })
  const parsed = answer.safeParse(result.data)
  if (!result.errors && parsed.success) return parsed.data
  const cause = result.errors?.[0] ?? parsed.error
  throw Object.assign(unavailable('A required service does not answer. Try again in a moment.'), { cause })
}
