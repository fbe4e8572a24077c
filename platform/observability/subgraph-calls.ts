import { histogram, REQUEST_SECONDS } from './metrics.ts'
import { currentScope, type RequestFacts } from './request-scope.ts'
import { inSpan } from './tracing.ts'

const durations = histogram({
  name: 'moblog_subgraph_call_duration_seconds',
  help: 'Duration of calls from the gateway to a subgraph.',
  labels: ['subgraph', 'outcome'],
  buckets: REQUEST_SECONDS,
})

/** Runs a call to a subgraph, and counts it for the access log, the metrics and the trace. */
export async function observeSubgraphCall<Result>(
  subgraph: string,
  call: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now()
  let outcome = 'failed'
  try {
    const result = await inSpan(`subgraph ${subgraph}`, 'client', { 'moblog.subgraph': subgraph }, call)
    outcome = 'answered'
    return result
  } finally {
    const ms = performance.now() - startedAt
    const facts = currentScope()?.facts
    if (facts) add(facts, subgraph, ms)
    durations.observe({ subgraph, outcome }, ms / 1000)
  }
}

function add(facts: RequestFacts, subgraph: string, ms: number): void {
  facts.subgraphs ??= new Map()
  const totals = facts.subgraphs.get(subgraph)
  if (totals) {
    totals.calls += 1
    totals.ms += ms
  } else facts.subgraphs.set(subgraph, { calls: 1, ms })
}
