import { readFileSync } from 'node:fs'
import { buildSchema, getOperationAST, parse } from 'graphql'
import pg from 'pg'
import { gatewayConfig } from '../gateway/config.ts'
import { listSizes } from '../gateway/cost/list-sizes.ts'
import { operationCost } from '../gateway/cost/operation-cost.ts'
import { type Person, signUp } from './support/people.ts'
import { populate } from './support/populate.ts'
import { type Product, startProduct } from './support/product.ts'

const file = (name: string) => readFileSync(new URL(`../schema/${name}`, import.meta.url), 'utf8')
const schema = buildSchema(file('api.graphql'))
const sizes = listSizes(parse(file('supergraph.graphql')), schema)
const { GATEWAY_MAX_COST } = gatewayConfig.parse({})

function costOf(query: string): number {
  const document = parse(query)
  const operation = getOperationAST(document)
  const cost = operation && operationCost(schema, document, operation, {}, sizes)
  return cost && !cost.isPartial ? cost.total : Number.POSITIVE_INFINITY
}

let product: Product
let owner: Person

beforeAll(async () => {
  product = await startProduct('in one process', { env: { STORAGE_WORKERS: '0' } })
  owner = await signUp(product.url, 'Owner')
  await populate(product, owner, { users: 20, posts: 240, comments: 240 })
}, 120_000)
afterAll(() => product?.close())

async function send(query: string): Promise<{ status: number; text: string; ms: number }> {
  const begun = performance.now()
  const response = await fetch(product.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.accessToken}` },
    body: JSON.stringify({ query }),
  })
  const text = await response.text()
  return { status: response.status, text, ms: performance.now() - begun }
}

it.each([
  ['letters that take three bytes', '語', 12],
  ['characters that JSON escapes', '"', 10],
])(
  'a response that is too large is refused by name where it has %s',
  async (_what, letter, pages) => {
    const sql = new pg.Client({ connectionString: product.databaseUrl ?? '' })
    await sql.connect()
    await sql.query('UPDATE blog.post SET text = repeat($1, length(text)) WHERE moblog_id = $2', [
      letter,
      owner.id,
    ])
    await sql.end()
    const posts = Array.from(
      { length: pages },
      (_, n) => `a${n}: posts(first: 100) { edges { node { text } } }`,
    )
    const query = `{ viewer { moblog { ${posts.join(' ')} } } }`
    expect(costOf(query)).toBeLessThanOrEqual(GATEWAY_MAX_COST)
    const { status, text } = await send(query)
    expect({ status, start: text.slice(0, 1_000) }).toEqual({
      status: 400,
      start: expect.stringContaining('"code":"OPERATION_TOO_COSTLY"'),
    })
    expect((await send('{ viewer { id } }')).status).toBe(200)
  },
  60_000,
)
