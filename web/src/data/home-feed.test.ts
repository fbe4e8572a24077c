import fc from 'fast-check'
import { announcedPost, newPostsOf, onlineFirst } from './home-feed.ts'
import type { LiveNotification } from './live.ts'

const post = (seenByViewer: boolean, relationship = 'FRIEND') => ({ seenByViewer, author: { relationship } })
const own = post(true, 'SELF')
const [isNew, seen] = [post(false), post(true)]
const posts = fc.array(fc.constantFrom(isNew, seen, own))

describe('the new posts at the top of the home feed', () => {
  it('end before the first post of another user that the viewer has seen', () => {
    expect(newPostsOf([isNew, own, isNew, seen, isNew], true)).toEqual({ count: 3, isEndKnown: true })
    expect(newPostsOf([isNew, own, seen], true)).toEqual({ count: 1, isEndKnown: true })
    expect(newPostsOf([own, seen], true)).toEqual({ count: 0, isEndKnown: true })
  })

  it('may go on if all posts are new, until the feed ends', () => {
    expect(newPostsOf([isNew, own], true)).toEqual({ count: 1, isEndKnown: false })
    expect(newPostsOf([isNew, own], false)).toEqual({ count: 1, isEndKnown: true })
    expect(newPostsOf([], false)).toEqual({ count: 0, isEndKnown: true })
  })

  it('are followed by no new post before the first seen one, and a longer feed never has fewer', () => {
    fc.assert(
      fc.property(posts, posts, (first, more) => {
        const { count } = newPostsOf(first, true)
        expect(first.slice(0, count)).not.toContain(seen)
        expect(count === 0 || first[count - 1] === isNew).toBe(true)
        expect(newPostsOf([...first, ...more], true).count).toBeGreaterThanOrEqual(count)
      }),
    )
  })
})

it('friends who are online come first, and each group keeps its order', () => {
  const moblogs = fc.array(
    fc.record({ id: fc.nat(), owner: fc.option(fc.record({ isOnline: fc.boolean() })) }),
  )
  fc.assert(
    fc.property(moblogs, (given) => {
      const online = given.filter(({ owner }) => owner?.isOnline)
      const others = given.filter(({ owner }) => !owner?.isOnline)
      expect(onlineFirst(given)).toEqual([...online, ...others])
    }),
  )
})

describe('a notification', () => {
  const announced = (__typename: string, relationship: string, createdAt: string, publishedAt = createdAt) =>
    announcedPost({
      __typename,
      createdAt,
      post: { id: '1', publishedAt, author: { relationship } },
    } as LiveNotification)

  it('announces the new post of a friend, also if the post mentions the viewer', () => {
    expect(announced('PostPublished', 'FRIEND', '2026-11-26T12:00:00Z')).toBe('1')
    expect(announced('MentionedInPost', 'FRIEND', '2026-11-26T12:00:02Z', '2026-11-26T12:00:00Z')).toBe('1')
  })

  it('announces nothing that is not new in the home feed', () => {
    expect(announced('MentionedInPost', 'NONE', '2026-11-26T12:00:00Z')).toBeNull()
    expect(announced('MentionedInPost', 'FRIEND', '2026-11-26T14:00:00Z', '2026-11-26T12:00:00Z')).toBeNull()
    expect(announced('PostLiked', 'FRIEND', '2026-11-26T12:00:00Z')).toBeNull()
  })
})
