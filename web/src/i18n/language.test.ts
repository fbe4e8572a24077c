import { preferredLanguage } from './language.ts'

describe('the language', () => {
  it.each([
    [null, ['zh-CN', 'en'], 'zh-Hans'],
    [null, ['zh-TW'], 'zh-Hans'],
    [null, ['fr-FR', 'zh-CN', 'en'], 'zh-Hans'],
    [null, ['en-GB', 'zh-CN'], 'en'],
    [null, ['fr-FR'], 'en'],
    [null, [], 'en'],
    ['zh-Hans', ['en'], 'zh-Hans'],
    ['nonsense', ['zh'], 'zh-Hans'],
  ] as const)('chosen %s, preferred %s: %s', (chosen, preferred, language) => {
    expect(preferredLanguage(chosen, preferred)).toBe(language)
  })
})
