import os from 'node:os'
import { z } from 'zod'
import { ConfigError, commonConfig, readConfig, wholeNumber } from '../platform/config.ts'
import { WHOLE } from '../platform/worker-share.ts'

const AUTO = 'auto'
const MOST = 256

/** The setting that says how many workers `npm start` runs. */
export const workersConfig = z.object({
  WORKERS: z
    .union(
      [z.literal(AUTO), wholeNumber(1).max(MOST)],
      `must be a whole number from 1 to ${MOST}, or ${AUTO}`,
    )
    .optional()
    .describe(
      'How many processes npm start runs behind its port: a number, or auto for one per core; auto in production and 1 otherwise if unset.',
    ),
})

/** The number of workers. If `isLimit` is true, fewer may run, because the operator asked for `auto`. */
export type WantedWorkers = { count: number; isLimit: boolean }

/** The cores and the memory in bytes that the product may use. */
export type Machine = { cores: number; memory: number }

// A worker needs about 400 MiB, and the database and the media tools need memory too.
const MEMORY_OF_WORKER = 1024 ** 3

/** Returns what this machine, or the container in which the product runs, has. */
function thisMachine(): Machine {
  const limit = process.constrainedMemory()
  const total = os.totalmem()
  return { cores: os.availableParallelism(), memory: limit > 0 ? Math.min(limit, total) : total }
}

/**
 * Reads how many workers to run.
 *
 * @throws ConfigError if a setting is invalid
 */
export function readWorkers(env: NodeJS.ProcessEnv, machine = thisMachine()): WantedWorkers {
  const { NODE_ENV } = readConfig(commonConfig.pick({ NODE_ENV: true }), env)
  const { WORKERS = NODE_ENV === 'production' ? AUTO : 1 } = readConfig(workersConfig, env)
  if (WORKERS !== AUTO) return { count: WORKERS, isLimit: false }
  const fitting = Math.floor(machine.memory / MEMORY_OF_WORKER)
  return { count: Math.min(MOST, machine.cores, Math.max(1, fitting)), isLimit: true }
}

// The connections of a worker outside of the pools: one for each outbox, for rendition jobs, for notifications, for
// revocations and for the locks of uploads, and one more while it starts.
const SESSIONS = 8
// A service with fewer connections answers slowly if several transactions wait for a lock.
const LEAST_POOL = 3
// For migrations, maintenance commands, storage workers and the operator.
const SPARE = 10

// Three services have a pool each, and searches have one of 0.4 times that size.
const connectionsOf = (poolSize: number) => 3 * poolSize + Math.max(1, Math.floor(0.4 * poolSize)) + SESSIONS

/**
 * Divides the database connections among the workers.
 *
 * @param usable how many connections the database accepts
 * @throws ConfigError if they do not suffice for the number of workers that the operator has chosen
 */
export function planWorkers(
  { count, isLimit }: WantedWorkers,
  usable: number,
): { count: number; poolSize: number } {
  const most = Math.max(1, Math.floor((usable - SPARE) / connectionsOf(LEAST_POOL)))
  if (count > most && !isLimit) {
    const needed = count * connectionsOf(LEAST_POOL) + SPARE
    throw new ConfigError(
      `The configuration can't be used:\n  WORKERS: ${count} workers need ${needed} database connections, but PostgreSQL accepts ${usable}. Choose at most ${most}, or raise max_connections of PostgreSQL`,
    )
  }
  const planned = Math.min(count, most)
  let poolSize = WHOLE.poolSize
  while (poolSize > LEAST_POOL && planned * connectionsOf(poolSize) + SPARE > usable) poolSize--
  return { count: planned, poolSize }
}
