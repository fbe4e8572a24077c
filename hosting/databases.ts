import { z } from 'zod'
import { ConfigError, commonConfig, postgresUrl, readConfig } from '../platform/config.ts'
import { type Database, openDatabase } from '../platform/database/open-database.ts'
import type { Log } from '../platform/log.ts'
import { SUBGRAPHS, type SubgraphName, settingOf } from './services.ts'

/** The database address of each service, for a server with one database role per service. */
export const databaseConfig = z.object(
  Object.fromEntries(
    SUBGRAPHS.map((name) => [
      databaseSetting(name),
      postgresUrl.optional().describe(`The PostgreSQL address of ${name}, with its own role.`),
    ]),
  ),
)

/** Returns the name of the setting with the database address of one service. */
export function databaseSetting(name: SubgraphName): string {
  return settingOf(name, 'DATABASE_URL')
}

/** Returns the setting with the database address of one service, for the help of a program that runs only this one. */
export function ownDatabaseSetting(name: SubgraphName): Readonly<Record<string, z.core.$ZodType>> {
  const setting = databaseSetting(name)
  const schema = databaseConfig.shape[setting]
  return schema ? { [setting]: schema } : {}
}

const placeConfig = commonConfig.pick({ DATABASE_URL: true, MOBLOG_DATA_DIR: true })

/**
 * Returns the settings that name the database of each service, and the settings of those that have none.
 *
 * @throws ConfigError if a setting is invalid
 */
export function databaseAddresses(names: readonly SubgraphName[], env: NodeJS.ProcessEnv) {
  const addresses = readConfig(databaseConfig, env)
  const { DATABASE_URL } = readConfig(placeConfig, env)
  const given = new Map<SubgraphName, string>()
  const missing: string[] = []
  for (const name of names) {
    const url = addresses[databaseSetting(name)] ?? DATABASE_URL
    if (url) given.set(name, url)
    else missing.push(databaseSetting(name))
  }
  return { given, missing }
}

/**
 * Opens the databases of the services that run in this process. There are three cases: a server with one role per
 * service, a server with one role for all (`DATABASE_URL`), or the embedded PostgreSQL, with one role per service.
 *
 * @throws ConfigError if a setting is invalid, or if only some of the services have an address
 */
export async function openDatabases(
  names: readonly SubgraphName[],
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<Omit<Database, 'url'>> {
  const { given, missing } = databaseAddresses(names, env)
  const { MOBLOG_DATA_DIR: dataDir } = readConfig(placeConfig, env)
  if (given.size === 0) return openDatabase({ dataDir, services: SUBGRAPHS, log })
  if (missing.length > 0) {
    throw new ConfigError(
      `The configuration can't be used:\n${missing.map((name) => `  ${name}: must be set too, because another service has a database address; or set only DATABASE_URL`).join('\n')}`,
    )
  }
  const opened = new Map<string, Database>(
    await Promise.all(
      [...given].map(
        async ([name, databaseUrl]) => [name, await openDatabase({ databaseUrl, dataDir, log })] as const,
      ),
    ),
  )
  return {
    urlOf(service) {
      const database = opened.get(service)
      if (!database) throw new Error(`the service ${service} has no database in this process`)
      return database.url
    },
    async stop() {
      await Promise.all([...opened.values()].map((database) => database.stop()))
    },
  }
}
