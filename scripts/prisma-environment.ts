import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

/**
 * Returns the environment for the Prisma CLI, which works on one subgraph and never uses the network: the schema engine
 * is our schema-engine.ts, and the check for updates is off. prisma.config.ts reads SUBGRAPH and DATABASE_URL.
 */
export function prismaEnvironment(subgraph: string, databaseUrl?: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // The engine starts through "#!/usr/bin/env", which must find the Node that runs this script.
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
    PRISMA_SCHEMA_ENGINE_BINARY: path.join(projectRoot, 'scripts/schema-engine.ts'),
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    SUBGRAPH: subgraph,
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  }
}
