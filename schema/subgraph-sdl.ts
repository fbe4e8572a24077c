import { readdirSync, readFileSync } from 'node:fs'

const SHARED = 'shared'
const SCALARS = 'scalars'
// The first two are composed from the subgraphs' files. The others are a part of every subgraph.
const NO_SUBGRAPHS = ['api', 'supergraph', SHARED, SCALARS]

/** The subgraphs, by their names in the supergraph and in the logs: each has a file `schema/<name>.graphql`. */
export const SUBGRAPH_NAMES: readonly string[] = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => file.slice(0, -'.graphql'.length))
  .filter((name) => !NO_SUBGRAPHS.includes(name))
  .sort()

/** Reads the SDL of one subgraph: `schema/<name>.graphql`, and the definitions that all subgraphs have. */
export function subgraphSdl(name: string): string {
  return [name, SHARED, SCALARS].map(fileOf).join('\n')
}

/** Reads the SDL of a service's internal API: `schema/internal/<name>.graphql`, and what all internal APIs have. */
export function internalSdl(name: string): string {
  return [`internal/${name}`, `internal/${SHARED}`, SCALARS].map(fileOf).join('\n')
}

const fileOf = (name: string) => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8')
