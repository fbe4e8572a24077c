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

  it('is one operation, named as its file', () => {
    expect(document.definitions).toHaveLength(1)
    expect(`${name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}.graphql`).toBe(file)
  })

  it('is valid for clients and uses nothing deprecated', () => {
    const [problems] = validate(api, [new Source(textOf(file), file)])
    expect([...(problems?.errors ?? []), ...(problems?.deprecated ?? [])].map(String)).toEqual([])
  })

  it('has types that `npm run generate` made from it as it is', () => {
    const documents: Record<string, unknown> = generated
    const typed = documents[`${name}Document`]
    expect(typed && print(typed as DocumentNode)).toBe(print(document))
  })
})

/** Returns the fields that the operations select, as `Type.field`. */
function askedFor(): Set<string> {
  const asked = new Set<string>()
  const info = new TypeInfo(api)
  const note = { Field: () => void asked.add(`${info.getParentType()}.${info.getFieldDef()?.name}`) }
  for (const file of files) visit(parse(textOf(file)), visitWithTypeInfo(info, note))
  return asked
}

const offered = [api.getQueryType(), api.getMutationType(), api.getSubscriptionType(), api.getType('User')]

it.each(offered.map((type) => [String(type), type] as const))(
  'an operation asks for every field of %s, so that a client finds all there is',
  (name, type) => {
    const fields = type && 'getFields' in type ? Object.keys(type.getFields()) : []
    expect(fields).not.toEqual([])
    const asked = askedFor()
    expect(fields.filter((field) => !asked.has(`${name}.${field}`))).toEqual([])
  },
)

it("upload-media.graphql is understood by storage alone, at the storage server's own address", () => {
  // Federation's definitions do not matter here.
  const storage = buildSchema(subgraphSdl('storage').replace(/extend schema[\s\S]*?\)\n/, ''), {
    assumeValidSDL: true,
  })
  const [problems] = validate(storage, [new Source(textOf('upload-media.graphql'))])
  expect(problems?.errors.map(String) ?? []).toEqual([])
})
