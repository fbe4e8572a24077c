import {
  type DocumentNode,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  Kind,
} from 'graphql'

/** Returns how many items to expect in a list that takes no page size, by type and field name. */
export type ListSizes = (type: string, field: string) => number

/** The assumed number of items in a list of unknown size. */
export const ASSUMED_SIZE = 10

/**
 * Reads the sizes of lists. For the product's types they come from `@listSize(assumedSize:)` in the supergraph, for
 * introspection from the schema itself.
 */
export function listSizes(supergraph: DocumentNode, schema: GraphQLSchema): ListSizes {
  const sizes = new Map([...declaredSizes(supergraph), ...introspectionSizes(schema)])
  return (type, field) => sizes.get(`${type}.${field}`) ?? ASSUMED_SIZE
}

function declaredSizes(supergraph: DocumentNode): [string, number][] {
  return supergraph.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return []
    return (definition.fields ?? []).flatMap(({ name, directives }) => {
      const declared = directives?.find((directive) => directive.name.value === 'listSize')
      const size = declared?.arguments?.find((argument) => argument.name.value === 'assumedSize')?.value
      return size?.kind === Kind.INT
        ? [[`${definition.name.value}.${name.value}`, Number(size.value)] as [string, number]]
        : []
    })
  })
}

// Uses averages, because introspection returns all types together.
function introspectionSizes(schema: GraphQLSchema): [string, number][] {
  const types = Object.values(schema.getTypeMap())
  const average = (counts: number[]) =>
    Math.max(1, Math.ceil(counts.reduce((sum, count) => sum + count, 0) / types.length))
  const fields = types.map((type) => ('getFields' in type ? Object.values(type.getFields()) : []))
  const args = fields.flat().map((field) => ('args' in field ? field.args.length : 0))
  return [
    ['__Schema.types', types.length],
    ['__Schema.directives', schema.getDirectives().length],
    ['__Directive.locations', 8],
    ['__Directive.args', 3],
    [
      '__Type.fields',
      average(types.map((type) => (isObjectType(type) ? Object.keys(type.getFields()).length : 0))),
    ],
    [
      '__Type.inputFields',
      average(types.map((type) => (isInputObjectType(type) ? Object.keys(type.getFields()).length : 0))),
    ],
    ['__Type.enumValues', average(types.map((type) => (isEnumType(type) ? type.getValues().length : 0)))],
    ['__Type.interfaces', 1],
    ['__Type.possibleTypes', 1],
    [
      '__Field.args',
      Math.max(1, Math.ceil(args.reduce((sum, count) => sum + count, 0) / Math.max(1, args.length))),
    ],
  ]
}
