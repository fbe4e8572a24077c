import fc from 'fast-check'
import { createWork } from '../platform/subgraph/work.ts'
import { looksDuring } from '../testing/looks-during.ts'
import { createResponseJson } from './write-response.ts'

/** Writes a result like @apollo/server does, after this many bytes of texts. */
async function write(result: { data: object | null; errors?: object[] }, bytes: number): Promise<string> {
  const json = createResponseJson()
  const work = createWork()
  work.spend(1, bytes)
  const listener = await json.plugin.requestDidStart?.({} as never)
  const request = { contextValue: { work }, response: { body: { kind: 'single', singleResult: result } } }
  await listener?.willSendResponse?.(request as never)
  return json.stringify({ ...result })
}

describe('writing a response', () => {
  it('makes the same JSON of large responses as of small ones', async () => {
    const results = fc.record({
      data: fc.option(fc.dictionary(fc.string(), fc.jsonValue())),
      errors: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
    })
    await fc.assert(
      fc.asyncProperty(results, async (result) => {
        const text = `${JSON.stringify(result)}\n`
        expect(await write(result, 0)).toBe(text)
        expect(await write(result, 1_000_000)).toBe(text)
      }),
    )
  })

  it('lets other requests run meanwhile if the response is large', async () => {
    const data = { list: Array.from({ length: 200_000 }, (_, id) => ({ id, text: 'some text' })) }
    expect(await looksDuring(() => write({ data }, 1_000_000))).toBeGreaterThan(3)
  })
})
