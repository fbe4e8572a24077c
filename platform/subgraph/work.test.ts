import { looksDuring } from '../../testing/looks-during.ts'
import { createLog } from '../log.ts'
import { readAnswer, readJoinedAnswer, sizeOf } from './read-answer.ts'
import { createSubgraph, type Subgraph } from './subgraph.ts'
import { createWork, spendTexts } from './work.ts'

const viewer = { kind: 'viewer', userId: null, sessionId: null } as const
const item = (text: string) => ({ text, items: (args: { first: number }) => items(args) })
const items = ({ first }: { first: number }) => Array.from({ length: first }, () => item('x'.repeat(1_000)))

let resolved = 0

const subgraph: Subgraph = createSubgraph({
  limitWrite: null,
  name: 'test',
  typeDefs: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { items(first: Int!): [Item!]! later(first: Int!): [Item] }
    type Item { items(first: Int!): [Item!]! text: String! other: String }
    type Thing @key(fields: "id") { id: ID! name: String }
  `,
  resolvers: {
    Query: {
      items: (_root: unknown, args: { first: number }) => items(args),
      later: async (_root: unknown, args: { first: number }) => items(args),
    },
    Item: {
      other() {
        resolved++
        return 'other'
      },
    },
    Thing: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'x'.repeat(1_000) }) },
  },
  context: (caller) => ({ caller }),
  log: createLog('test', 'silent'),
})

const codesOf = (errors: readonly { extensions: Record<string, unknown> }[] | undefined) =>
  errors?.map(({ extensions }) => extensions.code)

describe('a subgraph limits the response of an operation', () => {
  it.each([
    ['lists within lists', '{ items(first: 1000) { items(first: 1000) { text } } }'],
    ['a list that resolves asynchronously', '{ later(first: 100001) { text } }'],
    ['long texts', '{ items(first: 100) { items(first: 200) { text } } }'],
    [
      'many aliases of the same list',
      `{ ${Array.from({ length: 30 }, (_, n) => `a${n}: items(first: 4000) { other }`).join(' ')} }`,
    ],
  ])('refuses %s', async (_what, query) => {
    const { data, errors } = await subgraph.execute({ query }, viewer)
    expect(data).toBeUndefined()
    expect(codesOf(errors)).toEqual(['OPERATION_TOO_COSTLY'])
    expect(errors?.[0]?.message).toMatch(
      /^The response would have \d+ (items and texts|bytes); the limit is \d+\./,
    )
  })

  it('refuses a list that is too long before it resolves the items', async () => {
    resolved = 0
    await subgraph.execute({ query: '{ items(first: 150000) { other } }' }, viewer)
    expect(resolved).toBe(0)
  })

  it('refuses a request with too many entities', async () => {
    const representations = Array.from({ length: 20_000 }, (_, id) => ({ __typename: 'Thing', id: `${id}` }))
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Thing { name } } }'
    const { errors } = await subgraph.execute({ query, variables: { representations } }, viewer)
    expect(codesOf(errors)).toEqual(['OPERATION_TOO_COSTLY'])
  })

  it('adds up the results of all requests of one operation', async () => {
    const work = createWork()
    const ask = () => subgraph.execute({ query: '{ items(first: 9000) { text } }' }, viewer, work)
    expect((await ask()).errors).toBeUndefined()
    expect(codesOf((await ask()).errors)).toEqual(['OPERATION_TOO_COSTLY'])
    expect(
      (await subgraph.execute({ query: '{ items(first: 9000) { text } }' }, viewer)).errors,
    ).toBeUndefined()
  })
})

it('the size of a text counts in UTF-8 bytes', () => {
  const refusalOf = (text: string) => {
    const work = createWork({ maxValues: 10, maxBytes: 1_000 })
    spendTexts({ list: [{ text }] }, work)
    return work.refusal
  }
  expect(refusalOf('x'.repeat(1_000))).toBeNull()
  expect(refusalOf('語'.repeat(334))?.message).toContain('1002 bytes; the limit is 1000')
})

describe('a response over HTTP', () => {
  it('reports the size of each of its results', async () => {
    const texts = [{ data: 1 }, { data: ['語\n', 2] }].map((result) => JSON.stringify(result))
    const results = await readJoinedAnswer(Buffer.from(`${texts.join('\n')}\n`))
    expect(results).toEqual([{ data: 1 }, { data: ['語\n', 2] }])
    expect(results.map((result) => sizeOf(result as object))).toEqual(
      texts.map((text) => Buffer.byteLength(text)),
    )
  })

  it('is read in parts if it is large, with the same result', async () => {
    const result = {
      data: { list: Array.from({ length: 40_000 }, (_, id) => ({ id: `${id}`, text: '語' })) },
    }
    const bytes = Buffer.from(JSON.stringify(result))
    const read = await readAnswer(bytes)
    expect(read).toEqual(result)
    expect(sizeOf(read as object)).toBe(bytes.length)
  })

  it('is read if it has several lines but is for one viewer', async () => {
    expect(await readAnswer(Buffer.from('{\n  "data": 1\n}\n'))).toEqual({ data: 1 })
  })

  it('lets others work while many results are read', async () => {
    const text = JSON.stringify({ data: Array.from({ length: 5_000 }, (_, id) => `${id} ${'x'.repeat(20)}`) })
    const body = Buffer.from(`${text}\n`.repeat(300))
    expect(await looksDuring(() => readJoinedAnswer(body))).toBeGreaterThan(3)
  })

  it.each(['\n', '{"data":1}\n{"da'])('is refused if it is not complete: %j', async (text) => {
    await expect(readJoinedAnswer(Buffer.from(text))).rejects.toThrow(SyntaxError)
  })
})
