import { eventually } from '../../../testing/eventually.ts'
import { createUploadReader } from './read-uploads.ts'

type Kind = Parameters<ReturnType<typeof createUploadReader>>[0]['__typename']
const notice = (id: string, __typename: Kind = 'MediaStored', readAt: string | null = null) => ({
  __typename,
  id,
  readAt,
})

describe('notifications about own uploads', () => {
  it('are marked as read together, and no others', async () => {
    const marked: (readonly string[])[] = []
    const take = createUploadReader(async (ids) => void marked.push(ids), 20)
    take(notice('stored'))
    take(notice('ready', 'MediaReady'))
    take(notice('rejected', 'MediaRejected'))
    take(notice('liked', 'PostLiked'))
    take(notice('known', 'MediaReady', '2026-11-27T00:00:00Z'))
    await eventually(() => marked.length === 1)
    expect(marked).toEqual([['stored', 'ready']])
    take(notice('next'))
    await eventually(() => marked.length === 2)
    expect(marked[1]).toEqual(['next'])
  })

  it('are marked with the next ones if that has failed', async () => {
    const marked: (readonly string[])[] = []
    const take = createUploadReader(async (ids) => {
      marked.push(ids)
      if (marked.length === 1) throw new Error('offline')
    }, 10)
    take(notice('first'))
    await eventually(() => marked.length === 1)
    take(notice('second'))
    await eventually(() => marked.length === 2)
    expect(marked[1]).toEqual(['first', 'second'])
  })

  it('are marked in as many requests as the server needs', async () => {
    const marked: number[] = []
    const take = createUploadReader(async ({ length }) => void marked.push(length), 10)
    for (let number = 0; number < 130; number += 1) take(notice(String(number)))
    await eventually(() => marked.length === 2)
    expect(marked).toEqual([100, 30])
  })
})
