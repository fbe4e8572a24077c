import fc from 'fast-check'
import { typedHashtagKey } from './find-hashtags.ts'
import { findEntities, handlesIn, hashtagsOf } from './text-entities.ts'

/** The entities of a text: each with its kind, and what the text has at its place. */
const found = (text: string) =>
  findEntities(text).map(({ kind, start, length }) => `${kind} ${text.slice(start, start + length)}`)
const placesIn = (text: string, kind: string) =>
  findEntities(text)
    .filter((entity) => entity.kind === kind)
    .map(({ start, length }) => text.slice(start, start + length))

describe('hashtags in a text', () => {
  it.each([
    ['A walk #rain, #Rain_2 and (#雨).', ['#rain', '#Rain_2', '#雨']],
    ['#湖边 ＃湖边', ['#湖边', '＃湖边']],
    ['#한국어 #ไทย #नमस्ते #می‌خواهم #二〇二六年', ['#한국어', '#ไทย', '#नमस्ते', '#می‌خواهم', '#二〇二六年']],
    ['#paral·lel #ハロー・ワールド #ﾊﾛｰ･ﾜｰﾙﾄﾞ', ['#paral·lel', '#ハロー・ワールド', '#ﾊﾛｰ･ﾜｰﾙﾄﾞ']],
    ['#·a #・ア #a· #ア・ #a··b #ア・・イ #雨・#雪', ['#a', '#ア', '#a', '#ア', '#雨', '#雪']],
    ['❤️#love 🏽#skin 1️⃣#first', ['#love', '#skin', '#first']],
    ['#a-b #a.b ##c #d#e', ['#a', '#a', '#c', '#d']],
    ['#湖边#今天天气# and #雨#', ['#湖边', '#雨']],
    [`#${'字'.repeat(100)} #${'字'.repeat(101)}`, [`#${'字'.repeat(100)}`]],
  ])('of "%s" are %j', (text, tags) => {
    expect(found(text)).toEqual(tags.map((tag) => `hashtag ${tag}`))
  })

  it.each([
    'x#no 1#no 湖#no नी#no _#no',
    '#123 #１２３ #1️⃣ #️⃣ # #! #___',
    'https://a.example/#no http://a.example/?q=#no',
  ])('are not in "%s"', (text) => {
    expect(placesIn(text, 'hashtag')).toEqual([])
  })

  it('are the same if only letter case, width, accents or the script of kana differ', () => {
    expect(hashtagsOf('#Café #ＣＡＦＥ #cafe\u0301 #カフェ #かふぇ')).toEqual(['cafe', 'かふぇ'])
    expect(typedHashtagKey(' ＃Café ')).toBe('cafe')
    expect(hashtagsOf('#ハロー・ワールド #ﾊﾛｰ･ﾜｰﾙﾄﾞ #はろー・わーるど')).toEqual(['はろー・わーるど'])
    expect(['·a', 'ア・', 'a··b'].map(typedHashtagKey)).toEqual([null, null, null])
    expect(['#湖边', '湖边', '＃湖边'].map(typedHashtagKey)).toEqual(['湖边', '湖边', '湖边'])
    const none = ['', '#', '123', 'two words', '##a', '@ann', 'a'.repeat(101), '\ufdfa'.repeat(100)]
    expect(none.map(typedHashtagKey)).toEqual(none.map(() => null))
  })

  it('are at most 30 different ones, with their repetitions', () => {
    const tags = Array.from({ length: 40 }, (_, n) => `#t${n}`)
    expect(placesIn([...tags, '#t0', '#t39'].join(' '), 'hashtag')).toEqual([...tags.slice(0, 30), '#t0'])
  })
})

describe('links in a text', () => {
  const A = 'https://a.example/a'
  it.each([
    ['quotation marks', `“${A}” ‘${A}’ «${A}» »${A}« ‹${A}› „${A}“ ‟${A}”`, Array(7).fill(A)],
    ['quotation marks, with more behind them', `“${A}”好 ‘${A}’s`, [A, A]],
    ['dashes', `${A}——好 ${A}–b ${A}―c ${A}⸺d`, Array(4).fill(A)],
    [
      'signs that set a direction',
      `\u2066${A}\u2069 \u2068${A}\u2069 ${A}\u200e\u200f ${A}\u202c`,
      Array(4).fill(A),
    ],
    ['other invisible signs', `${A}\u200b ${A}\u2060x ${A}\ufeff ${A}\u00adx ${A}\u200d`, Array(5).fill(A)],
    ['Chinese punctuation', `《${A}》，${A}。（${A}）「${A}」`, Array(4).fill(A)],
    ['the end of a sentence', `(${A}). ${A}, ${A}… *${A}*`, Array(4).fill(A)],
  ])('end before %s', (_what, text, links) => {
    expect(found(text)).toEqual(links.map((link) => `link ${link}`))
  })

  it.each([
    'https://de.wikipedia.org/wiki/Köln_(Begriffsklärung)',
    'https://例子.测试/路径?问=答#节',
    'https://fa.example/می\u200cخواهم',
    'https://hi.example/क्\u200dष',
    'https://a.example/👩‍🚀/❤️',
    'https://a.example/a-b_c~d/--x?y=(z)&w=[v]',
    'https://a.example/%E2%80%9Cq%E2%80%9D%E2%80%94',
  ])('are whole in "%s"', (link) => {
    expect(found(`“${link}” — (${link})`)).toEqual([`link ${link}`, `link ${link}`])
  })
})

describe('mentions in a text', () => {
  it.each([
    ['hi @ann_lee, @Bob.2 and (@eva).', ['@ann_lee', '@Bob.2', '@eva']],
    ['"@ann": ＠bob ❤️@eva', ['@ann', '＠bob', '@eva']],
    ['和@ann一起 안녕@bob님 ユーザー@eva', ['@ann', '@bob', '@eva']],
    [`@${'a'.repeat(30)} @${'a'.repeat(31)} @ab`, [`@${'a'.repeat(30)}`]],
    ['Ask @ann... or @bob.', ['@ann', '@bob']],
  ])('of "%s" are %j', (text, handles) => {
    expect(found(text)).toEqual(handles.map((handle) => `mention ${handle}`))
  })

  it.each([
    'ann@example.com a.b+c@example.com é@example.com _@ann x-@ann %@ann',
    '用户@example.com 用户@mail.example.com',
    '@ann@example.social @1ann @_ann @.ann @annä @ann２',
    'https://a.example/@ann http://ann@example.com',
    '@@ann @ @! @an',
  ])('are not in "%s"', (text) => {
    expect(placesIn(text, 'mention')).toEqual([])
  })

  it('are at most 20, and name each handle once in lower case', () => {
    const handles = Array.from({ length: 25 }, (_, n) => `user_${n}`)
    expect(handlesIn(handles.map((handle) => `@${handle}`).join(' '))).toEqual(handles.slice(0, 20))
    expect(handlesIn('@Ann @ann @ANN')).toEqual(['ann'])
  })
})

describe('entities of a text', () => {
  it('are in order, and count UTF-16 code units', () => {
    const text = '👩‍🚀 #𠮷野家 @ann https://a.example/#x_ (#b)'
    expect(found(text)).toEqual([
      'hashtag #𠮷野家',
      'mention @ann',
      'link https://a.example/#x',
      'hashtag #b',
    ])
    expect(findEntities(text)[0]).toMatchObject({ start: 6, length: 5, tag: '𠮷野家' })
  })

  it('give way to links that they touch', () => {
    expect(found('#https://a.example @https://b.example #xhttps://c.example')).toEqual([
      'link https://a.example',
      'link https://b.example',
      'link https://c.example',
    ])
  })

  it('are at most 100', () => {
    expect(findEntities('#a '.repeat(150))).toHaveLength(100)
    expect(findEntities('http://a.example '.repeat(150))).toHaveLength(100)
  })
})

const piece = fc.oneof(
  fc.constantFrom(
    '#',
    '＃',
    '@',
    '＠',
    '.',
    '_',
    '-',
    ' ',
    '\n',
    '\u0301',
    '\u200d',
    '\u200c',
    '\ufe0f',
    '\u20e3',
  ),
  fc.constantFrom(
    '湖',
    '边',
    '𠮷',
    'ー',
    '한',
    'ก',
    'ी',
    'é',
    'ß',
    '１',
    '7',
    '👩‍🚀',
    '❤️',
    '1️⃣',
    '🇨🇭',
    '\ud83d',
    '\udc00',
  ),
  fc.constantFrom(
    'ann',
    'Bob.2',
    'rain',
    'http',
    'https://',
    'https://a.example/',
    'http://b.example/#',
    'a@b.example',
  ),
  fc.webUrl({ withFragments: true }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))

describe('for any text', () => {
  it('the places are in the text, apart, in order, between characters, and hold what the entity says', () => {
    fc.assert(
      fc.property(text, (any) => {
        let end = 0
        for (const entity of findEntities(any)) {
          const { start, length } = entity
          expect(start).toBeGreaterThanOrEqual(end)
          end = start + length
          expect(end).toBeLessThanOrEqual(any.length)
          const place = any.slice(start, end)
          if (entity.kind === 'link') expect(place).toBe(entity.url)
          if (entity.kind === 'hashtag') expect(place.slice(1)).toBe(entity.tag)
          if (entity.kind === 'mention') expect(place.slice(1).toLowerCase()).toBe(entity.handle)
          for (const edge of [start, end]) {
            const isInside =
              /[\ud800-\udbff]$/.test(any.slice(0, edge)) && /^[\udc00-\udfff]/.test(any.slice(edge))
            expect(isInside).toBe(false)
          }
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('each hashtag is found again by the text between its signs, typed alone', () => {
    fc.assert(
      fc.property(text, (any) => {
        for (const entity of findEntities(any))
          if (entity.kind === 'hashtag') expect(typedHashtagKey(entity.tag)).toBe(entity.key)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    '#',
    '@',
    'http',
    'https://',
    'http://a ',
    '#a',
    '#a ',
    ' @ann',
    '@annn@',
    '\u0301',
    '#\u0301',
    'a\u0301#',
    '#\u200d',
    '@a.',
    'https://a)',
  ])('%j, repeated to 10,000 characters, takes no more than some milliseconds', (part) => {
    const long = part.repeat(Math.ceil(10_000 / part.length))
    // The best of several runs, because other work disturbs a single one.
    const times = Array.from({ length: 8 }, () => {
      const begun = performance.now()
      findEntities(long)
      return performance.now() - begun
    })
    expect(Math.min(...times)).toBeLessThan(25)
  })
})
