import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import {
  buildSchema,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { internalSdl, SUBGRAPH_NAMES } from './subgraph-sdl.ts'

const root = new URL('..', import.meta.url)
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8')
const schemas = SUBGRAPH_NAMES.map((name) => ({ name, schema: buildSchema(internalSdl(name)) }))

// Each caller has one folder for each service that it calls.
const files = globSync('{gateway,subgraphs/*}/internal-operations/*/*.graphql', { cwd: root })
const operations = files.map((file) => {
  const callee = schemas.find(({ name }) => name === path.basename(path.dirname(file)))
  if (!callee) throw new Error(`${file} is in no folder that is named as a service`)
  return { file, callee, document: parse(textOf(file)) }
})

function rootFieldsOf(schema: GraphQLSchema): string[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  )
}

describe.each(operations)('$file', ({ file, callee, document }) => {
  it('is valid on the internal schema of the service that it calls', () => {
    expect(validate(callee.schema, document).map(String)).toEqual([])
  })

  it('contains one operation, which has the name of the file', () => {
    const [operation] = document.definitions
    expect(document.definitions).toHaveLength(1)
    const name = operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined
    const expected = name?.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
    expect(`${expected}.graphql`).toBe(path.basename(file))
  })

  it('is used by its caller', () => {
    const [folder] = file.split('/internal-operations/')
    const call = `${callee.name}Operation('${path.basename(file, '.graphql')}')`
    const sources = globSync(`${folder}/**/*.ts`, { cwd: root }).filter((name) => !name.endsWith('.test.ts'))
    expect(sources.some((name) => textOf(name).includes(call))).toBe(true)
  })
})

it('every internal root field has a caller', () => {
  // The blog's schema has a query only because every schema needs one.
  const called = new Set(['blog service'])
  for (const { callee, document } of operations) {
    const info = new TypeInfo(callee.schema)
    const noteField = () => void called.add(`${callee.name} ${info.getFieldDef()?.name}`)
    visit(document, visitWithTypeInfo(info, { Field: noteField }))
  }
  const offered = schemas.flatMap(({ name, schema }) =>
    rootFieldsOf(schema).map((field) => `${name} ${field}`),
  )
  expect(offered.filter((field) => !called.has(field))).toEqual([])
})

describe('the supergraph', () => {
  const supergraph = buildSchema(textOf('schema/supergraph.graphql'), { assumeValidSDL: true })
  const hidden = Object.values(supergraph.getTypeMap()).flatMap((type) => {
    const isHidden = ({ astNode }: { astNode?: unknown }) =>
      /"name":\{"kind":"Name","value":"inaccessible"/.test(JSON.stringify(astNode ?? {}))
    const fields = isObjectType(type) ? Object.values(type.getFields()) : []
    return fields.filter(isHidden).map((field) => `${type.name}.${field.name}`)
  })

  it('hides only the keys with which communication refers to objects that may not exist for the viewer', () => {
    expect(hidden.sort()).toEqual(['Comment.reference', 'Post.reference', 'UploadSession.reference'])
    expect(textOf('schema/supergraph.graphql').match(/@inaccessible$/gm)).toHaveLength(hidden.length)
  })

  it('contains no field of an internal API', () => {
    const publicFields = rootFieldsOf(supergraph)
    const internalFields = schemas.flatMap(({ schema }) => rootFieldsOf(schema))
    expect(publicFields.length).toBeGreaterThan(20)
    expect(publicFields.filter((field) => internalFields.includes(field))).toEqual([])
  })
})
