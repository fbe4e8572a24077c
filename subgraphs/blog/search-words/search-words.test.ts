import fc from 'fast-check'
import { searchQuery, searchWords } from './search-words.ts'

describe('the words of a text', () => {
  it('are the parts between spaces and punctuation, in lower case, without repetition', () => {
    expect(searchWords('Good morning, ＧＯＯＤ Café-Bar!', null, '2026')).toEqual([
      'good',
      'morning',
      'cafe',
      'bar',
      '2026',
    ])
  })

  it('are single characters and pairs in a script without spaces', () => {
    expect(searchWords('移动博客 app')).toEqual(['移', '动', '博', '客', '移动', '动博', '博客', 'app'])
    expect(searchWords('用iPhone拍')).toEqual(['用', 'iphone', '拍'])
  })

  it('include emoji, with or without joiners, variation selectors and adjacent words', () => {
    expect(searchWords('🎉🎂 yes🎉')).toEqual(['🎉', '🎂', '🎉🎂', 'yes'])
    expect(searchWords('❤\ufe0f')).toEqual(searchWords('❤'))
    expect(searchWords('🇨🇳')).toContain('🇨🇳')
    expect(searchWords('👩‍👩‍👧')).toEqual(expect.arrayContaining(['👩', '👧', '👩👧']))
  })

  it('do not include punctuation', () => {
    expect(searchWords("… & | ! ' : *")).toEqual([])
  })
})

describe('a search query', () => {
  it('matches prefixes of words and pairs of Chinese characters', () => {
    expect(searchQuery('Good mor')).toBe("'good':* & 'mor':*")
    expect(searchQuery('博客分享')).toBe("'博客' & '客分' & '分享'")
    expect(searchQuery('博')).toBe("'博'")
    expect(searchQuery('🎉')).toBe("'🎉'")
    expect(searchQuery('party🎉🎂')).toBe("'party':* & '🎉🎂'")
    expect(searchQuery("' | * &")).toBeNull()
  })

  it('contains no tsquery syntax of the user, for any search text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(searchQuery(text) ?? '').toMatch(/^('[^'\\:&|!()]+'(:\*)?( & )?)*$/u)
      }),
    )
  })
})
