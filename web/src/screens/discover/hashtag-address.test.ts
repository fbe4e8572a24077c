import { hashtagAddress } from './hashtag-address.ts'

describe('the address of a hashtag in the search', () => {
  it.each([
    ['#food', '#/tag/food'],
    [' ＃Food_2026 ', '#/tag/Food_2026'],
    ['#湖边#', '#/tag/%E6%B9%96%E8%BE%B9'],
  ])('leads from "%s" to its posts', (text, address) => {
    expect(hashtagAddress(text)).toBe(address)
  })

  it.each(['food', '#', '#2026', '#two words', '@mei', '#a/b', `#${'a'.repeat(101)}`])(
    'does not exist for "%s"',
    (text) => {
      expect(hashtagAddress(text)).toBeNull()
    },
  )
})
