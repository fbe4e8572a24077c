import fc from 'fast-check'
import { cleanText } from '../../../platform/text/clean-text.ts'
import { captionsProblem } from '../../../web/src/composer/captions-problem.ts'
import { parseCaptions } from './parse-captions.ts'

/** The line of the problem that the server finds; null if it takes the file. */
async function refusedAt(file: string): Promise<number | null> {
  const parsed = await parseCaptions(cleanText(file.replace(/^\ufeff/, '')))
  return 'problem' in parsed ? parsed.line : null
}

const LINES = [
  '',
  ' ',
  'WEBVTT',
  'NOTE x',
  'STYLE',
  '1',
  'hello <b>you</b>',
  '<c></c>',
  '00:01.000 --> 00:02.500',
  '00:00:01,000 --> 00:00:02,500 X1:1',
  '00:00:03.000 --> 00:00:02.000',
  '00:00:02.000 --> 00:00:02.000',
  '00:00:61.000 --> 00:01:02.000',
]

describe('the check of captions in the web client', () => {
  it.each([
    ['\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nx\r\n'],
    ['1\r00:00:01,000 --> 00:00:02,000\rx\r'],
    [`1\n00:00:01,000 --> 00:00:02,000\n${'x\n'.repeat(10_001)}`],
    ['1\n00:00:01,000 --> 00:00:02,000\nx\n\n'.repeat(10_001)],
    ['not captions at all'],
  ])('finds the same problem as the server, file %#', async (file) => {
    expect(captionsProblem(file)?.line ?? null).toBe(await refusedAt(file))
  })

  it('finds the same problems as the server', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...LINES), { maxLength: 12 }), async (lines) => {
        const file = lines.join('\n')
        expect(captionsProblem(file)?.line ?? null).toBe(await refusedAt(file))
      }),
      { numRuns: 2_000 },
    )
  })
})
