import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery, getOperationAST, parse } from 'graphql'
import { operationNames, readOperation } from '../../schema/read-operation.ts'
import { gatewayConfig } from '../config.ts'
import { createCostLimit } from './cost-limit.ts'
import { listSizes } from './list-sizes.ts'
import { operationCost } from './operation-cost.ts'

const file = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8')
const schema = buildSchema(file('api.graphql'))
const sizes = listSizes(parse(file('supergraph.graphql')), schema)
const LIMIT = gatewayConfig.parse({}).GATEWAY_MAX_COST

function costOf(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  return operationCost(schema, document, operation, variables, sizes)
}
const total = (query: string, variables?: Record<string, unknown>) => costOf(query, variables).total

const ATTACK = `query ($n: Int) { newestMoblogs(first: 1) { edges { node { posts(first: 1) { edges { node {
  comments(first: $n) { edges { node { post { comments(first: $n) { edges { node { post {
  comments(first: $n) { edges { node { id } } } } } } } } } } }
} } } } } } }`

const page = (size: string) => `{ viewer { friends${size} { edges { node { id } } } } }`
// The viewer and the connection cost 2. Each item costs 5 for the edge, and 2 for its node and id.
const cost = (items: number) => 2 + items * (5 + 2)

describe('the cost of an operation', () => {
  it.each([
    ['a literal', page('(first: 10)'), {}, cost(10)],
    ["the schema's default", page(''), {}, cost(20)],
    ["the schema's default for null", page('(first: null)'), {}, cost(20)],
    ['a variable', `query ($n: Int) ${page('(first: $n)')}`, { n: 7 }, cost(7)],
    ["a variable's default", `query ($n: Int = 9) ${page('(first: $n)')}`, {}, cost(9)],
    [
      "the schema's default for a variable that is not given",
      `query ($n: Int) ${page('(first: $n)')}`,
      {},
      cost(20),
    ],
    ['the largest allowed page, if the literal is larger', page('(first: 1000000)'), {}, cost(100)],
    [
      'the largest allowed page, if the variable is not a number',
      `query ($n: Int) ${page('(first: $n)')}`,
      { n: 'x' },
      cost(100),
    ],
  ])('takes the page size from %s', (_source, query, variables, expected) => {
    expect(total(query, variables)).toBe(expected)
  })

  it('multiplies pages within pages', () => {
    const inner = (size: number) =>
      `{ viewer { friends(first: 10) { edges { node { friends(first: ${size}) { edges { cursor } } } } } } }`
    expect(total(inner(20)) - total(inner(10))).toBe(10 * 10 * (5 + 1))
  })

  it('takes the size of a list without pages from the schema, and assumes a size if the schema gives none', () => {
    expect(total('{ post(id: "1") { media { id } } }')).toBe(1 + 10 + 10)
    expect(total('{ media(id: "1") { renditions { role } } }')).toBe(1 + 4 + 4)
  })

  it('counts a field that fragments repeat once, and counts each alias', () => {
    const once = total('{ viewer { handle about } }')
    expect(
      total('{ viewer { ...A ...A ...B } } fragment A on User { handle } fragment B on User { about ...A }'),
    ).toBe(once)
    expect(total('{ viewer { handle } viewer { about } }')).toBe(once)
    expect(total('{ a: viewer { handle about } b: viewer { handle about } }')).toBe(2 * once)
  })

  it('counts the most expensive type that an object may have, and what all types share', () => {
    const notifications = (fragments: string) =>
      total(`{ viewer { notifications(first: 10) { edges { node { id ${fragments} } } } } }`)
    const cheap = '... on PostLiked { createdAt }'
    const expensive = '... on PostPublished { createdAt post { id text media { id kind } } }'
    const shared = notifications('')
    expect(notifications(cheap) - shared).toBe(10)
    expect(notifications(expensive)).toBeGreaterThan(notifications(cheap))
    expect(notifications(`${expensive} ${cheap}`)).toBe(notifications(expensive))
    expect(notifications(`${expensive} ${cheap} ... on Notification { readAt }`)).toBe(
      notifications(expensive) + 10,
    )
  })

  it('does not count fields that @skip or @include exclude', () => {
    const query =
      'query ($no: Boolean = false) { viewer { id handle @include(if: $no) ... @skip(if: true) { about } } }'
    expect(total(query)).toBe(2)
    expect(total(query, { no: true })).toBe(3)
  })

  it('stops counting when fragments multiply exponentially', () => {
    const chain = Array.from(
      { length: 40 },
      (_, n) =>
        `fragment F${n} on User { a: moblog { owner { ...F${n + 1} } } b: moblog { owner { ...F${n + 1} } } }`,
    )
    expect(costOf(`{ viewer { ...F0 } } ${chain.join(' ')} fragment F40 on User { id }`).isPartial).toBe(true)
  })

  it('is more than twice the limit for three levels of nested comments, with and without the page size variable', () => {
    for (const n of [100, undefined]) {
      expect(total(ATTACK, { n })).toBeGreaterThan(2 * LIMIT)
    }
  })

  it('is below the limit for one introspection query and above it for 50', () => {
    expect(total(getIntrospectionQuery())).toBeLessThan(LIMIT)
    const types = 'types { fields { args { type { name } } type { name } } }'
    const many = Array.from({ length: 50 }, (_, n) => `a${n}: __schema { ${types} }`).join(' ')
    expect(total(`{ ${many} }`)).toBeGreaterThan(LIMIT)
  })
})

describe('the cost of what clients need', () => {
  const own = operationNames().filter((name) => name !== 'upload-media')

  it.each(own)('is below the limit for %s with the largest pages', (name) => {
    expect(total(readOperation(name), { first: 100 })).toBeLessThan(LIMIT)
  })

  it('is below the limit for a feed of 20 moblogs with 3 posts and 2 comments each, with all avatars', () => {
    const user = 'id handle displayName avatar { id access { url token expiresAt posterUrl } }'
    const feed = `{ friendMoblogs(first: 20) { edges { cursor node { id title owner { ${user} }
      posts(first: 3) { edges { cursor node { id text publishedAt likeCount likedByViewer author { ${user} }
        media { id kind width height access { url token expiresAt posterUrl streamUrl } }
        comments(first: 2) { edges { node { id text createdAt author { ${user} } } } }
      } } } } } pageInfo { hasNextPage endCursor } } }`
    expect(total(feed)).toBeLessThan(LIMIT)
  })
})

it('the failure names the limit, the cost and the most expensive field', () => {
  const document = parse(ATTACK)
  const operation = getOperationAST(document)
  const refusal = operation && createCostLimit(LIMIT, () => sizes)(schema, document, operation, { n: 100 })
  expect(refusal?.extensions).toMatchObject({
    code: 'OPERATION_TOO_COSTLY',
    limit: LIMIT,
    cost: total(ATTACK, { n: 100 }),
    http: { status: 400 },
  })
  expect(refusal?.message).toContain(`the limit is ${LIMIT}`)
  expect(refusal?.message).toContain(
    '"newestMoblogs.edges.node.posts.edges.node.comments.edges.node.post.comments.edges.node.post.comments.edges", which may hold 1000000 items',
  )
  expect(refusal?.message).not.toMatch(/syntax/i)
})
