import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

/** A field of an operation, or an inline fragment if `on` is set. */
export type Selection = {
  field: string
  on: string | null
  args: string
  alias: string | null
  selections: readonly Selection[]
}

/** Returns the text of a query with these selections, with or without the aliases. */
export function operationOf(selections: readonly Selection[], withAliases: boolean): string {
  return `{ ${selections.map((selection) => textOf(selection, withAliases)).join(' ')} }`
}

function textOf({ field, on, args, alias, selections }: Selection, withAliases: boolean): string {
  const inner = selections.length > 0 ? ` ${operationOf(selections, withAliases)}` : ''
  if (on !== null) return `... on ${on}${inner}`
  return `${withAliases && alias !== null ? `${alias}: ` : ''}${field}${args}${inner}`
}

/** Converts data to its form without aliases. */
export function withoutAliases(data: unknown, selections: readonly Selection[]): unknown {
  if (Array.isArray(data)) return data.map((item) => withoutAliases(item, selections))
  if (typeof data !== 'object' || data === null) return data
  const named = Object.create(null) as Record<string, unknown>
  for (const { on, field, alias, selections: inner } of selections) {
    if (on !== null) Object.assign(named, withoutAliases(data, inner))
    else {
      const value = Object.getOwnPropertyDescriptor(data, alias ?? field)?.value
      if (value !== undefined) named[field] = withoutAliases(value, inner)
    }
  }
  return named
}

/** The input for generating operations for a schema. */
export type OperationSource = {
  schema: GraphQLSchema
  /** The possible texts of an argument's value, by the argument's name. */
  values: Readonly<Record<string, readonly string[]>>
  /** Unusual aliases. All names of the schema are used as aliases too. */
  aliases: readonly string[]
  maxDepth: number
}

/** Creates a valid query in which each field may have any name as an alias. The same seed gives the same query. */
export function randomSelections(source: OperationSource, seed: number): readonly Selection[] {
  const { schema, aliases, maxDepth } = source
  const query = schema.getQueryType()
  if (!query) throw new Error('the schema has no query type')
  const names = new Set(aliases)
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) for (const name of Object.keys(type.getFields())) names.add(name)
  }
  return selectionsOn(query, { ...source, aliases: [...names] }, maxDepth, createRandom(seed))
}

/** Returns a whole number from zero up to, but not including, the bound. */
export type Random = (below: number) => number

/** Creates a generator that returns the same numbers for the same seed (Mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const TYPENAME: Selection = { field: '__typename', on: null, args: '', alias: null, selections: [] }

function selectionsOn(
  type: GraphQLNamedType,
  source: OperationSource,
  depth: number,
  random: Random,
): readonly Selection[] {
  const fields =
    'getFields' in type ? (Object.values(type.getFields()) as GraphQLField<unknown, unknown>[]) : []
  const usable = fields.filter(
    ({ type: inner, args }) =>
      args.every((arg) => !isRequiredArgument(arg) || source.values[arg.name]) &&
      (depth > 1 || !isCompositeType(getNamedType(inner))),
  )
  const selections: Selection[] = []
  const names = new Set(['__typename'])
  for (const field of pick(usable, 1 + random(3), random)) {
    const inner = getNamedType(field.type)
    const alias = random(2) === 0 ? (source.aliases[random(source.aliases.length)] ?? null) : null
    // One response name must not be used for two fields.
    if (names.has(alias ?? field.name) && alias !== '__typename') continue
    names.add(alias ?? field.name)
    selections.push({
      ...{ field: field.name, on: null, alias, args: argumentsFor(field, source, random) },
      selections: isCompositeType(inner) ? selectionsOn(inner, source, depth - 1, random) : [],
    })
  }
  if (isAbstractType(type) && depth > 1) {
    for (const member of pick(source.schema.getPossibleTypes(type), 2, random)) {
      const inner = selectionsOn(member, { ...source, aliases: ['__typename'] }, 1, random)
      const own = inner.filter(({ alias, field }) => alias === null && !names.has(field))
      if (own.length > 0)
        selections.push({ field: '', on: member.name, args: '', alias: null, selections: own })
    }
  }
  return selections.length > 0 ? selections : [TYPENAME]
}

function pick<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  const left = [...items]
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(random(left.length), 1),
  ).flat()
}

function argumentsFor(
  { args }: GraphQLField<unknown, unknown>,
  { values }: OperationSource,
  random: Random,
): string {
  const given = args.flatMap(({ name }) => {
    const texts = values[name]
    return texts ? [`${name}: ${texts[random(texts.length)]}`] : []
  })
  return given.length === 0 ? '' : `(${given.join(', ')})`
}
