import fc from 'fast-check'
import { cleanLine, cleanText } from './clean-text.ts'
import { boundCombiningMarks } from './combining-marks.ts'

const TOWERS = ['\u0301', '\u0E47', '\u064E', '\u0F71', '\u0489', '\u20DD', '\u05B8', '\u1DC4']

describe('combining marks', () => {
  it.each(['Tiếng Việt', 'שָּׁ֣בַת', 'بِسْمِ ٱللَّٰهِ', 'ที่นี่', 'བསྒྲུབས', 'ကြွှုံး', 'ẖ̤̱', 'नि̃ह्वां'])(
    'stay as languages use them: %s',
    (text) => {
      expect(boundCombiningMarks(text.normalize('NFC'))).toBe(text.normalize('NFC'))
    },
  )

  it.each(TOWERS)('are limited per letter, case %#', (mark) => {
    const letters = `a${mark.repeat(500)}b`
    expect([...cleanText(letters)].length).toBeLessThanOrEqual(10)
    expect([...cleanLine(letters)].length).toBeLessThanOrEqual(10)
  })

  it('have a stable order after one between them is removed', () => {
    const text = '\u0489\u0489\u20dd\u064e\u0489\u05b8a'
    expect(cleanText(cleanText(text))).toBe(cleanText(text))
  })

  it('are at most eight per letter for any input', () => {
    const unit = fc.constantFrom('a', 'ก', 'ك', '\u200D', ...TOWERS)
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        expect(cleanLine(text)).not.toMatch(/\p{M}{9}/u)
        expect(cleanLine(cleanLine(text))).toBe(cleanLine(text))
        expect(cleanText(cleanText(text))).toBe(cleanText(text))
      }),
    )
  })
})
