import { buildSchema, graphql } from 'graphql'
import { normalizeIdArguments } from './id-arguments.ts'

const ID = '019aa0de-3bd1-7c31-9d6e-0123456789ab'
const seen: unknown[] = []
const schema = normalizeIdArguments(
  buildSchema(`
    input Part { id: ID! note: String inner: Part parts: [Part!] }
    type Query { at(id: ID, ids: [ID!], text: String, part: Part): Boolean }
  `),
)
const rootValue = {
  at(args: unknown) {
    seen.push(args)
    return true
  },
}

async function received(args: string, declared = '', variableValues: Record<string, unknown> = {}) {
  seen.length = 0
  const source = `query ${declared} { at${args} }`
  expect(await graphql({ schema, source, rootValue, variableValues })).toEqual({ data: { at: true } })
  return seen[0]
}

const UPPER = ID.toUpperCase()

it('ids in all arguments reach resolvers in lower case, as they are stored', async () => {
  expect(await received(`(id: "${UPPER}", ids: ["${UPPER}", "${ID}"])`)).toEqual({ id: ID, ids: [ID, ID] })
  expect(await received('(id: $id)', '($id: ID)', { id: UPPER })).toEqual({ id: ID })
  const part = { id: UPPER, note: UPPER, inner: { id: UPPER, parts: [{ id: UPPER }] } }
  expect(await received('(part: $part)', '($part: Part)', { part })).toEqual({
    part: { id: ID, note: UPPER, inner: { id: ID, parts: [{ id: ID }] } },
  })
})

it('other values, null and texts reach resolvers unchanged', async () => {
  expect(await received(`(id: "No-Id", text: "${UPPER}")`)).toEqual({ id: 'No-Id', text: UPPER })
  expect(await received('(id: null)')).toEqual({ id: null })
  expect(await received('(text: "x")')).toEqual({ text: 'x' })
})
