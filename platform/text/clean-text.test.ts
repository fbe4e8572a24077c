import fc from 'fast-check'
import { characterCount, cleanLine, cleanText } from './clean-text.ts'

describe('a text', () => {
  it('keeps line breaks and tabs, and normalizes line breaks', () => {
    expect(cleanText('a\r\nb\rc\u2028d\n\te')).toBe('a\nb\nc\nd\n\te')
  })

  it('is composed, and loses invisible characters at its end', () => {
    expect(cleanText('cafe\u0301 \n\n ')).toBe('café')
  })

  it('loses control characters and bidi overrides', () => {
    expect(cleanText('a\u0000b\u001b[31mc\u009f \u202Egpj.exe')).toBe('ab[31mc gpj.exe')
  })

  it('is composed across removed characters', () => {
    expect(cleanText('e\u202E\u0301')).toBe('é')
  })

  it('keeps the invisible characters that scripts and emoji need', () => {
    const text = '👩‍👩‍👧 می‌خواهم \u2067שלום\u2069 你好'
    expect(cleanText(text)).toBe(text)
  })

  it('is empty if none of its characters is visible', () => {
    expect(cleanText('\u200b\u200d \u3164\u2800\n\ufeff\ufffc\u{1d159}\ufdd0')).toBe('')
  })

  it('has its lone surrogates replaced', () => {
    expect(cleanText('a\ud800b')).toBe('a\ufffdb')
  })

  it('is counted in code points', () => {
    expect(characterCount('a😀你')).toBe(3)
  })

  it('is stable, well-formed and free of control characters for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text)
        expect(cleanText(clean)).toBe(clean)
        expect(clean.isWellFormed()).toBe(true)
        expect(clean).not.toMatch(/[\p{Cc}--[\n\t]]/v)
      }),
    )
  })
})

describe('a name', () => {
  it('has one line and does not change the direction of the text next to it', () => {
    expect(cleanLine(' My\n\tmoblog \u2067\u202E!\u2069 ')).toBe('My moblog !')
    expect(cleanLine(' \u200b ')).toBe('')
  })
})
