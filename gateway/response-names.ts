import {
  type ASTVisitor,
  type ConstDirectiveNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
  type ValidationContext,
} from 'graphql'

/** For each type of the supergraph, the response names that no other field may use as an alias. */
export type ReservedNames = ReadonlyMap<string, ReadonlySet<string>>

/** The `extensions.code` of an operation that gives another field a reserved response name. */
export const ALIAS_RESERVED = 'ALIAS_RESERVED'

/**
 * Reads from the supergraph the fields that the gateway copies from one subgraph's response into its request to another
 * subgraph: key fields and fields in `requires`.
 */
export function reservedNames(supergraph: DocumentNode): ReservedNames {
  const fieldTypes = fieldTypesOf(supergraph)
  const reserved = new Map<string, Set<string>>()

  const reserve = (type: string, selections: SelectionSetNode) => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        reserve(selection.typeCondition?.name.value ?? type, selection.selectionSet)
      } else if (selection.kind === Kind.FIELD) {
        const { name, selectionSet } = selection
        reserved.set(type, (reserved.get(type) ?? new Set()).add(name.value))
        const nested = fieldTypes.get(`${type}.${name.value}`)
        if (selectionSet && nested) reserve(nested, selectionSet)
      }
    }
  }
  for (const definition of supergraph.definitions) {
    const isType =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    if (!isType) continue
    const fieldSets = [
      ...argumentsOf(definition.directives, 'join__type', 'key'),
      ...(definition.fields ?? []).flatMap(({ directives }) =>
        argumentsOf(directives, 'join__field', 'requires'),
      ),
    ]
    for (const text of fieldSets) reserve(definition.name.value, selectionsOf(text))
  }
  return reserved
}

/**
 * Creates a validation rule that refuses an alias equal to the response name of a key field, of a required field or of
 * `__typename`. Otherwise the gateway would query the next subgraph with the value of the aliased field, which a client
 * may have chosen.
 *
 * @param reserved returns the names; called for each document, because the supergraph can be replaced
 */
export function responseNameRule(reserved: () => ReservedNames): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const names = reserved()
    const schema = context.getSchema()
    return {
      Field(node) {
        const alias = node.alias?.value
        if (alias === undefined || alias === node.name.value) return
        const parent = context.getParentType()
        if (!parent) return
        const isReserved =
          alias === '__typename' || relatedTypes(parent, schema).some((type) => names.get(type)?.has(alias))
        if (!isReserved) return
        const field = `${parent.name}.${node.name.value}`
        const message =
          `The alias "${alias}" of ${field} is reserved for the field "${alias}", by which services find objects. ` +
          `Choose another alias, such as "${alias.replace(/^_+/, '')}Alias", or none.`
        context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: ALIAS_RESERVED } }))
      },
    }
  }
}

// A field that is selected on an interface is in the response of each type that implements it, and vice versa.
function relatedTypes(parent: GraphQLNamedType, schema: GraphQLSchema): string[] {
  const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]
  const interfaces = possible.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [],
  )
  return [parent, ...possible, ...interfaces].map(({ name }) => name)
}

function fieldTypesOf(supergraph: DocumentNode): Map<string, string> {
  const types = new Map<string, string>()
  for (const definition of supergraph.definitions) {
    if (!('fields' in definition)) continue
    for (const field of definition.fields ?? []) {
      types.set(`${definition.name.value}.${field.name.value}`, namedType(field.type))
    }
  }
  return types
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  directive: string,
  argument: string,
): string[] {
  return (directives ?? [])
    .filter(({ name }) => name.value === directive)
    .flatMap((node) => node.arguments ?? [])
    .flatMap(({ name, value }) =>
      name.value === argument && value.kind === Kind.STRING ? [value.value] : [],
    )
}

function selectionsOf(fieldSet: string): SelectionSetNode {
  const [definition] = parse(`{ ${fieldSet} }`).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error(`invalid field set in the supergraph: ${fieldSet}`)
  return definition.selectionSet
}
