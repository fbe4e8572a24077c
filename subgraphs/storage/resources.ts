import { mkdir } from 'node:fs/promises'
import type { Clock } from '../../platform/clock.ts'
import { openSessionLocks, type SessionLocks } from '../../platform/database/session-locks.ts'
import type { Log } from '../../platform/log.ts'
import { createEnqueue, type Enqueue } from '../../platform/outbox/enqueue.ts'
import type { Host, TakeTurn } from '../../platform/service.ts'
import type { PeerClient } from '../../platform/subgraph/peer.ts'
import type { Verifier } from '../../platform/tokens/verifier.ts'
import { WHOLE, type WorkerShare } from '../../platform/worker-share.ts'
import { objectsFolder, type StorageConfig, storageFolder } from './config.ts'
import { connect, JOBS_SCHEMA, type Pool, type RootDb } from './database.ts'
import type { ObjectStore } from './objects/object-store.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import type { Prober } from './probing/ffprobe.ts'
import { openProber, openTools, type Tools } from './probing/open-tools.ts'

/** What the modules of the service share. */
export type Resources = {
  config: StorageConfig
  databaseUrl: string
  db: RootDb
  /** For statements that run very often. */
  pool: Pool
  /** Puts a message into the outbox. */
  enqueue: Enqueue
  objects: ObjectStore
  tools: Tools
  prober: Prober
  verifier: Verifier
  communication(): PeerClient
  /** Locks that all processes on the database share. */
  sessionLocks: SessionLocks
  /** The share of this process in the work of the service. */
  share: WorkerShare
  /** Limits work in all workers together; null in a single process. */
  takeTurn: TakeTurn | null
  clock: Clock
  log: Log
  /** Rejects while the database or the object store cannot be used. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Connects to the database and the object store, and finds the media tools. */
export async function openResources(host: Host, config: StorageConfig, clock: Clock): Promise<Resources> {
  const { databaseUrl, verifier, share = WHOLE, takeTurn = null, log } = host
  await mkdir(storageFolder(config), { recursive: true, mode: 0o700 })
  const locking = {
    url: databaseUrl,
    applicationName: 'moblog storage locks',
    channel: 'storage_upload',
    log,
  }
  const [database, sessionLocks, objects, tools] = await Promise.all([
    connect(databaseUrl, log, share.poolSize),
    openSessionLocks(locking),
    openObjectStore(config, objectsFolder(config)),
    openTools(config, log),
  ])
  return {
    config,
    databaseUrl,
    db: database.db,
    pool: database.pool,
    enqueue: createEnqueue(JOBS_SCHEMA),
    objects,
    tools,
    prober: openProber(config, tools),
    verifier,
    communication: () => host.peer('communication'),
    sessionLocks,
    share,
    takeTurn,
    clock,
    log,
    async ready() {
      await Promise.all([database.check(), objects.check()])
    },
    async close() {
      objects.close?.()
      await sessionLocks.close()
      await database.close()
    },
  }
}
