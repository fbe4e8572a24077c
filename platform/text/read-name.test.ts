import fc from 'fast-check'
import { readName } from './read-name.ts'

describe('a name', () => {
  it.each(['Ada', '林美玲', 'Łukasz', 'عبد الله', 'नमस्ते', '👩‍🚀 Mia', '👨‍👩‍👧', '🇫🇷', 'a b'])(
    'is accepted unchanged: %j',
    (text) => {
      expect(readName(text, 50)).toEqual({ text })
    },
  )

  it('is trimmed and normalized to NFC', () => {
    expect(readName('  Ame\u0301lie ', 50)).toEqual({ text: 'Am\u00e9lie' })
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
    ['the place of an object', 'ab\uFFFC'],
    ['a note without a head', 'ab\u{1D159}'],
    ['a noncharacter', 'ab\uFDD0'],
    ['an empty Braille cell after other letters', 'ab\u2800'],
    ['an empty Braille cell at the end', 'ab \u2801\u2800'],
  ])('refuses %s', (_name, text) => {
    expect(readName(text, 50)).toEqual({ problem: 'invisible characters' })
  })

  it('may have empty cells between the words of a Braille name', () => {
    expect(readName('\u2801\u281D\u281D\u2800\u2803', 50)).toEqual({ text: '\u2801\u281D\u281D\u2800\u2803' })
  })

  it.each(['', '   ', '\u3164', '\u2800', '\uFE0F'])('is refused if nothing of it is visible: %j', (text) => {
    expect(readName(text, 50)).toEqual({ problem: 'empty' })
  })

  it('has a maximum length in characters, not in UTF-16 units', () => {
    expect(readName('😀'.repeat(50), 50)).toEqual({ text: '😀'.repeat(50) })
    expect(readName('a'.repeat(51), 50)).toEqual({ problem: 'too long' })
  })

  it('is refused without being read if it has ten megabytes', () => {
    const started = performance.now()
    expect(readName('a'.repeat(10_000_000), 50)).toEqual({ problem: 'too long' })
    expect(performance.now() - started).toBeLessThan(100)
  })
})

// A joiner in each place where a language uses one.
const JOINED = {
  Persian: 'می\u200Cخواهم',
  'Persian abbreviation': 'ه\u200D',
  Urdu: 'خوش\u200Cآمدید',
  Sinhala: 'ශ\u0DCA\u200Dරී',
  Malayalam: 'അവന\u0D4D\u200D',
  'Bengali reph': 'র\u200D\u09CDযাম',
  Bengali: 'উদ\u09CD\u200Cযোগ',
  Hindi: 'क\u094D\u200Dष',
  Marathi: 'र\u094D\u200Dया',
  Kannada: 'ರ\u200D\u0CCDಯ',
  Tamil: 'க\u0BCD\u200Cஷ',
  'the flag of England': '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
  'the flag of Scotland': 'Ailsa 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
  'the rainbow flag': '🏳\uFE0F\u200D🌈',
  'a family': '👩🏽\u200D❤\uFE0F\u200D👨🏿',
  'a keycap': '7\uFE0F\u20E3',
  'a Japanese variant': '葛\u{E0100}城',
}

describe('a name with joiners', () => {
  it.each(Object.entries(JOINED))('is accepted unchanged: %s', (_name, text) => {
    expect(readName(text, 50)).toEqual({ text })
  })

  it.each([
    ['a direction mark', 'דנה\u200F', 'דנה'],
    ['a soft hyphen', 'Anna\u00ADlena', 'Annalena'],
    ['a non-joiner after a letter that does not join', 'کار\u200Cها', 'کارها'],
    ['a joiner between letters that join anyway', 'مح\u200Dمد', 'محمد'],
    ['a zero-width space of Khmer', 'សុខ\u200Bជា', 'សុខជា'],
    ['a variation selector without an effect', 'Ada\uFE0F', 'Ada'],
  ])('loses %s, which has no effect', (_name, text, shown) => {
    expect(readName(text, 50)).toEqual({ text: shown })
  })

  it.each([
    ['a text in tags', 'Ada\u{E0062}\u{E0063}\u{E007F}'],
    ['a flag without its end', '🏴\u{E0067}\u{E0062}\u{E0065}'],
    ['two joiners in an emoji', '👩\u200D\u200D🚀'],
    ['a word joiner', 'A\u2060da'],
    ['a filler inside a name', 'A\u3164da'],
  ])('is refused if it can deceive: %s', (_name, text) => {
    expect(readName(text, 50)).toEqual({ problem: 'invisible characters' })
  })

  it.each(['\u200C', '\u200D\u200D', '\u{E0067}\u{E007F}', '\u0301', '\uFE0F\u200D'])(
    'is refused if nothing of it is visible: %j',
    (text) => {
      expect(readName(text, 50)).toEqual({ problem: 'empty' })
    },
  )
})

const INVISIBLE = [
  '\u200B',
  '\u200C',
  '\u200D',
  '\u2060',
  '\uFEFF',
  '\u200E',
  '\u{E0067}',
  '\u034F',
  '\u3164',
  '\uFE0F',
]

it('two Latin names never differ only by an invisible character', () => {
  const letters = fc.stringMatching(/^[A-Za-z][a-z ]{0,8}[a-z]$/)
  fc.assert(
    fc.property(letters, fc.constantFrom(...INVISIBLE), fc.nat(8), (name, invisible, at) => {
      const read = readName(name.slice(0, at) + invisible + name.slice(at), 50)
      expect('problem' in read || read.text === name.replace(/ +/g, ' ')).toBe(true)
    }),
  )
})

it('an accepted name is accepted again unchanged', () => {
  const unit = fc.constantFrom(
    ...Object.values(JOINED).flatMap((text) => [...text]),
    ...INVISIBLE,
    ' ',
    'a',
    '\u0301',
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      const read = readName(text, 100)
      if ('text' in read) expect(readName(read.text, 100)).toEqual(read)
    }),
    { numRuns: 2_000 },
  )
})
