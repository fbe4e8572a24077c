import fc from 'fast-check'
import { foldText } from './fold-text.ts'

describe('two spellings of a name', () => {
  it.each([
    ['احمد', 'أحمد'],
    ['محمد', 'مُحَمَّد'],
    ['محمد', 'محـــمد'],
    ['آمنه', 'امنة'],
    ['علی', 'علي'],
    ['هدى', 'هدي'],
    ['مؤمن', 'مومن'],
    ['هانئ', 'هاني'],
    ['کریم', 'كريم'],
    ['۱۲۳', '١٢٣'],
    ['123', '१२३'],
    ['می\u200Cخواهم', 'میخواهم'],
    ['שלום', 'שָׁלוֹם'],
    ['כהן', 'כהנ'],
    ['Nguyễn Đức', 'nguyen duc'],
    ['Işık İnce', 'isik ince'],
    ['Straße', 'STRASSE'],
    ['ﬁlip ĳsbrand', 'filip ijsbrand'],
    ['ＭＩＡ', 'mia'],
    ['サクラ', 'さくら'],
    ['ｻﾞｸﾛ', 'ざくろ'],
    ['फ़राज़', 'फराज'],
    ['สมชาย', 'สมชาย'],
    ['Ёлка', 'елка'],
    ['Ὀδυσσεύς', 'ΟΔΥΣΣΕΥΣ'],
    ['김철수', '김철수'.normalize('NFD')],
  ])('%s and %s fold to the same', (one, other) => {
    expect(foldText(one)).toBe(foldText(other))
  })

  it.each([
    ['が', 'か'],
    ['कि', 'की'],
    ['ตา', 'ตี'],
    ['김', '긴'],
  ])('%s and %s stay different', (one, other) => {
    expect(foldText(one)).not.toBe(foldText(other))
  })
})

it('folding a folded text changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text))
    }),
    { numRuns: 1_000 },
  )
})
