import { readFileSync } from 'node:fs'

/** The subgraphs, by the names that the supergraph and the logs know them by. */
export const SUBGRAPH_NAMES = ['communication', 'storage', 'blog'] as const

/** One of the three subgraphs. */
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number]

/** The SDL of one subgraph, as `schema/<name>.graphql` has it. */
export function subgraphSdl(name: SubgraphName): string {
  return readFileSync(new URL(`./${name}.graphql`, import.meta.url), 'utf8')
}
