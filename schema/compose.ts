import { readFileSync } from 'node:fs'
import { composeServices } from '@apollo/composition'
import { parse, printSchema } from 'graphql'

/** The subgraphs, by the names that the supergraph and the logs know them by. */
export const SUBGRAPH_NAMES = ['communication', 'storage', 'blog'] as const

/** One of the three subgraphs. */
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number]

/** The SDL of one subgraph, as `schema/<name>.graphql` has it. */
export function subgraphSdl(name: SubgraphName): string {
  return readFileSync(new URL(`./${name}.graphql`, import.meta.url), 'utf8')
}

/**
 * Composes the subgraphs' schemas.
 *
 * @returns the supergraph SDL and the SDL that clients see
 * @throws Error that lists every composition error
 */
export function composeSchemas(): { supergraph: string; api: string } {
  const result = composeServices(
    SUBGRAPH_NAMES.map((name) => ({
      name,
      url: `http://${name}/graphql`,
      typeDefs: parse(subgraphSdl(name)),
    })),
  )
  if (result.errors) throw new Error(result.errors.map((error) => error.message).join('\n\n'))
  const api = printSchema(result.schema.toAPISchema().toGraphQLJSSchema())
  return { supergraph: result.supergraphSdl, api: `${api}\n` }
}
