import type { Feed } from './feed/feed.ts'
import type { Route } from './http/routes.ts'
import type { Log } from './log.ts'
import type { InternalApi } from './subgraph/internal-api.ts'
import type { PeerClient } from './subgraph/peer.ts'
import type { Subgraph } from './subgraph/subgraph.ts'
import type { Keyring } from './tokens/keyring.ts'
import type { Verifier } from './tokens/verifier.ts'
import type { WorkerShare } from './worker-share.ts'

/** A queue for work of which only some may run at the same time, in total and per owner. */
export type TurnQueue = { name: string; atOnce: number; ofEachOwner: number }

/** Waits for a turn in a queue that all workers share. Call the returned function when the work has ended. */
export type TakeTurn = (queue: TurnQueue, owner: string) => Promise<() => void>

/** What a service gets from the process that hosts it. */
export type Host = {
  /** The service's own signing key. */
  keyring: Keyring
  /** Trusts the gateway and the other services. */
  verifier: Verifier
  /** Returns a client for the internal API of another service, which is called on behalf of this service. */
  peer(name: string): PeerClient
  /** The address of the database. All services share it, each with its own PostgreSQL schema. */
  databaseUrl: string
  /** The share of this process if it is one of several workers. */
  share?: WorkerShare
  /** Limits work in all workers together, if this process is one of several. */
  takeTurn?: TakeTurn
  log: Log
}

/** A running service, independent of the process that hosts it. */
export type Service = {
  /** What the gateway asks for viewers. */
  subgraph: Subgraph
  /** What other services ask. */
  internal: InternalApi
  /** The public routes beside the GraphQL addresses: uploads, media, pages. */
  routes: readonly Route[]
  /** Reports to other services which users have something new. Not every service has a feed. */
  feed?: Feed
  /** Resolves when the service can do its work. */
  ready(): Promise<void>
  /** Finishes current work and releases all resources. */
  stop(): Promise<void>
}
