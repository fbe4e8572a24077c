import { eventually } from '../../../testing/eventually.ts'
import { createUploadReader, UnreadCount } from './read-uploads.ts'

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

describe('the number of unread notifications', () => {
  it('does not count own uploads until they are marked, and counts what else arrives meanwhile', () => {
    const unread = new UnreadCount()
    expect(unread.of(11)).toBe(11)
    unread.note(notice('stored'), 11)
    unread.note(notice('ready', 'MediaReady'), 11)
    expect([14, 12, 11].map((counted) => unread.of(counted))).toEqual([11, 11, 11])
    unread.note(notice('liked', 'PostLiked'), 11)
    expect(unread.of(14)).toBe(12)
    // Read in the inbox.
    expect(unread.of(3)).toBe(3)
    unread.release()
    expect(unread.of(14)).toBe(14)
  })

  it('counts everything as long as nothing was uploaded', () => {
    const unread = new UnreadCount()
    unread.note(notice('liked', 'PostLiked'), 0)
    expect(unread.of(5)).toBe(5)
  })
})
