import { buildSchema, getOperationAST, parse, specifiedRules, validate } from 'graphql'
import { nullVariableErrors } from './null-variables.ts'

const schema = buildSchema(`
  input Range { from: Int! = 1 }
  type Query {
    page(first: Int! = 20, after: String, range: Range): Int
    exact(first: Int!): Int
  }
`)

function errorsOf(text: string, variables: Record<string, unknown>, operationName?: string): string[] {
  const document = parse(text)
  expect(validate(schema, document, specifiedRules)).toEqual([])
  const operation = getOperationAST(document, operationName)
  if (!operation) throw new Error('the document has no such operation')
  return nullVariableErrors(schema, document, operation, variables).map(({ message }) => message)
}

describe('a variable that is null', () => {
  it.each([
    ['an argument, despite its own default value', 'query ($v: Int = 2) { exact(first: $v) }', 'Int!'],
    ['an argument with a default value', 'query ($v: Int) { page(first: $v) }', 'Int!'],
    ['the condition of @skip', 'query ($v: Boolean = false) { page @skip(if: $v) }', 'Boolean!'],
    ['the condition of @include', 'query ($v: Boolean = true) { page @include(if: $v) }', 'Boolean!'],
    ['a field of an input object', 'query ($v: Int) { page(range: { from: $v }) }', 'Int!'],
    [
      'something in a fragment',
      'query ($v: Int) { ...Part } fragment Part on Query { page(first: $v) }',
      'Int!',
    ],
  ])('is refused as %s', (_place, text, type) => {
    expect(errorsOf(text, { v: null })).toEqual([
      `Variable "$v" must not be null, because it is used as "${type}". Leave it out to use the default value.`,
    ])
    expect(errorsOf(text, {})).toEqual([])
  })

  it('needs a value if it is required', () => {
    expect(errorsOf('query ($v: Int!) { page(first: $v) }', { v: null })).toEqual([
      'Variable "$v" must not be null, because it is used as "Int!". Give it a value.',
    ])
  })

  it('is accepted where null is allowed', () => {
    expect(errorsOf('query ($v: String = "a") { page(after: $v) }', { v: null })).toEqual([])
  })

  it('is accepted if only another operation of the document uses it otherwise', () => {
    const text = 'query A($v: Int) { page(first: $v) } query B($v: String) { page(after: $v) }'
    expect(errorsOf(text, { v: null }, 'B')).toEqual([])
    expect(errorsOf(text, { v: null }, 'A')).toHaveLength(1)
  })

  it('is reported once, however often it is used', () => {
    expect(errorsOf('query ($v: Int) { a: page(first: $v) b: page(first: $v) }', { v: null })).toHaveLength(1)
  })
})
