import { initials } from './initials.ts'

describe('initials', () => {
  it.each([
    ['Jun Park', 'JP'],
    ['leo', 'L'],
    ['林小梅', '林'],
    ['  Amara  van der Okafor ', 'AO'],
    ['😄 Smile', '😄S'],
    ['🇫🇷 France', '🇫🇷F'],
    ['👨‍👩‍👧 👍🏽', '👨‍👩‍👧👍🏽'],
    ['e\u0301mile', 'E\u0301'],
    ['', ''],
  ])('of %j are %j', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })

  it('are code points in browsers that do not know more', () => {
    const { Segmenter } = Intl
    Object.assign(Intl, { Segmenter: undefined })
    expect([initials('😄 jun'), initials('')]).toEqual(['😄J', ''])
    Object.assign(Intl, { Segmenter })
  })
})
