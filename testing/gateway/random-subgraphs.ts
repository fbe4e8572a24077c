import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  buildSchema,
  execute,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql'
import { unavailable } from '../../platform/errors.ts'
import type { SubgraphClient } from '../../platform/subgraph/client.ts'
import { SUBGRAPH_NAMES, subgraphSdl } from '../../schema/subgraph-sdl.ts'

/** How often something goes wrong: once in this many cases. */
export type Odds = { aNull: number; anError: number; anOutage: number }

/**
 * Creates subgraphs with the real schemas and made-up data. A value depends only on its object, field and arguments, so
 * the same operation gets the same answer. Some values are null, some fields fail, and some requests are not answered.
 */
export function randomSubgraphs(odds: Odds): Record<string, SubgraphClient> {
  return Object.fromEntries(
    SUBGRAPH_NAMES.map((name) => {
      const schema = randomSchema(name, odds)
      const client: SubgraphClient = {
        async execute({ query, variables, operationName }) {
          if (chance(odds.anOutage, name, query)) throw unavailable(`${name} does not answer.`)
          return execute({ schema, document: parse(query), variableValues: variables, operationName })
        },
        close: async () => {},
      }
      return [name, client]
    }),
  )
}

/** Creates the schema that clients see, with made-up data as in `randomSubgraphs`. */
export function randomApi(odds: Odds): GraphQLSchema {
  return withRandomData(
    buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8')),
    odds,
  )
}

function randomSchema(name: string, odds: Odds): GraphQLSchema {
  return withRandomData(buildSubgraphSchema([{ typeDefs: parse(subgraphSdl(name)) }]), odds)
}

function withRandomData(schema: GraphQLSchema, odds: Odds): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (value: { __typename: string }) => value.__typename
    if (!isObjectType(type) || type.name.startsWith('_')) continue
    for (const field of Object.values(type.getFields())) {
      if (!field.name.startsWith('_')) field.resolve = resolverOf(odds)
    }
  }
  return schema
}

type Made = { __typename?: string; made?: string; id?: string }

function resolverOf(odds: Odds): GraphQLFieldResolver<Made | undefined, unknown> {
  return (source, args, _context, info) => {
    // What the representation of an entity holds.
    const given = source?.[info.fieldName as 'id']
    if (given !== undefined) return given
    const seed = `${info.parentType.name} ${source?.id ?? source?.made ?? ''} ${info.fieldName} ${JSON.stringify(args)}`
    if (chance(odds.anError, 'error', seed)) throw new Error(`no ${seed}`)
    return make(info.returnType, seed, info, odds)
  }
}

function make(type: GraphQLOutputType, seed: string, info: GraphQLResolveInfo, odds: Odds): unknown {
  if (isNonNullType(type)) return make(type.ofType, seed, info, { ...odds, aNull: Number.POSITIVE_INFINITY })
  if (chance(odds.aNull, 'null', seed)) return null
  if (isListType(type)) {
    return Array.from({ length: pick(4, seed) }, (_, index) =>
      make(type.ofType, `${seed} ${index}`, info, odds),
    )
  }
  const named = getNamedType(type)
  if (isEnumType(named)) return named.getValues()[pick(named.getValues().length, seed)]?.value
  if (isLeafType(named)) return leaf(named.name, seed)
  const possible = isAbstractType(named) ? info.schema.getPossibleTypes(named) : [named]
  const chosen = possible[pick(possible.length, seed)]
  // Few ids, so that the same entity appears in several places.
  const { name: __typename = '' } = chosen ?? {}
  return { __typename, id: `${__typename}-${pick(5, seed)}`, made: seed } satisfies Made
}

function leaf(type: string, seed: string): unknown {
  if (type === 'Int' || type === 'ByteCount') return pick(1_000, seed)
  if (type === 'Float') return pick(1_000, seed) / 8
  if (type === 'Boolean') return pick(2, seed) === 0
  return `${type}-${pick(1_000, seed)}`
}

const chance = (odds: number, ...seeds: string[]) => Number.isFinite(odds) && pick(odds, seeds.join()) === 0

function pick(below: number, seed: string): number {
  return createHash('md5').update(seed).digest().readUInt32LE() % below
}
