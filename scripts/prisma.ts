/**
 * `npm run migrate -- <subgraph> dev --name x | deploy | status | diff`: runs the Prisma CLI on the product's database.
 * This is DATABASE_URL, or the embedded PostgreSQL below MOBLOG_DATA_DIR, which is started if necessary.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { SUBGRAPHS } from '../hosting/services.ts'
import { openDatabase } from '../platform/database/open-database.ts'
import { createMigration, findDrift, runPrisma, subgraphsWithSchema } from './migrations.ts'
import { projectRoot } from './prisma-environment.ts'

const [area = '', subgraph = '', command = '', ...rest] = process.argv.slice(2)

type Target = Parameters<typeof findDrift>[0]

/**
 * Creates the migration, applies it and generates the client. With `--create-only` it stops after the first step, so
 * that the migration can be completed by hand.
 */
async function develop(target: Target): Promise<number> {
  const { values } = parseArgs({
    args: rest,
    options: { name: { type: 'string', short: 'n' }, 'create-only': { type: 'boolean' } },
  })
  if (!values.name) {
    console.error('The name of the migration is missing. Add it, for example: --name add_comments')
    return 1
  }
  const file = await createMigration(target, values.name)
  console.log(file ? `Wrote ${file}` : 'No migration was written: schema.prisma has no changes.')
  if (values['create-only']) return 0
  const { code } = await runPrisma(target, ['migrate', 'deploy'], true)
  return code || (await runPrisma(target, ['generate', '--no-hints'], true)).code
}

async function runMigrateCommand(target: Target): Promise<number> {
  if (command === 'dev') return develop(target)
  if (command === 'diff' && rest.length === 0) {
    const sql = await findDrift(target)
    console.log(sql || 'The migrations match schema.prisma.')
    return sql ? 2 : 0
  }
  return (await runPrisma(target, ['migrate', command, ...rest], true)).code
}

if (area !== 'migrate' || !command || !subgraphsWithSchema().includes(subgraph)) {
  console.error(
    `Usage: npm run migrate -- <${subgraphsWithSchema().join('|')}> <dev --name x [--create-only]|deploy|status|diff>`,
  )
  process.exit(1)
}

const silent = () => {}
const database = await openDatabase({
  databaseUrl: process.env.DATABASE_URL,
  services: SUBGRAPHS,
  dataDir: process.env.MOBLOG_DATA_DIR ?? path.join(projectRoot, '.moblog'),
  log: { debug: silent, info: silent, warn: console.warn, error: console.error },
})
try {
  process.exitCode = await runMigrateCommand({ subgraph, databaseUrl: database.url })
} finally {
  await database.stop()
}
