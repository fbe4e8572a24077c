import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { commonConfig, readConfig } from '../platform/config.ts'
import { connectionLimit } from '../platform/database/connection-limit.ts'
import { createLog } from '../platform/log.ts'
import { shareEnvironment } from '../platform/worker-share.ts'
import { databaseSetting, openDatabases } from './databases.ts'
import { PUBLIC_SERVICES, withPublicAddresses } from './public-addresses.ts'
import type { Running } from './run.ts'
import { ISSUERS, SUBGRAPHS } from './services.ts'
import { allInOneSettings } from './settings.ts'
import { createQueryExchange } from './shared-queries.ts'
import { toAll } from './shared-state.ts'
import { createSharedStreams } from './shared-streams.ts'
import { createSharedTurns } from './shared-turns.ts'
import { openOwnKeyring } from './tokens.ts'
import { planWorkers, type WantedWorkers } from './worker-count.ts'
import { startWorkerProcesses } from './worker-processes.ts'
import { makeRelayFolder } from './worker-relay.ts'

/**
 * Starts the product as several worker processes behind one port. This primary process keeps the database running,
 * replaces workers that end, and counts what is limited for all workers together.
 */
export async function startWorkers(env: NodeJS.ProcessEnv, wanted: WantedWorkers): Promise<Running> {
  const addresses = withPublicAddresses(env, PUBLIC_SERVICES, true)
  readConfig(z.object(allInOneSettings), addresses.env)
  const { LOG_LEVEL, MOBLOG_DATA_DIR } = readConfig(commonConfig, addresses.env)
  const log = createLog('moblog', LOG_LEVEL)
  for (const warning of addresses.warnings) log.warn({}, warning)
  const database = await openDatabases(SUBGRAPHS, addresses.env, log)
  const relayFolder = await makeRelayFolder()
  const removeFolder = () => rm(relayFolder, { recursive: true, force: true })
  try {
    // The workers find the keys, and do not all create them.
    await Promise.all(ISSUERS.map((name) => openOwnKeyring(name, MOBLOG_DATA_DIR)))
    const limits = await Promise.all(SUBGRAPHS.map((name) => connectionLimit(database.urlOf(name))))
    const { count, poolSize } = planWorkers(wanted, Math.min(...limits))
    if (count < wanted.count)
      log.warn({ workers: count, cores: wanted.count }, 'fewer workers than cores: few database connections')
    const databases = Object.fromEntries(
      SUBGRAPHS.map((name) => [databaseSetting(name), database.urlOf(name)]),
    )
    const workers = await startWorkerProcesses({
      count,
      environmentOf: (index) => ({
        ...databases,
        ...shareEnvironment({ index, count, poolSize, relayFolder }),
      }),
      addWorker: toAll([createSharedStreams(), createSharedTurns(), createQueryExchange()]),
      log,
    })
    const { port, failed } = workers
    log.info({ port, url: `http://localhost:${port}/graphql`, workers: count }, 'Moblog is listening')
    return {
      log,
      failed,
      async stop() {
        await workers.stop()
        await removeFolder()
        await database.stop()
      },
    }
  } catch (error) {
    await removeFolder()
    await database.stop()
    throw error
  }
}
