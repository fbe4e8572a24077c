import { buildSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLSchema, parse } from 'graphql'
import type { LimitWrite } from '../allowances/write-limits.ts'
import type { Viewer } from '../identity/caller.ts'
import type { Log } from '../log.ts'
import { createExecutor, type Executor } from './executor.ts'
import { guardRootFields, type ViewerContext } from './guard.ts'
import { normalizeIdArguments } from './id-arguments.ts'
import { limitWork } from './work.ts'

/**
 * The part of a service that the gateway composes into the supergraph. It can be called within the process or from an
 * HTTP handler, and serves viewers only. It trusts the viewer that it is given: the calling code must have verified it.
 */
export type Subgraph = {
  name: string
  schema: GraphQLSchema
  /** Takes what remains of the operation's response budget; by default a full budget. */
  execute: Executor<Viewer>
}

/** The parts of a subgraph. */
export type SubgraphOptions<Context extends ViewerContext> = {
  name: string
  typeDefs: string
  // Each subgraph's resolvers have their own generated types, whose only common supertype is `object`.
  resolvers: object
  /** Creates a context: the viewer, and the loaders that batch its reads. */
  context: (caller: Viewer) => Context
  /** Counts the mutations of viewers; null if the subgraph does not limit mutations. */
  limitWrite: LimitWrite | null
  log: Log
}

type ResolverMap = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers']

/** Creates an executable subgraph from its SDL and resolvers. */
export function createSubgraph<Context extends ViewerContext>(options: SubgraphOptions<Context>): Subgraph {
  const { name, typeDefs, context, log } = options
  const schema = limitWork(
    guardRootFields(
      normalizeIdArguments(
        buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: options.resolvers as ResolverMap }]),
      ),
      options.limitWrite,
    ),
  )
  return { name, schema, execute: createExecutor({ schema, context, log }) }
}
