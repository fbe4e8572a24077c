import { readdirSync, readFileSync } from 'node:fs'

// These files are composed from the others.
const COMPOSED = ['api', 'supergraph']

/** The subgraphs, by their names in the supergraph and in the logs: each has a file `schema/<name>.graphql`. */
export const SUBGRAPH_NAMES: readonly string[] = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => file.slice(0, -'.graphql'.length))
  .filter((name) => !COMPOSED.includes(name))
  .sort()

/** Reads the SDL of one subgraph from `schema/<name>.graphql`. */
export function subgraphSdl(name: string): string {
  return readFileSync(new URL(`./${name}.graphql`, import.meta.url), 'utf8')
}

/** Reads the SDL of a service's internal API from `schema/internal/<name>.graphql`. */
export function internalSdl(name: string): string {
  return readFileSync(new URL(`./internal/${name}.graphql`, import.meta.url), 'utf8')
}
