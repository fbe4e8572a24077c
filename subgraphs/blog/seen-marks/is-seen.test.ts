import { isSeen } from './is-seen.ts'
import type { SeenMark } from './seen-mark-store.ts'

const at = (ms: number) => new Date(1_800_000_000_000 + ms)
const mark: SeenMark = { moblogId: 'm', publishedAt: at(5), postId: 'b' }

describe('a post', () => {
  it.each([
    ['older than the mark', { publishedAt: at(4), id: 'c' }, true],
    ['of the mark', { publishedAt: at(5), id: 'b' }, true],
    ['of the same instant with a lower id', { publishedAt: at(5), id: 'a' }, true],
    ['of the same instant with a higher id', { publishedAt: at(5), id: 'c' }, false],
    ['newer than the mark', { publishedAt: at(6), id: 'a' }, false],
  ])('%s is seen or not: %o, %s', (_which, post, expected) => {
    expect(isSeen(post, mark)).toBe(expected)
  })

  it('is not seen if there is no mark', () => {
    expect(isSeen({ publishedAt: at(0), id: 'a' }, null)).toBe(false)
  })
})
