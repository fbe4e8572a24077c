import type { Feed } from './feed/feed.ts'
import type { Route } from './http/routes.ts'
import type { Log } from './log.ts'
import type { SubgraphClient } from './subgraph/client.ts'
import type { Subgraph } from './subgraph/subgraph.ts'
import type { Keyring } from './tokens/keyring.ts'
import type { Verifier } from './tokens/verifier.ts'

/** What the process that hosts a service gives it. */
export type Host = {
  /** The service's own signing key. */
  keyring: Keyring
  /** Trusts the gateway and the other services. */
  verifier: Verifier
  /** The other services, asked on this one's own behalf. */
  peer(name: string): SubgraphClient
  /** The address of the database, shared by all services, each in its own PostgreSQL schema. */
  databaseUrl: string
  log: Log
}

/** A running service, whatever process hosts it. */
export type Service = {
  subgraph: Subgraph
  /** What it serves to the world beside its GraphQL address: uploads, media, pages. */
  routes: readonly Route[]
  /** Tells other services for whom there is something new, where the service has such news. */
  feed?: Feed
  /** Resolves when the service can do its work. */
  ready(): Promise<void>
  /** Finishes what is under way and lets go of everything. */
  stop(): Promise<void>
}
