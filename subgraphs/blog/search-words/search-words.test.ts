import fc from 'fast-check'
import { searchQuery, searchWords } from './search-words.ts'

describe('the words of a text', () => {
  it('are what stands between spaces and signs, in lower case, once each', () => {
    expect(searchWords('Good morning, ＧＯＯＤ Café-Bar!', null, '2026')).toEqual([
      'good',
      'morning',
      'cafe',
      'bar',
      '2026',
    ])
  })

  it('are characters and pairs where a script has no spaces', () => {
    expect(searchWords('移动博客 app')).toEqual(['移', '动', '博', '客', '移动', '动博', '博客', 'app'])
    expect(searchWords('用iPhone拍')).toEqual(['用', 'iphone', '拍'])
  })

  it('are emoji too, with or without joiners, presentation and a word beside them', () => {
    expect(searchWords('🎉🎂 yes🎉')).toEqual(['🎉', '🎂', '🎉🎂', 'yes'])
    expect(searchWords('❤\ufe0f')).toEqual(searchWords('❤'))
    expect(searchWords('🇨🇳')).toContain('🇨🇳')
    expect(searchWords('👩‍👩‍👧')).toEqual(expect.arrayContaining(['👩', '👧', '👩👧']))
  })

  it('hold what signs say as nothing', () => {
    expect(searchWords("… & | ! ' : *")).toEqual([])
  })
})

describe('a search', () => {
  it('asks for the beginnings of words, and for pairs of Chinese characters', () => {
    expect(searchQuery('Good mor')).toBe("'good':* & 'mor':*")
    expect(searchQuery('博客分享')).toBe("'博客' & '客分' & '分享'")
    expect(searchQuery('博')).toBe("'博'")
    expect(searchQuery('🎉')).toBe("'🎉'")
    expect(searchQuery('party🎉🎂')).toBe("'party':* & '🎉🎂'")
    expect(searchQuery("' | * &")).toBeNull()
  })

  it('holds nothing that means something to PostgreSQL, whatever is searched for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(searchQuery(text) ?? '').toMatch(/^('[^'\\:&|!()]+'(:\*)?( & )?)*$/u)
      }),
    )
  })
})
