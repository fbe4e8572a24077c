import fc from 'fast-check'
import { encodeInParts } from './encode-text.ts'

async function encode(text: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of encodeInParts(text)) parts.push(part)
  return Buffer.concat(parts)
}

describe('encoding a text', () => {
  it('gives the same bytes as encoding it at once, wherever its parts end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'é', '語', '😀', '\ud83d', '\ude00'), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 0, max: 600_000 }),
        async (letters, length) => {
          const text = letters.join('').repeat(Math.ceil(length / letters.length))
          expect((await encode(text)).equals(Buffer.from(text))).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('lets other work run while a long text is encoded', async () => {
    let turns = 0
    const counting = setInterval(() => {
      turns += 1
    })
    await encode('語'.repeat(20_000_000))
    clearInterval(counting)
    expect(turns).toBeGreaterThan(1)
  })
})
