import fc from 'fast-check'
import { mayPlay } from '../access/policy.ts'
import { isNarrower, type PostAudience } from './audience-breadth.ts'

const LISTS = ['close', 'work']
const audience: fc.Arbitrary<PostAudience> = fc.oneof(
  fc.constantFrom('PUBLIC' as const, 'FRIENDS' as const, 'ONLY_ME' as const).map((each) => ({
    audience: each,
    audienceListId: null,
  })),
  fc.record({
    audience: fc.constantFrom('ONLY_LIST' as const, 'EXCEPT_LIST' as const),
    audienceListId: fc.constantFrom(...LISTS, 'deleted'),
  }),
)
const viewers = (['FRIEND', 'NONE'] as const).flatMap((relationship) =>
  [[], ['close'], ['work'], LISTS].map((lists) => ({ relationship, lists })),
)

function plays(
  { relationship, lists }: (typeof viewers)[number],
  audiences: readonly PostAudience[],
): boolean {
  const showings = audiences.map(({ audience: each, audienceListId: list }) => ({
    audience: each,
    isInList: list !== null && LISTS.includes(list) ? lists.includes(list) : null,
    expiresAt: null,
  }))
  return mayPlay({ relationship, showings, isGone: false }, new Date())
}

describe('isNarrower', () => {
  it('is true whenever some viewer plays the media no longer', () => {
    fc.assert(
      fc.property(
        fc.array(audience, { maxLength: 4 }),
        fc.array(audience, { maxLength: 4 }),
        (now, before) => {
          const loses = viewers.some((viewer) => plays(viewer, before) && !plays(viewer, now))
          if (loses) expect(isNarrower(now, before)).toBe(true)
        },
      ),
    )
  })

  it('is false if the same and more users play the media, so that nobody is interrupted', () => {
    const only = { audience: 'ONLY_LIST', audienceListId: 'close' } as const
    const friends = { audience: 'FRIENDS', audienceListId: null } as const
    expect(isNarrower([friends], [only])).toBe(false)
    expect(isNarrower([only, friends], [only])).toBe(false)
    expect(isNarrower([only], [only])).toBe(false)
    expect(isNarrower([only], [])).toBe(false)
  })
})
