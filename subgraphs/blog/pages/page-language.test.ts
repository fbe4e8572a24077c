import { chooseLanguage, PAGE_WORDS, pageWords } from './page-language.ts'

describe('the language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['fr, de;q=0.9', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
    ['en-GB, zh', 'en-GB'],
    ['en-Latn-au;q=0.9', 'en-AU'],
    ['en-001', 'en'],
    ['en-x', 'en'],
    ['en;q=0.5, ZH-hans ; q=0.6', 'zh-Hans'],
    ['zh;q=0, *', 'en'],
    ['zh;q=x', 'zh-Hans'],
    ['zhx, en', 'en'],
  ])('is chosen from Accept-Language: "%s" gives %s', (header, language) => {
    expect(chooseLanguage(header)).toBe(language)
  })

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
