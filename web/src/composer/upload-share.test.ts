import { draftItem } from './draft.ts'
import { shareOf } from './upload-share.ts'

const MB = 1_000_000
const share = (uploads: { [id: string]: { progress: number | null; totalBytes: number | null } }) =>
  shareOf(
    [...Object.keys(uploads), 'gone'].map((uploadId) => draftItem(uploadId, uploadId)),
    (id) => uploads[id] ?? null,
  )

describe('the bar of a post that waits', () => {
  it('shows the share of the bytes, not of the files', () => {
    const photo = { progress: 1, totalBytes: 0.9 * MB }
    expect(share({ a: photo, b: photo, film: { progress: 0.5 / 8.2, totalBytes: 8.2 * MB } })).toBeCloseTo(
      0.23,
    )
    expect(share({ a: photo, b: photo })).toBe(1)
  })

  it('is empty as long as the size of a recording is not known, and without uploads', () => {
    expect(share({ a: { progress: 1, totalBytes: MB }, b: { progress: null, totalBytes: null } })).toBe(0)
    expect(share({})).toBe(0)
  })
})
