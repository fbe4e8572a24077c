import { PAGE_WORDS, pageWords } from './page-language.ts'

describe('the language of a page', () => {
  it('formats counts and dates by its rules', () => {
    const { en, 'zh-Hans': zh } = PAGE_WORDS
    expect([en.likes(1), en.likes(1_234), zh.likes(1)]).toEqual(['1 like', '1,234 likes', '1 个赞'])
    const day = new Date('2026-03-01T23:30:00Z')
    const languages = ['en', 'en-US', 'en-GB', 'en-ZZ'] as const
    expect(languages.map((language) => pageWords(language).date(day))).toEqual([
      'Mar 1, 2026',
      'Mar 1, 2026',
      '1 Mar 2026',
      'Mar 1, 2026',
    ])
    expect(zh.date(new Date('2026-03-01T23:30:00Z'))).toBe('2026年3月1日')
  })
})
