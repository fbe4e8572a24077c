import fc from 'fast-check'
import { labelOf, languageOf } from './track-language.ts'

describe('the language of a track', () => {
  it.each([
    ['ger', 'de', 'Deutsch'],
    ['zh-Hant-TW', 'zh-Hant-TW', '中文（繁體，台灣）'],
    ['en-x-foo', 'en-x-foo', 'English'],
    ['de-a-bbb', 'de-a-bbb', 'Deutsch'],
    ['', 'und', 'Captions'],
    ['no language', 'und', 'Captions'],
  ])('of "%s" is %s, which is called %s', (text, language, label) => {
    expect(languageOf(text)).toBe(language)
    expect(labelOf(language)).toBe(label)
  })

  it('is found for every text', () => {
    const letters = [...'abcdxuEN-']
    const tag = fc.string({ unit: fc.constantFrom(...letters), maxLength: 36 })
    const suffix = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 4 })
    const valid = suffix.map((parts) => ['en', ...parts].join('-'))
    fc.assert(
      fc.property(fc.oneof(tag, valid, fc.string()), (text) => {
        expect(labelOf(languageOf(text)).length).toBeGreaterThan(0)
      }),
      { numRuns: 2_000 },
    )
  })
})
