import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import type { GatewayConfig } from './config.ts'
import { type ReservedNames, responseNameRule } from './response-names.ts'

type Rule = (context: ValidationContext) => ASTVisitor

/**
 * Creates the validation rules that refuse operations which cost too much to plan or to answer, or whose aliases
 * mislead the gateway.
 */
export function limitRules(config: GatewayConfig, reserved: () => ReservedNames): Rule[] {
  return [
    responseNameRule(reserved),
    depthRule(config.GATEWAY_MAX_DEPTH),
    aliasRule(config.GATEWAY_MAX_ALIASES),
  ]
}

/** Refuses operations whose fields are nested too deeply. Introspection is limited by its cost. */
function depthRule(limit: number): Rule {
  return perOperation((context, operation) => {
    const path = deepestPath(context, operation)
    if (path.length <= limit) return null
    const deepest = path.map((field) => field.alias?.value ?? field.name.value).join('.')
    return new GraphQLError(
      `The operation nests ${path.length} fields; the limit is ${limit}. The deepest field is "${deepest}". Send several operations with fewer levels.`,
      { nodes: path.slice(limit, limit + 1) },
    )
  })
}

/** Refuses operations with too many aliases, which repeat expensive fields. */
function aliasRule(limit: number): Rule {
  return perOperation((context, operation) => {
    const counts = countAliases(context, operation)
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    if (total <= limit) return null
    const [name, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))
    return new GraphQLError(
      `The operation has ${total} aliases, those in fragments counted at each use; the limit is ${limit}. Most of them, ${count}, are of the field "${name}". Use fewer aliases, or send several operations.`,
      { nodes: operation },
    )
  })
}

const perOperation =
  (check: (context: ValidationContext, operation: OperationDefinitionNode) => GraphQLError | null): Rule =>
  (context) => ({
    OperationDefinition(operation) {
      const error = check(context, operation)
      if (error) context.reportError(error)
    },
  })

/** Returns the fields from the root to the deepest field. Fragments add no levels of their own. */
function deepestPath(context: ValidationContext, operation: OperationDefinitionNode): readonly FieldNode[] {
  const known = new Map<string, readonly FieldNode[]>()
  const below = ({ selections }: SelectionSetNode): readonly FieldNode[] => {
    let deepest: readonly FieldNode[] = []
    for (const selection of selections) {
      const path = pathOf(selection)
      if (path.length > deepest.length) deepest = path
    }
    return deepest
  }
  const pathOf = (selection: SelectionSetNode['selections'][number]): readonly FieldNode[] => {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value === '__schema') return []
      return [selection, ...(selection.selectionSet ? below(selection.selectionSet) : [])]
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return below(selection.selectionSet)
    const name = selection.name.value
    const fragment = context.getFragment(name)
    if (!known.has(name)) {
      // Stops at a fragment that spreads itself, which another rule refuses.
      known.set(name, [])
      known.set(name, fragment ? below(fragment.selectionSet) : [])
    }
    return known.get(name) ?? []
  }
  return below(operation.selectionSet)
}

/** Counts the aliases of each field by its name. An alias in a fragment counts as often as the fragment is used. */
function countAliases(
  context: ValidationContext,
  operation: OperationDefinitionNode,
): ReadonlyMap<string, number> {
  const known = new Map<string, ReadonlyMap<string, number>>()
  const countIn = ({ selections }: SelectionSetNode): Map<string, number> => {
    const counts = new Map<string, number>()
    const add = (name: string, count: number) => counts.set(name, (counts.get(name) ?? 0) + count)
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { name, alias } = selection
        if (alias && alias.value !== '__typename' && name.value !== '__typename') add(name.value, 1)
      }
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? inFragment(selection.name.value)
          : selection.selectionSet && countIn(selection.selectionSet)
      for (const [name, count] of inner ?? []) add(name, count)
    }
    return counts
  }
  const inFragment = (name: string) => {
    const fragment = context.getFragment(name)
    if (!known.has(name)) {
      known.set(name, new Map())
      known.set(name, fragment ? countIn(fragment.selectionSet) : new Map())
    }
    return known.get(name)
  }
  return countIn(operation.selectionSet)
}
