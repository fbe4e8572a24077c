import { createIdLoader } from './id-loader.ts'
import { perRequest } from './per-request.ts'

const A = '0190a5c4-0000-7000-8000-00000000000a'
const B = '0190a5c4-0000-7000-8000-00000000000b'

it('creates a value once per request', () => {
  let count = 0
  const next = perRequest((_context: object) => ++count)
  const [first, second] = [{}, {}]
  expect([next(first), next(first), next(second), next(first)]).toEqual([1, 1, 2, 1])
})

it('keeps a value that is undefined', () => {
  let count = 0
  const nothing = perRequest((_context: object) => {
    count++
  })
  const context = {}
  nothing(context)
  nothing(context)
  expect(count).toBe(1)
})

it('loads rows in one query, in the order of the ids, and returns null for those without a row', async () => {
  const queries: string[][] = []
  const loader = createIdLoader(async (ids) => {
    queries.push(ids)
    return [{ id: A, name: 'a' }]
  })
  const rows = await Promise.all([loader.load(B), loader.load(A), loader.load('no id')])
  expect(rows).toEqual([null, { id: A, name: 'a' }, null])
  expect(queries).toEqual([[B, A]])
})

it('does not query if no id is valid', async () => {
  const loader = createIdLoader(() => Promise.reject(new Error('queried')))
  expect(await loader.load('no id')).toBeNull()
})
