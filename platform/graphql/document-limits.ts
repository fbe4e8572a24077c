import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

// These limits are far above any operation that a client needs. Validation compares all fields with the same response
// name, and all fragments in the same place, with each other. The query planner tries combinations.
const MAX_FIELDS = 3_000
const MAX_COMPARISONS = 20_000
const MAX_FRAGMENTS = 100
const MAX_SPREADS = 500
const MAX_DEPTH = 50

/**
 * Returns why a document would take long to validate, judged by its shape alone; null if it would not. The check takes
 * time in proportion to the limits, whatever the document. It runs before validation and needs no schema.
 */
export function documentFault(document: DocumentNode): string | null {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }
  if (fragments.size > MAX_FRAGMENTS)
    return `It has ${fragments.size} fragments; the limit is ${MAX_FRAGMENTS}.`
  const cycle = selfSpreading(fragments)
  if (cycle !== null) return `The fragment "${cycle}" spreads itself.`
  const seen = { fields: 0, spreads: 0, comparisons: 0 }

  /** Counts the selections in selection sets that are merged, including the fragments that they spread. */
  const count = (sets: readonly SelectionSetNode[], depth: number): string | null => {
    if (depth > MAX_DEPTH) return `It nests deeper than ${MAX_DEPTH} levels.`
    const names = new Map<string, { times: number; inner: SelectionSetNode[] }>()
    const spread = new Set<string>()
    const collect = (set: SelectionSetNode, level: number): string | null => {
      if (level > MAX_DEPTH) return `It nests deeper than ${MAX_DEPTH} levels.`
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          if (++seen.fields > MAX_FIELDS)
            return `It selects more than ${MAX_FIELDS} fields, fragments included.`
          const name = selection.alias?.value ?? selection.name.value
          const same = names.get(name) ?? { times: 0, inner: [] }
          seen.comparisons += same.times++
          if (seen.comparisons > MAX_COMPARISONS) return `It selects "${name}" too many times in one place.`
          if (selection.selectionSet) same.inner.push(selection.selectionSet)
          names.set(name, same)
          continue
        }
        const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : null
        if (name !== null && ++seen.spreads > MAX_SPREADS)
          return `It spreads fragments more than ${MAX_SPREADS} times.`
        if (name !== null && spread.has(name)) continue
        if (name !== null) spread.add(name)
        const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(name ?? '')
        const fault = inner ? collect(inner.selectionSet, level + 1) : null
        if (fault) return fault
      }
      return null
    }
    for (const set of sets) {
      const fault = collect(set, depth)
      if (fault) return fault
    }
    for (const { inner } of names.values()) {
      const fault = inner.length > 0 ? count(inner, depth + 1) : null
      if (fault) return fault
    }
    return null
  }
  for (const definition of document.definitions) {
    const isExecutable =
      definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION
    const fault = isExecutable ? count([definition.selectionSet], 1) : null
    if (fault) return fault
  }
  return null
}

/** Returns the name of a fragment that leads back to itself, or null. */
function selfSpreading(fragments: ReadonlyMap<string, FragmentDefinitionNode>): string | null {
  const done = new Set<string>()
  const open = new Set<string>()
  const visit = (name: string): string | null => {
    if (open.has(name)) return name
    const fragment = done.has(name) ? undefined : fragments.get(name)
    if (!fragment) return null
    open.add(name)
    for (const inner of spreadsIn(fragment.selectionSet)) {
      const cycle = visit(inner)
      if (cycle !== null) return cycle
    }
    open.delete(name)
    done.add(name)
    return null
  }
  for (const name of fragments.keys()) {
    const cycle = visit(name)
    if (cycle !== null) return cycle
  }
  return null
}

function spreadsIn(root: SelectionSetNode): Set<string> {
  const names = new Set<string>()
  const sets = [root]
  for (let set = sets.pop(); set; set = sets.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) names.add(selection.name.value)
      else if (selection.selectionSet) sets.push(selection.selectionSet)
    }
  }
  return names
}
