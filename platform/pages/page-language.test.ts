import { chooseLanguage } from './page-language.ts'

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
})
