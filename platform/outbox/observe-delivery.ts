import { gauge, histogram, JOB_SECONDS, type Sample } from '../observability/metrics.ts'
import { createScope, runInScope } from '../observability/request-scope.ts'
import { runInSpan, startSpan } from '../observability/tracing.ts'
import type { Message } from './queue.ts'

const durations = histogram({
  name: 'moblog_outbox_delivery_duration_seconds',
  help: 'Duration of attempts to deliver a message or to do a job, by outbox, topic and outcome.',
  labels: ['outbox', 'topic', 'outcome'],
  buckets: JOB_SECONDS,
})

/** The outboxes of this process, and how to count their messages. */
const outboxes = new Map<string, { topics: readonly string[]; depths(): Promise<Map<string, number>> }>()

// A database that does not answer must not hold up all other metrics.
const COUNT_WITHIN_MS = 2_000

gauge({
  name: 'moblog_outbox_messages',
  help: 'Messages and jobs that are not delivered yet. All processes on one database report the same number.',
  labels: ['outbox', 'topic'],
  async read() {
    const all = [...outboxes].map(async ([outbox, { topics, depths }]) => {
      const counts = await inTime(depths())
      const known = new Set([...topics, ...counts.keys()])
      return [...known].map((topic) => ({ labels: { outbox, topic }, value: counts.get(topic) ?? 0 }))
    })
    return (await Promise.all(all)).flat() satisfies Sample<'outbox' | 'topic'>[]
  },
})

function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('the outbox was not counted in time')), COUNT_WITHIN_MS).unref()
  })
  return Promise.race([work, late])
}

/**
 * Adds an outbox to the metrics.
 *
 * @param topics the topics that this consumer handles, which are reported also without messages
 * @returns the function to call when the consumer stops
 */
export function observeOutbox(
  outbox: string,
  topics: readonly string[],
  depths: () => Promise<Map<string, number>>,
): () => void {
  const others = outboxes.get(outbox)
  const source = { topics: [...(others?.topics ?? []), ...topics], depths }
  outboxes.set(outbox, source)
  return () => {
    if (outboxes.get(outbox) === source) outboxes.delete(outbox)
  }
}

/** Runs one attempt with the request id of the request that caused the message, in a span of that request's trace. */
export async function observeDelivery(
  { outbox, topic }: { outbox: string; topic: string },
  { requestId, traceparent }: Message,
  attempt: () => Promise<void>,
): Promise<void> {
  const startedAt = performance.now()
  let outcome = 'failed'
  const span = startSpan(`deliver ${topic}`, {
    kind: 'internal',
    parent: traceparent || null,
    attributes: { 'moblog.outbox': outbox, 'moblog.topic': topic },
  })
  const run = () => (span ? runInSpan(span, attempt) : attempt())
  try {
    await (requestId === '' ? run() : runInScope(createScope(requestId), run))
    outcome = 'delivered'
  } finally {
    durations.observe({ outbox, topic, outcome }, (performance.now() - startedAt) / 1000)
  }
}
