import { newId } from '../../../platform/ids.ts'
import { mediaEventHandlers } from './media-events.ts'

it('a rejection that an earlier version queued is reported with its kind', async () => {
  const reports: unknown[] = []
  const handlers = mediaEventHandlers(() => ({
    async execute({ variables }) {
      reports.push(variables)
      return { data: { reportUploadActivity: true } }
    },
    async close() {},
  }))
  const input = { uploadId: newId(), ownerId: newId() }
  await handlers['media-register']({ event: 'rejected', input })
  expect(reports).toEqual([{ input: { ...input, kind: 'REJECTED' } }])
})
