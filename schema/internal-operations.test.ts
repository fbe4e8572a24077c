import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import {
  buildSchema,
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
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

function rootFieldsOf(schema: GraphQLSchema): GraphQLField<unknown, unknown>[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
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

it('@calledBy names exactly the services that call a field', () => {
  const calls = new Map<string, Set<string>>()
  for (const { file, callee, document } of operations) {
    const [caller = ''] = file.replace(/^subgraphs\//, '').split('/')
    const info = new TypeInfo(callee.schema)
    visit(
      document,
      visitWithTypeInfo(info, {
        Field() {
          const parent = info.getParentType()
          if (parent !== callee.schema.getQueryType() && parent !== callee.schema.getMutationType()) return
          const field = `${callee.name} ${info.getFieldDef()?.name}`
          calls.set(field, (calls.get(field) ?? new Set()).add(caller))
        },
      }),
    )
  }
  const named = schemas.flatMap(({ name, schema }) =>
    rootFieldsOf(schema).map((field) => [`${name} ${field.name}`, callersNamedBy(schema, field).sort()]),
  )
  const actual = [...calls].map(([field, callers]) => [field, [...callers].sort()])
  // The blog's schema has a query only because every schema needs one.
  expect(Object.fromEntries(named)).toEqual({ ...Object.fromEntries(actual), 'blog service': [] })
})

function callersNamedBy(schema: GraphQLSchema, { astNode }: GraphQLField<unknown, unknown>): string[] {
  const directive = schema.getDirective('calledBy')
  const values = directive && astNode && getDirectiveValues(directive, astNode)
  return values?.services as string[]
}

describe('the supergraph', () => {
  const supergraph = buildSchema(textOf('schema/supergraph.graphql'), { assumeValidSDL: true })
  const hidden = Object.values(supergraph.getTypeMap()).flatMap((type) => {
    const isHidden = ({ astNode }: { astNode?: unknown }) =>
      /"name":\{"kind":"Name","value":"inaccessible"/.test(JSON.stringify(astNode ?? {}))
    const fields = isObjectType(type) ? Object.values(type.getFields()) : []
    return fields.filter(isHidden).map((field) => `${type.name}.${field.name}`)
  })

  it('hides only the keys with which communication refers to objects that may not exist for the viewer', () => {
    expect(hidden.sort()).toEqual([
      'AudienceList.reference',
      'Comment.reference',
      'Post.reference',
      'UploadSession.reference',
    ])
    expect(textOf('schema/supergraph.graphql').match(/@inaccessible$/gm)).toHaveLength(hidden.length)
  })

  it('contains no field of an internal API', () => {
    const publicFields = rootFieldsOf(supergraph).map(({ name }) => name)
    const internalFields = schemas.flatMap(({ schema }) => rootFieldsOf(schema).map(({ name }) => name))
    expect(publicFields.length).toBeGreaterThan(20)
    expect(publicFields.filter((field) => internalFields.includes(field))).toEqual([])
  })
})
