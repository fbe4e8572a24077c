import { GraphQLError, parse } from 'graphql'
import { LRUCache } from 'lru-cache'
import { documentFault } from '../platform/graphql/document-limits.ts'
import { RefusedRequest } from '../platform/http/refused-request.ts'
import { TOO_COSTLY } from './cost/cost-limit.ts'
import type { OperationMeter } from './rate-limit/operation-limit.ts'
import { documentWeight } from './rate-limit/operation-weight.ts'
import { MAX_TOKENS, tokenFault } from './token-limit.ts'

// A document that has passed is not checked again.
const REMEMBERED_CHARACTERS = 2_000_000

/**
 * Creates a check that runs before validation, because some documents of a few kilobytes take seconds to validate. The
 * meter counts the document first, so that refused ones count too.
 *
 * @throws RefusedRequest with `OPERATION_TOO_COSTLY`, or `GRAPHQL_VALIDATION_FAILED` if it has too many tokens
 */
export function createQueryScreen(): (query: unknown, meter: OperationMeter) => void {
  const passed = new LRUCache<string, true>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_, query) => query.length + 100,
  })
  return (query, meter) => {
    if (typeof query !== 'string' || query === '') return
    meter.count(documentWeight(query))
    if (passed.has(query)) return
    const tokens = tokenFault(query)
    if (tokens !== null) throw new RefusedRequest(400, 'GRAPHQL_VALIDATION_FAILED', tokens)
    const fault = faultOf(query)
    if (fault !== null) throw new RefusedRequest(400, TOO_COSTLY, `The operation is too large. ${fault}`)
    passed.set(query, true)
  }
}

function faultOf(query: string): string | null {
  try {
    return documentFault(parse(query, { maxTokens: MAX_TOKENS, noLocation: true }))
  } catch (error) {
    // Validation reports syntax errors later.
    if (error instanceof GraphQLError) return null
    if (error instanceof RangeError) return 'It is nested too deeply. Use fewer levels.'
    throw error
  }
}
