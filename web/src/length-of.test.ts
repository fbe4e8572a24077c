import fc from 'fast-check'
import { characterCount, cleanText } from '../../platform/text/clean-text.ts'
import { lengthOf } from './length-of.ts'

describe('the length of a text', () => {
  it.each([
    ['an emoji', '😀', 1],
    ['a joined emoji, which has several code points', '👨‍👩‍👧', 5],
    ['a letter whose accent was typed after it', 'e\u0301', 1],
    ['white space at the end, which is not stored', 'a \n', 1],
  ])('counts %s', (_, text, length) => {
    expect(lengthOf(text)).toBe(length)
  })

  it('is the one that the server counts', () => {
    const letters = fc.constantFrom('a', 'é', 'e\u0301', '日', '😀', '👨‍👩‍👧', 'ก', '한', ' ', '\n')
    fc.assert(
      fc.property(fc.array(letters), (parts) => {
        const text = `a${parts.join('')}`
        expect(lengthOf(text)).toBe(characterCount(cleanText(text)))
      }),
    )
  })
})
