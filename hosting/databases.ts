import { z } from 'zod'
import { ConfigError, postgresUrl } from '../platform/config.ts'
import { type Database, openDatabase } from '../platform/database/open-database.ts'
import type { Log } from '../platform/log.ts'
import { SUBGRAPHS, type SubgraphName } from './addresses.ts'

/** The database address of each service, for a server with one database role per service. */
export const databaseConfig = z.object({
  COMMUNICATION_DATABASE_URL: postgresUrl
    .optional()
    .describe("The database of communication, with a role of the service's own."),
  STORAGE_DATABASE_URL: postgresUrl
    .optional()
    .describe("The database of storage, with a role of the service's own."),
  BLOG_DATABASE_URL: postgresUrl
    .optional()
    .describe("The database of blog, with a role of the service's own."),
})

type Config = z.infer<typeof databaseConfig> & {
  DATABASE_URL?: string | undefined
  MOBLOG_DATA_DIR: string
}

const SETTING = {
  communication: 'COMMUNICATION_DATABASE_URL',
  storage: 'STORAGE_DATABASE_URL',
  blog: 'BLOG_DATABASE_URL',
} as const

/** Returns the name of the setting with the database address of one service. */
export function databaseSetting(name: SubgraphName) {
  return SETTING[name]
}

/**
 * Opens the databases of the services that run in this process. There are three cases: a server with one role per
 * service, a server with one role for all (`DATABASE_URL`), or the embedded PostgreSQL, with one role per service.
 *
 * @throws ConfigError if only some of the services have an address
 */
export async function openDatabases(
  names: readonly SubgraphName[],
  config: Config,
  log: Log,
): Promise<Omit<Database, 'url'>> {
  const urls = names.map((name) => [name, config[SETTING[name]] ?? config.DATABASE_URL] as const)
  const missing = urls.flatMap(([name, url]) => (url ? [] : [SETTING[name]]))
  const dataDir = config.MOBLOG_DATA_DIR
  if (missing.length === names.length) return openDatabase({ dataDir, services: SUBGRAPHS, log })
  if (missing.length > 0) {
    throw new ConfigError(
      `The configuration can't be used:\n${missing.map((name) => `  ${name}: must be set as well, or DATABASE_URL for all services`).join('\n')}`,
    )
  }
  const opened = new Map(
    await Promise.all(
      urls.map(
        async ([name, databaseUrl]) =>
          [name as string, await openDatabase({ databaseUrl, dataDir, log })] as const,
      ),
    ),
  )
  return {
    urlOf(service) {
      const database = opened.get(service)
      if (!database) throw new Error(`the service ${service} does not run in this process`)
      return database.url
    },
    async stop() {
      await Promise.all([...opened.values()].map((database) => database.stop()))
    },
  }
}
