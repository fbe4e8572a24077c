import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { createEnqueue, type Enqueue } from '../../platform/outbox/enqueue.ts'
import type { Host } from '../../platform/service.ts'
import type { Verifier } from '../../platform/tokens/verifier.ts'
import { WHOLE, type WorkerShare } from '../../platform/worker-share.ts'
import type { BlogConfig } from './config.ts'
import { connect, OUTBOX_SCHEMA, type Pool, type RootDb } from './database.ts'

/** What the modules of the service share. */
export type Resources = {
  config: BlogConfig
  databaseUrl: string
  db: RootDb
  /** Connections to the same tables, for handwritten SQL. */
  pool: Pool
  /** Puts a message into the outbox. */
  enqueue: Enqueue
  verifier: Verifier
  /** Returns a client for the internal API of another service. */
  peer: Host['peer']
  /** The share of this process in the work of the service. */
  share: WorkerShare
  clock: Clock
  log: Log
  /** Rejects while the database does not answer. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Connects to the database. */
export async function openResources(host: Host, config: BlogConfig, clock: Clock): Promise<Resources> {
  const { databaseUrl, verifier, share = WHOLE, log } = host
  const { db, pool, check, close } = await connect(databaseUrl, log, share.poolSize)
  return {
    config,
    databaseUrl,
    db,
    pool,
    enqueue: createEnqueue(OUTBOX_SCHEMA),
    verifier,
    peer: (name) => host.peer(name),
    share,
    clock,
    log,
    ready: check,
    close,
  }
}
