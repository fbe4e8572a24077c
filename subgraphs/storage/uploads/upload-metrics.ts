import { counter } from '../../../platform/observability/metrics.ts'

const uploads = counter({
  name: 'moblog_uploads_total',
  help: 'Uploads that were started (repeated requests included), refused at the handshake, completed, rejected after verification, or given up.',
  labels: ['event'],
})

/** What happens to an upload. */
export type UploadEvent = 'started' | 'refused' | 'completed' | 'rejected' | 'expired' | 'cancelled'

/** Counts an upload in the metrics. Call it after the transaction that records the event. */
export function countUpload(event: UploadEvent): void {
  uploads.add({ event })
}
