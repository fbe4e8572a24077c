import { findUnreadAbout } from './mark-post-read.ts'

const node = (id: string, postId: string | null, readAt: string | null = null) => ({
  node: { id, readAt, ...(postId !== null && { post: { id: postId } }) },
})
const page = (edges: ReturnType<typeof node>[], endCursor: string | null = null) => ({
  edges,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
})

describe('the unread notifications about a post', () => {
  it('are those of the post and of no other, on as many pages as have unread ones', async () => {
    const asked: (string | null)[] = []
    const pages = [
      page([node('7', 'a'), node('6', null), node('5', 'b')], 'second'),
      page([node('4', 'a', '2026-11-27T00:00:00Z'), node('3', 'a')], 'third'),
      page([node('2', 'a')]),
    ]
    const read = async (after: string | null) => {
      asked.push(after)
      return pages[asked.length - 1] ?? null
    }
    expect(await findUnreadAbout('a', 4, read)).toEqual(['7', '3'])
    expect(asked).toEqual([null, 'second'])
  })

  it('are not asked for if nothing is unread, and not without end', async () => {
    let asked = 0
    const read = async () => page([node(String(++asked), 'a')], 'more')
    expect(await findUnreadAbout('a', 0, read)).toEqual([])
    expect(asked).toBe(0)
    expect(await findUnreadAbout('a', 1_000, read)).toHaveLength(5)
  })

  it('are none for a viewer who is signed out', async () => {
    expect(await findUnreadAbout('a', 3, async () => null)).toEqual([])
  })
})
