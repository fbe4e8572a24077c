import fc from 'fast-check'
import { findFriends } from './find-friends.ts'

describe('the search among friends', () => {
  const friends = [
    { displayName: 'Zoë Müller', handle: 'zoe' },
    { displayName: '林小梅', handle: 'mei_lin' },
    { displayName: 'Jun', handle: 'jun' },
  ]
  const found = (text: string) => findFriends(friends, text).map(({ handle }) => handle)

  it.each([
    ['', ['zoe', 'mei_lin', 'jun']],
    ['muller', ['zoe']],
    ['小梅', ['mei_lin']],
    ['@JUN', ['jun']],
    ['ｊｕｎ', ['jun']],
    ['nobody', []],
  ])('for %j finds %j', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('finds every friend by any part of the name', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !name.startsWith('@')),
        fc.nat(),
        (displayName, at) => {
          const text = displayName.slice(at % displayName.length)
          expect(findFriends([{ displayName, handle: '' }], text)).toHaveLength(1)
        },
      ),
    )
  })
})
