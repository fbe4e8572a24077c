import { canonicalLanguage, isCaptionsFile, languageInName, nameOfLanguage } from './captions-file.ts'

describe('a file of captions', () => {
  it('is WebVTT or SRT', () => {
    expect(['talk.vtt', 'TALK.SRT', 'talk.txt', 'vtt', 'talk.vtt.mp4'].map(isCaptionsFile)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it.each([
    ['talk.de.vtt', 'de'],
    ['talk.zh-hans.srt', 'zh-Hans'],
    ['talk.pt-br.vtt', 'pt-BR'],
    ['talk.vtt', 'en'],
    ['my.holiday-film-of-2026.vtt', 'en'],
    ['', 'en'],
  ])('named %j is in the language %s', (name, expected) => {
    expect(languageInName(name, 'en')).toBe(expected)
  })

  it('has a language that the API takes', () => {
    expect([' EN ', 'zh-hant', 'not a tag', ''].map(canonicalLanguage)).toEqual(['en', 'zh-Hant', null, null])
  })

  it('is called as its language calls itself', () => {
    expect(['de', 'fr', '??'].map(nameOfLanguage)).toEqual(['Deutsch', 'français', '??'])
  })
})
