import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { operationOf, type Random, type Selection } from './random-operations.ts'

/** An operation in the search for costly ones. */
export type Candidate = readonly Selection[]

/** The measured costs of a candidate's response. */
export type Measured = {
  candidate: Candidate
  query: string
  status: number
  code: string | null
  bytes: number
  ms: number
}

/** Creates an operation that follows one path through the schema and selects many of the fields along it. */
export function wayDown(
  schema: GraphQLSchema,
  values: Readonly<Record<string, string>>,
  maxDepth: number,
  random: Random,
): Candidate {
  const on = (type: GraphQLNamedType | null | undefined, depth: number): Candidate => {
    if (!isObjectType(type)) return [{ field: '__typename', on: null, args: '', alias: null, selections: [] }]
    const usable = Object.values(type.getFields()).filter(({ args }) =>
      args.every((argument) => !isRequiredArgument(argument) || values[argument.name]),
    )
    const plain = usable.filter(({ type: inner }) => !isCompositeType(getNamedType(inner)))
    const composite = usable.filter(({ type: inner }) => isObjectType(getNamedType(inner)))
    // Other fields of a page hold more data than `pageInfo`.
    const deeper = composite.filter(({ name }) => name !== 'pageInfo')
    const next = depth > 1 ? deeper[random(deeper.length)] : undefined
    const taken = plain.filter(() => random(2) === 0)
    const chosen = [...(taken.length > 0 || next ? taken : plain), ...(next ? [next] : [])]
    return chosen.flatMap(({ name, type: inner, args }) => {
      const given = args.flatMap((argument) => {
        const value = values[argument.name]
        return value ? [`${argument.name}: ${value}`] : []
      })
      const isInner = isCompositeType(getNamedType(inner))
      const selections = isInner ? on(getNamedType(inner), depth - 1) : []
      // There is nothing to select in this field at this depth.
      if (isInner && selections.length === 0) return []
      const text = given.length > 0 ? `(${given.join(', ')})` : ''
      return [{ field: name, on: null, alias: null, args: text, selections }]
    })
  }
  return on(schema.getQueryType(), maxDepth)
}

/** Creates a variation of an operation: it adds the fields of another operation, resizes a page, or removes a field. */
export function neighbour(candidate: Candidate, other: Candidate, random: Random): Candidate {
  switch (random(4)) {
    case 0:
      return joined(candidate, other)
    case 1:
      return changedAt(candidate, random, (selections) => selections.toSpliced(random(selections.length), 1))
    default:
      return changedAt(candidate, random, (selections) =>
        selections.map((selection) => resized(selection, ['100', '50', '20', '5', '1'][random(5)] ?? '')),
      )
  }
}

/** Merges the selections of two operations. If both select the same page, the size of the first one counts. */
function joined(one: Candidate, other: Candidate): Candidate {
  const all = new Map<string, Selection>()
  for (const selection of [...one, ...other]) {
    const key = `${selection.on} ${selection.field}`
    const known = all.get(key)
    all.set(key, known ? { ...known, selections: joined(known.selections, selection.selections) } : selection)
  }
  return [...all.values()]
}

/** Makes all pages of an operation smaller until its cost is allowed. Returns null if that never happens. */
export function shrunk(candidate: Candidate, isAllowed: (query: string) => boolean): Candidate | null {
  let smaller = candidate
  for (let size = 100; size >= 1; size = Math.floor(size * 0.7)) {
    if (isAllowed(operationOf(smaller, false))) return smaller
    smaller = capped(smaller, size)
  }
  return null
}

const pageSize = /first: (\d+)/

const resized = (selection: Selection, size: string): Selection => ({
  ...selection,
  args: selection.args.replace(pageSize, `first: ${size}`),
})

function capped(candidate: Candidate, size: number): Candidate {
  return candidate.map((selection) => {
    const asked = Number(pageSize.exec(selection.args)?.[1] ?? 1)
    return {
      ...resized(selection, String(Math.min(asked, size))),
      selections: capped(selection.selections, size),
    }
  })
}

/** Changes one randomly chosen selection set. */
function changedAt(
  candidate: Candidate,
  random: Random,
  change: (selections: Candidate) => Candidate,
): Candidate {
  const inner = candidate.flatMap(({ selections }, index) => (selections.length > 0 ? [index] : []))
  const index = inner[random(inner.length + 1)]
  if (index === undefined) {
    const changed = change(candidate)
    return changed.length > 0 ? changed : candidate
  }
  return candidate.map((selection, at) =>
    at === index ? { ...selection, selections: changedAt(selection.selections, random, change) } : selection,
  )
}
