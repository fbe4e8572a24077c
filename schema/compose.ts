import { composeServices } from '@apollo/composition'
import { parse, printSchema } from 'graphql'
import { SUBGRAPH_NAMES, subgraphSdl } from './subgraph-sdl.ts'

/**
 * Composes the subgraphs' schemas.
 *
 * @returns the supergraph SDL and the SDL that clients see
 * @throws Error that lists all composition errors
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
