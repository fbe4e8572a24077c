import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** An operation that a consumer of the API sends. */
export type ConsumerOperation = {
  /** `<consumer>/<file>`, for example `demo/publish-post.graphql`. */
  name: string
  /** The operation and its fragments. */
  document: DocumentNode
}

const FOLDER = fileURLToPath(new URL('../consumers/', import.meta.url))

/** Reads the operations of all consumers from `schema/consumers/<consumer>/*.graphql`. */
export function readConsumerOperations(): ConsumerOperation[] {
  const names = globSync('*/*.graphql', { cwd: FOLDER }).sort()
  return names.map((name) => ({ name, document: parse(readFileSync(`${FOLDER}${name}`, 'utf8')) }))
}

/**
 * Returns the elements of the schema that an operation uses: `Type`, `Type.field`, `Type.field.argument`, `Enum.VALUE`
 * and `Input.field`. All values of an enum that it reads count, and all fields of an input, because only the program
 * that sends the operation knows which ones it uses.
 */
export function elementsUsedBy(document: DocumentNode, schema: GraphQLSchema): Set<string> {
  const used = new Set<string>()
  const info = new TypeInfo(schema)
  const useType = (type: GraphQLInputType | GraphQLOutputType) => {
    const named = getNamedType(type)
    if (used.has(named.name)) return
    used.add(named.name)
    if (isEnumType(named)) for (const { name } of named.getValues()) used.add(`${named.name}.${name}`)
    if (!isInputObjectType(named)) return
    for (const field of Object.values(named.getFields())) {
      used.add(`${named.name}.${field.name}`)
      useType(field.type)
    }
  }
  visit(
    document,
    visitWithTypeInfo(info, {
      enter(node) {
        const [parent, field] = [info.getParentType(), info.getFieldDef()]
        if (node.kind === 'Field' && parent && field) {
          const implementing = isAbstractType(parent) ? schema.getPossibleTypes(parent) : []
          for (const { name } of [parent, ...implementing]) used.add(`${name}.${field.name}`)
          useType(field.type)
        }
        if (node.kind === 'Argument' && parent && field)
          used.add(`${parent.name}.${field.name}.${node.name.value}`)
        if (node.kind === 'Argument' || node.kind === 'VariableDefinition') {
          const type = info.getInputType()
          if (type) useType(type)
        }
        if (node.kind === 'InlineFragment' || node.kind === 'FragmentDefinition') {
          const type = info.getType()
          if (type) useType(type)
        }
      },
    }),
  )
  return used
}

/** Returns whether a change of an element affects an operation that uses the given elements. */
export function isAffected(used: Set<string>, element: string, released: GraphQLSchema): boolean {
  if (used.has(element)) return true
  const [type = '', member = '', argument] = element.split('.')
  // A new required argument, or a new required field of an input, is not used yet and must be.
  if (argument !== undefined) return used.has(`${type}.${member}`)
  return used.has(type) && isInputObjectType(released.getType(type))
}
