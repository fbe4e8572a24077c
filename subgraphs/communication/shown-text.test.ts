import { shownText } from './shown-text.ts'

describe('text that is shown to others', () => {
  it.each(['Ada', '林美玲', 'Łukasz', 'عبد الله', 'नमस्ते', '👩‍🚀 Mia', '👨‍👩‍👧', '🇫🇷', 'a b'])(
    'takes %j as it is',
    (text) => {
      expect(shownText(text, 50)).toEqual({ text })
    },
  )

  it('is trimmed and brought into NFC', () => {
    expect(shownText('  Ame\u0301lie ', 50)).toEqual({ text: 'Am\u00e9lie' })
  })

  it.each([
    ['a control character', 'a\u0007b'],
    ['a line break', 'a\nb'],
    ['a zero-width space', 'a\u200Bb'],
    ['a joiner between letters', 'a\u200Db'],
    ['a byte order mark', 'a\uFEFFb'],
    ['an override of the direction', 'gpj\u202Eexe'],
    ['an isolate', 'a\u2066b'],
    ['half a surrogate pair', 'a\uD800b'],
  ])('refuses %s', (_name, text) => {
    expect(shownText(text, 50)).toEqual({ problem: 'invisible characters' })
  })

  it.each(['', '   ', '\u3164', '\u2800', '\uFE0F'])(
    'refuses %j, in which there is nothing to see',
    (text) => {
      expect(shownText(text, 50)).toEqual({ problem: 'empty' })
    },
  )

  it('counts characters, not UTF-16 units', () => {
    expect(shownText('😀'.repeat(50), 50)).toEqual({ text: '😀'.repeat(50) })
    expect(shownText('a'.repeat(51), 50)).toEqual({ problem: 'too long' })
  })

  it('refuses ten megabytes without reading them', () => {
    const started = performance.now()
    expect(shownText('a'.repeat(10_000_000), 50)).toEqual({ problem: 'too long' })
    expect(performance.now() - started).toBeLessThan(100)
  })
})
