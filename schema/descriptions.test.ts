import { type ASTNode, Kind, parse, visit } from 'graphql'
import { internalSdl, SUBGRAPH_NAMES, subgraphSdl } from './subgraph-sdl.ts'

const DESCRIBED = new Set<string>([
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
])

const nameOf = (node: unknown): string[] => {
  const name = (node as { name?: { value?: string } }).name?.value
  return name ? [name] : []
}

/** Returns the paths of all definitions without a description, for example `Query.user.id`. */
function undescribed(sdl: string): string[] {
  const missing: string[] = []
  visit(parse(sdl), {
    enter(node: ASTNode, _key, _parent, _path, ancestors) {
      if (!DESCRIBED.has(node.kind)) return
      const description = 'description' in node ? node.description?.value.trim() : ''
      if (!description) missing.push([...ancestors, node].flatMap(nameOf).join('.'))
    },
  })
  return missing
}

it.each(SUBGRAPH_NAMES)('%s.graphql describes every type, field, argument and value', (name) => {
  expect(undescribed(subgraphSdl(name))).toEqual([])
})

it.each(SUBGRAPH_NAMES)('internal/%s.graphql describes every type, field, argument and value', (name) => {
  expect(undescribed(internalSdl(name))).toEqual([])
})

it('undescribed finds a missing description at every level of a schema', () => {
  const sdl = '"A." type A { "b." b("c." c: Int, d: Int): Int e: Int } enum F { "g." G H }'
  expect(undescribed(sdl)).toEqual(['A.b.d', 'A.e', 'F', 'F.H'])
})
