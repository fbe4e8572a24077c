import { foldName, searchEntry, searchKeys } from './fold.ts'

describe('a folded name', () => {
  it.each([
    ['Ämélie', 'amelie'],
    ['ŁUKASZ Żółw', 'lukasz zolw'],
    ['Straße', 'strasse'],
    ['Søren Ðor', 'soren dor'],
    ['İstanbul Işık', 'istanbul isik'],
    ['Ὀδυσσεύς', 'οδυσσευσ'],
    ['Ёлка Йод', 'елка иод'],
    ['林美玲', '林美玲'],
    ['サクラ', 'さくら'],
    ['ｻｸﾗ', 'さくら'],
    ['ガ行', 'が行'],
    ['Ｆｕｌｌ　Ｗｉｄｔｈ', 'full width'],
    ['ﬁve ①', 'five 1'],
    ['김민준', '김민준'],
    ['नमस्ते', 'नमस्ते'],
    ['ada.l_2', 'ada l 2'],
    ['  a -- b ', 'a b'],
    ['🌸 Mia', '🌸 mia'],
    ['!?', ''],
  ])('of %s is %s', (name, folded) => {
    expect(foldName(name)).toBe(folded)
    expect(foldName(folded)).toBe(folded)
  })
})

describe('search keys', () => {
  it('begin at each word', () => {
    expect(searchKeys('ada king lovelace')).toEqual(['ada king lovelace', 'king lovelace', 'lovelace'])
  })

  it('begin at each character in scripts without word separators', () => {
    expect(searchKeys('林美玲 mei')).toEqual(['林美玲 mei', '美玲 mei', '玲 mei', 'mei'])
    expect(searchKeys('𠮷田')).toEqual(['𠮷田', '田'])
  })

  it('contain those of the handle and the name once each', () => {
    expect(searchEntry('Mei_Lin', 'Mei Lin')).toEqual({
      searchName: 'mei lin mei lin',
      keys: ['mei lin', 'lin'],
    })
  })
})
