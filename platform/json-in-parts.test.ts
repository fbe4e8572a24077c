import fc from 'fast-check'
import { looksDuring } from '../testing/looks-during.ts'
import { readJsonInParts, writeJsonInParts } from './json-in-parts.ts'

async function write(value: unknown): Promise<string> {
  const parts: string[] = []
  for await (const part of writeJsonInParts(value)) parts.push(part)
  return parts.join('')
}

const large = { list: Array.from({ length: 200_000 }, (_, id) => ({ id, text: 'some text' })) }

describe('JSON in parts', () => {
  it('is written and read as in one piece, wherever the parts end', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '\\', 'é', '語', '\u{1f600}', '\ufeff', '\ud800', '\n'),
    })
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.double({ noNaN: true }),
        fc.constantFrom(true, false, null, '__proto__', '"__proto__"'),
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toJSON_')), tie('value')),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(values.value, fc.integer({ min: 0, max: 70_000 }), async (value, before) => {
        // Moves the ends of the parts to other places in the value.
        const padded = ['\ufeff'.repeat(before), value]
        const json = JSON.stringify(padded)
        expect(await write(padded)).toBe(json)
        const read = await readJsonInParts(Buffer.from(json))
        expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(Buffer.from(json).toString())))
      }),
    )
  })

  it('keeps U+FEFF wherever a part begins', async () => {
    const texts = Array.from({ length: 3 }, (_, shift) => ['x'.repeat(shift), '\ufeff'.repeat(50_000)])
    for (const text of texts) expect(await readJsonInParts(Buffer.from(JSON.stringify(text)))).toEqual(text)
  })

  it('keeps a key __proto__', async () => {
    const json = '{"data":{"__proto__":{"id":"1"},"text":"\\"__proto__\\""}}'
    expect(JSON.stringify(await readJsonInParts(Buffer.from(json)))).toBe(json)
  })

  it('lets other work run while much is written and read', async () => {
    expect(await looksDuring(() => write(large))).toBeGreaterThan(3)
    const bytes = Buffer.from(JSON.stringify(large))
    expect(await looksDuring(() => readJsonInParts(bytes))).toBeGreaterThan(3)
  })
})
