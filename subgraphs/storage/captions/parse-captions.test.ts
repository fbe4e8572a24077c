import fc from 'fast-check'
import { cleanText } from '../../../platform/text/clean-text.ts'
import { cueText } from './cue-text.ts'
import { parseCaptions } from './parse-captions.ts'
import { writeWebVtt } from './write-webvtt.ts'

const VTT = `WEBVTT - made by hand
Kind: captions
Language: en

NOTE what follows
is a comment

STYLE
::cue { color: red }

REGION
id:fred

intro
00:01.000 --> 00:02.500 align:start position:10%
<v Ann>Hello <c.loud>world</c>
<i>again</i>

01:00:00.000 --> 01:00:01.000
Bye &amp; good <b>luck
`

const SRT = `1
00:00:01,000 --> 00:00:02,500 X1:100 X2:200
<font color="#ff0000">Hello</font> 5 < 6 & 7

2
0:01:00,000 --> 0:01:01,000
<u>Bye</u>
`

describe('captions', () => {
  it('are read from WebVTT without styles, comments, positions and speakers', async () => {
    expect(await parseCaptions(VTT)).toEqual([
      { start: 1_000, end: 2_500, text: 'Hello world\n<i>again</i>' },
      { start: 3_600_000, end: 3_601_000, text: 'Bye &amp; good <b>luck</b>' },
    ])
  })

  it('are read from SRT', async () => {
    expect(await parseCaptions(SRT)).toEqual([
      { start: 1_000, end: 2_500, text: 'Hello 5 &lt; 6 &amp; 7' },
      { start: 60_000, end: 61_000, text: '<u>Bye</u>' },
    ])
  })

  it('are listed by their start, and those without a visible text are left out', async () => {
    const cue = (at: string, text: string) => `00:00:${at}.000 --> 00:00:59.000\n${text}\n`
    const file = `WEBVTT\n\n${[cue('05', 'later'), cue('02', '<c></c>'), cue('01', 'first')].join('\n')}`
    expect(await parseCaptions(file)).toMatchObject([{ text: 'first' }, { text: 'later' }])
  })

  it('that are made automatically are read, although a line of a cue is one space', async () => {
    const file = `WEBVTT
Kind: captions

00:00:00.160 --> 00:00:01.990 align:start position:0%
 
hello<00:00:00.500><c> there</c>

00:00:01.990 --> 00:00:02.000 align:start position:0%
hello there
 
`
    expect(await parseCaptions(file)).toEqual([
      { start: 160, end: 1_990, text: 'hello there' },
      { start: 1_990, end: 2_000, text: 'hello there' },
    ])
  })

  it('of SRT may have empty lines in a cue, a cue without a duration, short times and no spaces at the arrow', async () => {
    const file = `1
00:00:00,000-->00:00:01,50
one

two

2
00:00:02,000 --> 00:00:02,000
never shown

3
00:00:03,5 --> 00:00:04,000
three
`
    expect(await parseCaptions(file)).toEqual([
      { start: 0, end: 1_050, text: 'one\ntwo' },
      { start: 3_005, end: 4_000, text: 'three' },
    ])
  })

  it.each([
    ['is empty', '', 1],
    ['has no cue', 'WEBVTT\n', 1],
    ['is no captions file', '{"a": 1}', 2],
    ['has a cue without a time', 'WEBVTT\n\nhello\nworld\n', 4],
    ['has a time of 61 seconds', 'WEBVTT\n\n00:00:61.000 --> 00:01:02.000\nx\n', 3],
    ['has a cue that ends before it starts', 'WEBVTT\n\n00:02.000 --> 00:01.000\nx\n', 3],
    [
      'has no empty line between two cues',
      'WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:02.000 --> 00:03.000\ny\n',
      5,
    ],
    ['has no empty line after the header', 'WEBVTT\n00:01.000 --> 00:02.000\nx\n', 2],
    ['has SRT times in WebVTT', 'WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx\n', 3],
    [
      'has a cue of more than 10,000 characters',
      `1\n00:00:01,000 --> 00:00:02,000\n${'x\n'.repeat(10_001)}`,
      2,
    ],
    ['has more than 10,000 cues', `1\n00:00:01,000 --> 00:00:02,000\nx\n\n`.repeat(10_001), 40_001],
  ])('are refused with the line of the problem if the file %s', async (_what, file, line) => {
    expect(await parseCaptions(file)).toEqual({ line, problem: expect.any(String) })
  })

  it('stay the same when they are written and read again', async () => {
    const cue = fc.record({
      start: fc.integer({ min: 0, max: 359_999_000 }),
      length: fc.integer({ min: 1, max: 10_000 }),
      lines: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(cue, { minLength: 1, maxLength: 20 }), async (made) => {
        const cues = made.flatMap(({ start, length, lines }) => {
          const text = cueText(cleanText(lines.join('\n')).split('\n'))
          return text === '' ? [] : [{ start, end: start + length, text }]
        })
        const sorted = cues.toSorted((one, other) => one.start - other.start || one.end - other.end)
        const read = await parseCaptions(writeWebVtt(sorted))
        if (cues.length === 0) expect(read).toMatchObject({ problem: expect.any(String) })
        else expect(read).toEqual(sorted)
      }),
    )
  })

  it('contain no other tags, no empty line and no arrow, whatever their text is', () => {
    const pieces = [
      '<b>',
      '</b>',
      '<i.x>',
      '</i>',
      '<u >',
      '<script>',
      '<v Ann>',
      '<00:01.000>',
      '<',
      '>',
      '&',
      '&lt;',
      '-->',
      'x',
      ' ',
      '\t',
      '"',
    ]
    const line = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const text = cueText(lines)
        expect(text.replace(/<\/?[biu]>/g, '')).not.toMatch(/[<>]|-->|\n\s*\n|^\s*\n|&(?!(amp|lt|gt);)/)
        const open: string[] = []
        for (const [, slash, name = ''] of text.matchAll(/<(\/?)([biu])>/g)) {
          if (slash) expect(open.pop()).toBe(name)
          else open.push(name)
        }
        expect(open).toEqual([])
      }),
    )
  })

  it('of the largest size are read in linear time', async () => {
    const hostile = [
      '<'.repeat(1024 ** 2),
      `<b${'x'.repeat(1024 ** 2)}`,
      '<b>'.repeat(300_000),
      '&'.repeat(1024 ** 2),
      'x\n'.repeat(500_000),
      'x\n\n'.repeat(350_000),
    ]
    const beginnings = ['WEBVTT\n\n00:01.000 --> 00:02.000', '1\n00:00:01,000 --> 00:00:02,000']
    for (const text of hostile.flatMap((text) => beginnings.map((beginning) => `${beginning}\n${text}\n`))) {
      const before = performance.now()
      await parseCaptions(cleanText(text))
      expect(performance.now() - before).toBeLessThan(10_000)
    }
  })

  it('of the largest size let other requests run while they are read', async () => {
    const cue = `00:00:01.000 --> 00:00:02.000\n${'<b>x</b>'.repeat(1_000)}\n`
    const file = `WEBVTT\n\n${Array.from({ length: 120 }, () => cue).join('\n')}`
    let others = 0
    const timer = setInterval(() => others++, 1)
    const read = await parseCaptions(file)
    clearInterval(timer)
    expect(read).toHaveLength(120)
    expect(others).toBeGreaterThan(5)
  })
})
