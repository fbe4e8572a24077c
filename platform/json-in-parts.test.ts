import fc from 'fast-check'
import { readJsonInParts, writeJsonInParts } from './json-in-parts.ts'

function cut(bytes: Buffer, size: number): Buffer[] {
  const parts: Buffer[] = []
  for (let start = 0; start < bytes.length; start += size) parts.push(bytes.subarray(start, start + size))
  return parts
}

/** Counts how often other work of the process ran meanwhile. */
async function looksDuring(work: () => Promise<unknown>): Promise<number> {
  let looks = 0
  const looking = setInterval(() => {
    looks += 1
  })
  await work()
  clearInterval(looking)
  return looks
}

async function write(value: unknown): Promise<string> {
  const parts: string[] = []
  for await (const part of writeJsonInParts(value)) parts.push(part)
  return parts.join('')
}

const large = { list: Array.from({ length: 200_000 }, (_, id) => ({ id, text: 'some text' })) }

describe('JSON in parts', () => {
  it('is written and read as in one piece, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.integer({ min: 1, max: 20 }), async (value, size) => {
        const text = JSON.stringify(value)
        expect(await write(value)).toBe(text)
        expect(await readJsonInParts(cut(Buffer.from(text), size))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('is refused if it is cut off', async () => {
    const parts = cut(Buffer.from('{"data":{"id":"1"}}'), 5)
    await expect(readJsonInParts(parts.slice(0, -1))).rejects.toThrow(SyntaxError)
  })

  it('lets other work run while much is written and read', async () => {
    expect(await looksDuring(() => write(large))).toBeGreaterThan(3)
    const parts = cut(Buffer.from(JSON.stringify(large)), 65_536)
    expect(await looksDuring(() => readJsonInParts(parts))).toBeGreaterThan(3)
  })
})
