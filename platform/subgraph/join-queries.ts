import DataLoader from 'dataloader'
import type { ExecutionResult } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Viewer } from '../identity/caller.ts'
import type { GraphqlRequest } from './subgraph.ts'

/** How a subgraph is asked for one viewer, and for several who ask the same with variables of their own. */
export type QueryWays = {
  one(request: GraphqlRequest, viewer: Viewer): Promise<ExecutionResult>
  /** @returns a result for each viewer, in their order */
  many(
    request: GraphqlRequest,
    variables: readonly GraphqlRequest['variables'][],
    viewers: readonly Viewer[],
  ): Promise<readonly ExecutionResult[]>
}

type Asked = { request: GraphqlRequest; viewer: Viewer }

// So that what is signed for them fits into a header: Node reads 16 KiB of headers, and a viewer takes about 200 bytes.
const MAX_TOGETHER = 50
// In characters. A longer query than the largest is joined with none.
const REMEMBERED_QUERIES = 4 * 1024 ** 2
const LARGEST_QUERY = 64 * 1024

/**
 * Lets requests for the same query that are made in the same turn of the event loop travel as one, each viewer's with
 * variables of their own (variable batching). A post that wakes a thousand subscribers makes three times as many.
 *
 * Only the same query is joined, so that none waits for one that is slower by nature.
 */
export function joinQueries(
  ways: QueryWays,
): (request: GraphqlRequest, viewer: Viewer) => Promise<ExecutionResult> {
  const joint = async (asked: readonly Asked[]): Promise<readonly ExecutionResult[]> => {
    const [first] = asked
    if (!first) return []
    if (asked.length === 1) return [await ways.one(first.request, first.viewer)]
    return ways.many(
      first.request,
      asked.map(({ request }) => request.variables),
      asked.map(({ viewer }) => viewer),
    )
  }
  const loaders = new LRUCache<string, DataLoader<Asked, ExecutionResult>>({
    maxSize: REMEMBERED_QUERIES,
    maxEntrySize: LARGEST_QUERY,
    sizeCalculation: (_loader, key) => key.length,
  })

  return (request, viewer) => {
    const key = `${request.operationName ?? ''} ${request.query}`
    const loader =
      loaders.get(key) ??
      new DataLoader(joint, { cache: false, maxBatchSize: MAX_TOGETHER, batchScheduleFn: setImmediate })
    loaders.set(key, loader)
    return loader.load({ request, viewer })
  }
}
