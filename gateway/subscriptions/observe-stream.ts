import { createHash } from 'node:crypto'
import { gauge } from '../../platform/observability/metrics.ts'
import { summarizeOperation } from '../operation-reports.ts'

let open = 0

gauge({
  name: 'moblog_event_streams',
  help: 'Open event streams of the gateway.',
  read: () => [{ labels: {}, value: open }],
})

/**
 * Records a subscription that begins, for the access log and the number of open streams.
 *
 * @param signal is aborted when the stream has ended
 */
export function observeStream(
  { query, operationName }: { query: string; operationName?: string | null | undefined },
  viewerId: string | null,
  signal: AbortSignal,
): void {
  const documentHash = createHash('sha256').update(query).digest('hex')
  summarizeOperation({
    operation: nameIn(query, operationName),
    type: 'subscription',
    documentHash,
    viewerId,
  })
  if (signal.aborted) return
  open += 1
  signal.addEventListener(
    'abort',
    () => {
      open -= 1
    },
    { once: true },
  )
}

function nameIn(query: string, operationName: string | null | undefined): string | null {
  return operationName ?? /\bsubscription\s+(\w+)/.exec(query)?.[1] ?? null
}
