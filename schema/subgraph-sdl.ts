import { readFileSync } from 'node:fs'

/** The subgraphs, by their names in the supergraph and in the logs. */
export const SUBGRAPH_NAMES = ['communication', 'storage', 'blog'] as const

export type SubgraphName = (typeof SUBGRAPH_NAMES)[number]

/** Reads the SDL of one subgraph from `schema/<name>.graphql`. */
export function subgraphSdl(name: SubgraphName): string {
  return readFileSync(new URL(`./${name}.graphql`, import.meta.url), 'utf8')
}
