import { readFileSync } from 'node:fs'
import { validate } from '@graphql-inspector/core'
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import * as generated from '../generated/graphql/operations.ts'
import { documentFault } from '../platform/graphql/document-limits.ts'
import {
  fileNameOf,
  fragmentFileNames,
  operationNames,
  readFragment,
  readOperation,
} from './read-operation.ts'
import { subgraphSdl } from './subgraph-sdl.ts'

const api = buildSchema(readFileSync(new URL('./api.graphql', import.meta.url), 'utf8'))
const documents = operationNames().map((name) => parse(readOperation(name)))

describe.each(operationNames())('operations/%s.graphql', (file) => {
  const document = parse(readOperation(file))
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )
  const name = operations[0]?.name?.value ?? '(none)'

  it('is one operation, named as its file', () => {
    expect(operations).toHaveLength(1)
    expect(document.definitions[0]).toBe(operations[0])
    expect(fileNameOf(name)).toBe(file)
  })

  it('is valid for clients and uses nothing deprecated', () => {
    const [problems] = validate(api, [new Source(readOperation(file), file)])
    expect([...(problems?.errors ?? []), ...(problems?.deprecated ?? [])].map(String)).toEqual([])
  })

  it('is accepted by the gateway, which refuses documents that take long to validate', () => {
    expect(documentFault(document)).toBeNull()
  })

  it('has types that `npm run generate` made from it as it is', () => {
    const typed: Record<string, unknown> = generated
    const made = typed[`${name}Document`]
    expect(made && printedParts(made as DocumentNode)).toEqual(printedParts(document))
  })
})

describe.each(fragmentFileNames())('operations/fragments/%s.graphql', (file) => {
  it('is one fragment, named as its file', () => {
    const { definitions } = parse(readFragment(file))
    const names = definitions.map(
      (node) => node.kind === Kind.FRAGMENT_DEFINITION && fileNameOf(node.name.value),
    )
    expect(names).toEqual([file])
  })

  it('is used by several operations', () => {
    const users = documents.filter(({ definitions }) =>
      definitions.some(
        (node) => node.kind === Kind.FRAGMENT_DEFINITION && fileNameOf(node.name.value) === file,
      ),
    )
    expect(users.length).toBeGreaterThan(1)
  })
})

it('an operation is read with the fragments that it uses, each once, and with no others', () => {
  const definitions = (name: string) => parse(readOperation(name)).definitions.map(({ kind }) => kind)
  expect(definitions('notifications')).toEqual([
    Kind.OPERATION_DEFINITION,
    Kind.FRAGMENT_DEFINITION,
    Kind.FRAGMENT_DEFINITION,
  ])
  expect(definitions('viewer')).toEqual([Kind.OPERATION_DEFINITION])
})

/** The operation and its fragments as text. Their order in a document has no meaning. */
function printedParts({ definitions }: DocumentNode): string[] {
  return definitions.map((definition) => print(definition)).sort()
}

/** Returns the fields of a type that no operation selects, except deprecated ones, which no operation may select. */
function unselectedFields(schema: GraphQLSchema, typeName: string, sent: DocumentNode[]): string[] {
  const selected = new Set<string>()
  const info = new TypeInfo(schema)
  const note = { Field: () => void selected.add(`${info.getParentType()}.${info.getFieldDef()?.name}`) }
  for (const document of sent) visit(document, visitWithTypeInfo(info, note))
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`)
  return Object.values(type.getFields())
    .filter(
      ({ name, deprecationReason }) => deprecationReason == null && !selected.has(`${typeName}.${name}`),
    )
    .map(({ name }) => name)
}

it.each(['Query', 'Mutation', 'Subscription', 'User'])(
  'an operation asks for every field of %s, so that a client finds all there is',
  (name) => {
    expect(unselectedFields(api, name, documents)).toEqual([])
  },
)

it('a deprecated field needs no operation, and every other field does', () => {
  const schema = buildSchema('type Query { a: Int b: Int @deprecated(reason: "Use `a` instead.") c: Int }')
  expect(unselectedFields(schema, 'Query', [parse('{ a }')])).toEqual(['c'])
})

it("upload-media.graphql is understood by storage alone, at the storage server's own address", () => {
  // Federation's definitions do not matter here.
  const storage = buildSchema(subgraphSdl('storage').replace(/extend schema[\s\S]*?\)\n/, ''), {
    assumeValidSDL: true,
  })
  const [problems] = validate(storage, [new Source(readOperation('upload-media'))])
  expect(problems?.errors.map(String) ?? []).toEqual([])
})
