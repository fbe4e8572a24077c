import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { postgresAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { onCluster } from './cluster.ts'
import { type Postmaster, removeStaleLocks, runningPostmaster } from './postmaster.ts'

const settings = {
  listen_addresses: '127.0.0.1',
  // The folder of the cluster, which PostgreSQL changes to.
  unix_socket_directories: '.',
  max_connections: '200',
  shared_preload_libraries: 'pg_stat_statements',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

// For data that may be lost: tests.
const fastSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

type Start = { cluster: string; port: number; durable: boolean }

/**
 * Resolves when PostgreSQL accepts connections. Resolves to undefined if it exits before, for example because another
 * one runs.
 */
async function tryStart({ cluster, port, durable }: Start): Promise<Postmaster | undefined> {
  const account = postgresAccount(cluster)
  const { postgres } = await findBinaries(account)
  await removeStaleLocks(cluster)
  const { dataFolder, options } = onCluster(cluster, account)
  const all = Object.entries(durable ? settings : { ...settings, ...fastSettings })
  const args = [
    '-D',
    dataFolder,
    '-p',
    `${await freePort(port)}`,
    ...all.map(([name, value]) => `--${name}=${value}`),
  ]
  const child = spawn(postgres, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  // There is no time limit, because recovery after a crash may take long.
  while (child.exitCode === null && child.signalCode === null && !failure) {
    const running = runningPostmaster(cluster)
    if (running?.ready && running.pid === child.pid) return running
    await sleep(10)
  }
  if (failure) throw failure
  return undefined
}

/** Returns the PostgreSQL that runs on the cluster. Starts it if necessary; `found` is then false. */
export async function findOrStartPostgres(start: Start): Promise<Postmaster & { found: boolean }> {
  // After kill -9 of PostgreSQL, its child processes and its shared memory remain for a moment, so several attempts may
  // be needed.
  for (let attempts = 0; attempts < 20; ) {
    const running = runningPostmaster(start.cluster)
    if (running?.ready) return { ...running, found: true }
    if (!running) {
      attempts++
      const started = await tryStart(start)
      if (started) return { ...started, found: false }
    }
    await sleep(running ? 10 : 100)
  }
  throw new Error('PostgreSQL does not start; see postgres.log in the data folder')
}
