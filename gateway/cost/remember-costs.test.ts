import fc from 'fast-check'
import { buildSchema, getOperationAST, parse } from 'graphql'
import { operationCost } from './operation-cost.ts'
import { rememberCosts } from './remember-costs.ts'

const SCHEMA = `type Query { items(first: Int): [Item!] other: Item } type Item { a: Int b: Int other: Item }`
const QUERY = `query ($n: Int, $m: Int = 5, $skipped: Boolean, $text: String) {
  items(first: $n) { a b @skip(if: $skipped) other { b @include(if: $skipped) } }
  more: items(first: $m) { a }
}`

function prepare() {
  let counted = 0
  const costOf = rememberCosts((...args) => {
    counted += 1
    return operationCost(...args)
  })
  const document = parse(QUERY)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  const ask = (given: Record<string, unknown>, schema = SCHEMAS[0]) =>
    costOf(schema, document, operation, given, () => 10).total
  const count = (given: Record<string, unknown>, schema = SCHEMAS[0]) =>
    operationCost(schema, document, operation, given, () => 10).total
  return { ask, count, counted: () => counted }
}
const SCHEMAS = [buildSchema(SCHEMA), buildSchema(SCHEMA.replace('[Item!]', 'Item'))] as const

describe('a remembered cost', () => {
  it('is the one that would be counted, for all variables', () => {
    const { ask, count } = prepare()
    const value = fc.oneof(
      fc.integer({ min: -1, max: 12 }),
      fc.boolean(),
      fc.constantFrom(null, 'x', [3], undefined),
    )
    const names = ['n', 'm', 'skipped', 'text', 'constructor', 'unknown'] as const
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), value),
        fc.constantFrom(...SCHEMAS),
        (given, schema) => {
          expect(ask(given, schema)).toBe(count(given, schema))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is not counted again for other texts', () => {
    const { ask, counted } = prepare()
    for (let text = 0; text < 10; text++) ask({ n: 3, text: `${text}` })
    expect(counted()).toBe(1)
    ask({ n: 4 })
    expect(counted()).toBe(2)
  })
})
