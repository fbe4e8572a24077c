import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { buildSchema, execute, GraphQLError, type GraphQLSchema, parse } from 'graphql'
import { withConditions } from '../../testing/gateway/conditions.ts'
import { randomApi } from '../../testing/gateway/random-subgraphs.ts'
import { operationOf, randomSelections } from '../../testing/product/random-operations.ts'
import { createExecution } from './compiled-execution.ts'

const RUNS = process.env.MOBLOG_TEST_BIG ? 20_000 : 300

const sourceFor = (schema: GraphQLSchema) => ({
  schema,
  values: { id: ['"a"', '"b"'], handle: ['"ann"'], first: ['1', '$n'], query: ['"x"'] },
  aliases: ['one', 'two', '__proto__', 'constructor', 'toString'],
  maxDepth: 6,
})

describe('compiled execution', () => {
  it('returns what graphql-js returns for random queries, with nulls and failing fields', async () => {
    const schema = randomApi({ aNull: 8, anError: 12, anOutage: Number.POSITIVE_INFINITY })
    const run = createExecution(schema, 0)
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), fc.constantFrom('', '!'), async (seed, a, required) => {
        const text = operationOf(randomSelections(sourceFor(schema), seed), true)
        const definitions = `$a: Boolean!, $b: Boolean${required} = true, $n: Int${required} = 2`
        const document = withConditions(parse(`query (${definitions}) ${text}`), seed)
        const variables = { a, ...(a && { b: false, n: 3 }) }
        const expected = await execute({ schema, document, variableValues: variables, contextValue: {} })
        const actual = await run(document, undefined, variables, {})
        expect(JSON.stringify(actual.data)).toBe(JSON.stringify(expected.data))
        const messages = messagesOf(actual.errors)
        expect(messages).toEqual(expect.arrayContaining(messagesOf(expected.errors)))
        expect(messages.length > 0).toBe(expected.errors !== undefined)
      }),
      { numRuns: RUNS },
    )
  }, 3_600_000)

  it.each([
    ['Boolean! = true', 'true'],
    ['Int! = 3', '3'],
    ['ID! = 7', '"7"'],
    ['Kind! = SMALL', '"SMALL"'],
    ['Anything! = {a: [1]}', '{"a":[1]}'],
    ['[Int!]! = [1, 2]', '[1,2]'],
  ])('applies the default value of a variable of the type %s', async (definition, expected) => {
    const type = definition.split('! =')[0]
    const schema = buildSchema(
      `scalar Anything enum Kind { SMALL } type Query { echo(value: ${type}): String }`,
    )
    const echo = schema.getQueryType()?.getFields().echo
    if (echo) echo.resolve = (_root, { value }) => JSON.stringify(value)
    const run = createExecution(schema, 0)
    const document = parse(`query ($value: ${definition}) { echo(value: $value) }`)
    expect(await run(document, undefined, {}, {})).toEqual({ data: { echo: expected } })
  })

  it.each(['toString', 'constructor', 'hasOwnProperty', '__proto__'])(
    'takes the variable $%s as missing if it is not given',
    async (name) => {
      const schema = buildSchema('type Query { echo(value: Int): String }')
      const echo = schema.getQueryType()?.getFields().echo
      if (echo) echo.resolve = (_root, args) => JSON.stringify(args)
      const run = createExecution(schema, 0)
      const document = parse(`query ($${name}: Int) { echo(value: $${name}) }`)
      expect(await run(document, undefined, {}, {})).toEqual({ data: { echo: '{}' } })
    },
  )

  it.each([
    [
      'a: node { ...F @skip(if: $s) } b: node { ...F @include(if: $s) }',
      'fragment F on Node { id next { id } }',
    ],
    ['a: node @skip(if: $s) { ...F } b: node @include(if: $s) { ...F }', 'fragment F on Node { id }'],
    ['a: node { id ...F } b: node { id ...F @include(if: $s) }', 'fragment F on Node { next { id } }'],
    [
      'node { id ...F @skip(if: $s) } ... { node @include(if: $s) { ...F } }',
      'fragment F on Node { next { id } }',
    ],
    [
      'node { ...F ...G @include(if: $s) }',
      'fragment F on Node { next { ...H } } fragment G on Node { ...H } fragment H on Node { id }',
    ],
  ])('answers a fragment that is spread under different conditions: %s', async (selections, fragments) => {
    const schema = buildSchema('type Query { node: Node! } type Node { id: ID! next: Node! }')
    const node: Record<string, unknown> = { id: '1' }
    node.next = node
    const field = schema.getQueryType()?.getFields().node
    if (field) field.resolve = () => node
    const document = parse(`query ($s: Boolean!) { ${selections} } ${fragments}`)
    const run = createExecution(schema, 0)
    for (const s of [true, false]) {
      const expected = await execute({ schema, document, variableValues: { s } })
      expect(JSON.stringify(await run(document, undefined, { s }, {}))).toBe(JSON.stringify(expected))
    }
  })

  it('passes variables within the literal of a custom scalar', async () => {
    const schema = buildSchema('scalar Anything type Query { echo(value: Anything): String }')
    const echo = schema.getQueryType()?.getFields().echo
    if (echo) echo.resolve = (_root, { value }) => JSON.stringify(value)
    const run = createExecution(schema, 0)
    const document = parse('query ($id: String!) { echo(value: { ids: [$id] }) }')
    const result = await run(document, undefined, { id: 'a' }, {})
    expect(result).toEqual({ data: { echo: '{"ids":["a"]}' } })
  })

  it('compiles what comes again, and nothing that is too large', async () => {
    const { schema, isCompiled } = observedSchema()
    const run = createExecution(schema)
    const small = parse('{ echo(value: "a") }')
    const large = parse(`{ echo(value: "${'a'.repeat(60_000)}") }`)
    const seen: boolean[] = []
    for (const document of [small, large, small, large, small, large]) {
      await run(document, undefined, {}, {})
      seen.push(isCompiled())
    }
    expect(seen).toEqual([false, false, true, false, true, false])
  })

  it('keeps nothing of many large documents', async () => {
    const schema = buildSchema('type Query { echo(value: String): String }')
    const run = createExecution(schema)
    const before = heapUsed()
    for (let sent = 0; sent < 100; sent += 1) {
      const document = parse(`{ echo(value: "${sent} ${'a'.repeat(500_000)}") }`)
      for (let uses = 0; uses < 2; uses += 1) await run(document, undefined, {}, {})
    }
    expect(heapUsed() - before).toBeLessThan(20_000_000)
  })

  it('counts each operation of a document towards the limit', async () => {
    const { schema, isCompiled } = observedSchema()
    const run = createExecution(schema)
    const names = Array.from({ length: 20 }, (_, index) => `Operation${index}`)
    const text = names.map((name) => `query ${name} { echo(value: "a") }`).join(' ')
    // Together, the operations have twice as many characters as are kept, but the documents only a tenth.
    const documents = Array.from({ length: 150 }, () => parse(text))
    let compiled = 0
    for (const document of [...documents, ...documents])
      for (const name of names) {
        await run(document, name, {}, {})
        if (isCompiled()) compiled += 1
      }
    expect(compiled).toBe(0)
  })

  it('refuses invalid variables with the same error as graphql-js', async () => {
    const schema = randomApi({ aNull: 8, anError: 12, anOutage: Number.POSITIVE_INFINITY })
    const run = createExecution(schema, 0)
    const document = parse('query ($id: ID!) { post(id: $id) { text } }')
    const { errors } = await run(document, undefined, { id: { not: 'an id' } }, {})
    const expected = await execute({ schema, document, variableValues: { id: { not: 'an id' } } })
    expect(errors).toEqual(expected.errors)
    expect(errors?.[0]).toBeInstanceOf(GraphQLError)
  })
})

// When a null moves up, graphql-js leaves out some errors of the fields beside it, and compiled code reports them all.
function messagesOf(errors: readonly GraphQLError[] = []): string[] {
  return [...new Set(errors.map(({ message }) => message))].sort()
}

/** A schema with one field, and whether that field was last resolved by compiled code. */
function observedSchema(): { schema: GraphQLSchema; isCompiled(): boolean } {
  const schema = buildSchema('type Query { echo(value: String): String }')
  const echo = schema.getQueryType()?.getFields().echo
  let isCompiled = false
  if (echo)
    echo.resolve = () => {
      isCompiled = !new Error('here').stack?.includes('executeField')
      return ''
    }
  return { schema, isCompiled: () => isCompiled }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
