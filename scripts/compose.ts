/**
 * Composes the subgraphs' schemas, `schema/<subgraph>.graphql`, into `schema/supergraph.graphql`, which the gateway runs, and
 * `schema/api.graphql`, which clients see. Run it with `npm run compose` after a change to a subgraph's schema.
 */
import { writeFileSync } from 'node:fs'
import { composeSchemas } from '../schema/compose.ts'

const { supergraph, api } = composeSchemas()
writeFileSync(new URL('../schema/supergraph.graphql', import.meta.url), supergraph)
writeFileSync(new URL('../schema/api.graphql', import.meta.url), api)
