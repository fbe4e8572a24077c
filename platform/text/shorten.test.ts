import fc from 'fast-check'
import { characterCount } from './clean-text.ts'
import { shorten, shortenLine } from './shorten.ts'

const graphemes = (text: string) =>
  [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)

describe('a shortened text', () => {
  it.each([
    ['stays as it is if it fits', 'four', 4, 'four'],
    ['ends with an ellipsis if something is omitted', 'fives', 4, 'fiv…'],
    ['keeps a family whole', 'ab👨‍👩‍👧‍👦c', 8, 'ab…'],
    ['keeps the flag of a country whole', '🇹🇼🇹🇼🇹🇼', 4, '🇹🇼…'],
    ['keeps the flag of a region whole', 'x🏴󠁧󠁢󠁥󠁮󠁧󠁿', 4, 'x…'],
    ['keeps a letter and its accents together', 'ae\u0301\u0302z', 3, 'a…'],
    ['keeps a Devanagari syllable together', 'कक्षि', 4, 'क…'],
    ['has no space at its end', 'ab cd', 4, 'ab…'],
    ['is cut inside a character that alone exceeds the maximum', '👩‍'.repeat(20), 3, '👩‍…'],
  ])('%s', (_what, text, most, expected) => expect(shorten(text, most)).toBe(expected))

  it('has one line', () => expect(shortenLine(' a\n\tb ', 10)).toBe('a b'))

  it('never exceeds the maximum, and consists of whole characters of the original', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 60 }), (original, most) => {
        const short = shorten(original, most, '')
        expect(characterCount(short)).toBeLessThanOrEqual(most)
        expect(original.startsWith(short)).toBe(true)
        const whole = graphemes(original)
        const kept = graphemes(short)
        // Spaces at the end are removed.
        if (short !== '') expect(whole.slice(0, kept.length)).toEqual(kept)
      }),
    )
  })
})
