import DataLoader from 'dataloader'
import type { ExecutionResult } from 'graphql'
import { LRUCache } from 'lru-cache'
import { asError, VisibleError } from '../errors.ts'
import type { Viewer } from '../identity/caller.ts'
import { currentScope } from '../observability/request-scope.ts'
import type { GraphqlRequest } from './executor.ts'

/**
 * How to send a query for one viewer, and for several viewers who send the same query, each with their own variables.
 */
export type QueryWays = {
  one(request: GraphqlRequest, viewer: Viewer): Promise<ExecutionResult>
  /** @returns a result for each viewer, in their order */
  many(
    request: GraphqlRequest,
    variables: readonly GraphqlRequest['variables'][],
    viewers: readonly Viewer[],
    requestIds: readonly string[],
  ): Promise<readonly ExecutionResult[]>
}

type Asked = { request: GraphqlRequest; viewer: Viewer; requestId: string }

// The assertion for all viewers must fit into a header: Node reads 16 KiB of headers, and a viewer takes about 200
// bytes.
const MAX_TOGETHER = 50
// In characters. A query longer than LARGEST_QUERY is not joined with others.
const REMEMBERED_QUERIES = 4 * 1024 ** 2
const LARGEST_QUERY = 64 * 1024
// In characters. A client can make variables large. Joined, they would exceed what a service accepts, and the requests of
// others would fail with them.
const LARGEST_VARIABLES = 16 * 1024

/**
 * Joins requests for the same query that are made in the same turn of the event loop into one request, with each
 * viewer's own variables (variable batching). A post that wakes a thousand subscribers causes three times as many
 * requests.
 *
 * Only identical queries are joined, so that no query waits for one that is inherently slower.
 */
export function joinQueries(
  ways: QueryWays,
): (request: GraphqlRequest, viewer: Viewer) => Promise<ExecutionResult> {
  const joint = async (asked: readonly Asked[]): Promise<readonly (ExecutionResult | Error)[]> => {
    const [first] = asked
    if (!first) return []
    if (asked.length === 1) return [await ways.one(first.request, first.viewer)]
    try {
      return await ways.many(
        first.request,
        asked.map(({ request }) => request.variables),
        asked.map(({ viewer }) => viewer),
        asked.map(({ requestId }) => requestId),
      )
    } catch (error) {
      // The answers are too large together. Each viewer gets their own.
      if (!(error instanceof VisibleError)) throw error
      return Promise.all(asked.map(({ request, viewer }) => ways.one(request, viewer).catch(asError)))
    }
  }
  const loaders = new LRUCache<string, DataLoader<Asked, ExecutionResult>>({
    maxSize: REMEMBERED_QUERIES,
    maxEntrySize: LARGEST_QUERY,
    sizeCalculation: (_loader, key) => key.length,
  })

  return (request, viewer) => {
    if (JSON.stringify(request.variables ?? {}).length > LARGEST_VARIABLES) return ways.one(request, viewer)
    const key = `${request.operationName ?? ''} ${request.query}`
    const loader =
      loaders.get(key) ??
      new DataLoader(joint, { cache: false, maxBatchSize: MAX_TOGETHER, batchScheduleFn: setImmediate })
    loaders.set(key, loader)
    return loader.load({ request, viewer, requestId: currentScope()?.requestId ?? '' })
  }
}
