import { hashtagAddress } from './hashtag-address.ts'

describe('the address of a hashtag in the search', () => {
  it.each([
    ['#food', '#/tag/food'],
    [' ＃Food_2026 ', '#/tag/Food_2026'],
    ['#湖边#', '#/tag/%E6%B9%96%E8%BE%B9'],
    ['#paral·lel', '#/tag/paral%C2%B7lel'],
    ['#ア・イ#', '#/tag/%E3%82%A2%E3%83%BB%E3%82%A4'],
    [`#${'a'.repeat(100)}#`, `#/tag/${'a'.repeat(100)}`],
  ])('leads from "%s" to its posts', (text, address) => {
    expect(hashtagAddress(text)).toBe(address)
  })

  it.each([
    'food',
    '#',
    '#2026',
    '#two words',
    '@mei',
    '#a/b',
    '#·a',
    '#a·',
    '#ア・・イ',
    `#${'a'.repeat(101)}`,
  ])('does not exist for "%s"', (text) => {
    expect(hashtagAddress(text)).toBeNull()
  })
})
