import type { Clock } from '../../platform/clock.ts'
import { statementsOn } from '../../platform/database/pool.ts'
import type { Log } from '../../platform/log.ts'
import { createEnqueue, type Enqueue } from '../../platform/outbox/enqueue.ts'
import { createResume, type Resume } from '../../platform/outbox/resume.ts'
import type { Host } from '../../platform/service.ts'
import type { PeerClient } from '../../platform/subgraph/peer.ts'
import type { Keyring } from '../../platform/tokens/keyring.ts'
import { WHOLE } from '../../platform/worker-share.ts'
import type { CommunicationConfig } from './config.ts'
import { connect, OUTBOX_SCHEMA, type Pool, type RootDb } from './database.ts'

/** What the modules of the service share. */
export type Resources = {
  config: CommunicationConfig
  databaseUrl: string
  db: RootDb
  /** The connections of `db`. */
  pool: Pool
  /** Puts a message into the outbox. */
  enqueue: Enqueue
  /** Delivers the messages of a topic now that wait after failures. */
  resume: Resume
  keyring: Keyring
  /** Returns the client of another service. */
  peer(name: 'storage' | 'blog'): PeerClient
  clock: Clock
  log: Log
  /** Rejects while the database cannot be used. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Connects to the database. */
export async function openResources(
  host: Host,
  config: CommunicationConfig,
  clock: Clock,
): Promise<Resources> {
  const { databaseUrl, keyring, share = WHOLE, log } = host
  const { db, pool, check, close } = await connect(databaseUrl, log, share.poolSize)
  return {
    config,
    databaseUrl,
    db,
    pool,
    enqueue: createEnqueue(OUTBOX_SCHEMA),
    resume: createResume(OUTBOX_SCHEMA, statementsOn(pool)),
    keyring,
    peer: (name) => host.peer(name),
    clock,
    log,
    ready: check,
    close,
  }
}
