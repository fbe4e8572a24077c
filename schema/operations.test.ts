import { readdirSync, readFileSync } from 'node:fs'
import { validate } from '@graphql-inspector/core'
import {
  buildSchema,
  type DocumentNode,
  Kind,
  parse,
  print,
  Source,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import * as generated from '../generated/graphql/operations.ts'
import { subgraphSdl } from './subgraph-sdl.ts'

const folder = new URL('./operations/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const api = buildSchema(readFileSync(new URL('./api.graphql', import.meta.url), 'utf8'))

describe.each(files)('operations/%s', (file) => {
  const document = parse(textOf(file))
  const [operation] = document.definitions
  const name =
    operation?.kind === Kind.OPERATION_DEFINITION && operation.name ? operation.name.value : '(none)'

  it('contains one operation, which has the name of the file', () => {
    expect(document.definitions).toHaveLength(1)
    expect(`${name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}.graphql`).toBe(file)
  })

  it('is valid against the schema for clients and uses no deprecated element', () => {
    const [problems] = validate(api, [new Source(textOf(file), file)])
    expect([...(problems?.errors ?? []), ...(problems?.deprecated ?? [])].map(String)).toEqual([])
  })

  it('matches the types in generated/: `npm run generate` ran after the last change', () => {
    const documents: Record<string, unknown> = generated
    const typed = documents[`${name}Document`]
    expect(typed && print(typed as DocumentNode)).toBe(print(document))
  })
})

/** Returns the fields that the operations select, as `Type.field`. */
function selectedFields(): Set<string> {
  const selected = new Set<string>()
  const info = new TypeInfo(api)
  const note = { Field: () => void selected.add(`${info.getParentType()}.${info.getFieldDef()?.name}`) }
  for (const file of files) visit(parse(textOf(file)), visitWithTypeInfo(info, note))
  return selected
}

const typesToCover = [
  api.getQueryType(),
  api.getMutationType(),
  api.getSubscriptionType(),
  api.getType('User'),
]

it.each(typesToCover.map((type) => [String(type), type] as const))(
  'the sample operations select every field of %s',
  (name, type) => {
    const fields = type && 'getFields' in type ? Object.keys(type.getFields()) : []
    expect(fields).not.toEqual([])
    const selected = selectedFields()
    expect(fields.filter((field) => !selected.has(`${name}.${field}`))).toEqual([])
  },
)

it("upload-media.graphql is valid against storage's own schema, for clients that send it directly to the storage server", () => {
  // Federation's definitions do not matter here.
  const storage = buildSchema(subgraphSdl('storage').replace(/extend schema[\s\S]*?\)\n/, ''), {
    assumeValidSDL: true,
  })
  const [problems] = validate(storage, [new Source(textOf('upload-media.graphql'))])
  expect(problems?.errors.map(String) ?? []).toEqual([])
})
