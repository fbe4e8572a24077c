import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  type ColumnType,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'

/** Splits the Prisma CLI's URL. `schema` is Prisma's parameter, which PostgreSQL does not know. */
export function parseDatasource(url: string) {
  const parsed = new URL(url)
  const schema = parsed.searchParams.get('schema') ?? 'public'
  for (const parameter of ['schema', 'shadow']) parsed.searchParams.delete(parameter)
  const database = decodeURIComponent(parsed.pathname.slice(1)) || 'postgres'
  return { schema, database, connectionString: parsed.href }
}

/** Returns the URL of another database with the same server and account. */
export function onDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

// Column types by PostgreSQL OID. The engine's catalog queries return types such as "char" (18), which
// @prisma/adapter-pg refuses. Types that are not listed are treated as text.
const columnTypes: Readonly<Record<number, ColumnType>> = {
  16: ColumnTypeEnum.Boolean,
  18: ColumnTypeEnum.Character,
  20: ColumnTypeEnum.Int64,
  21: ColumnTypeEnum.Int32,
  23: ColumnTypeEnum.Int32,
  26: ColumnTypeEnum.Int64,
  700: ColumnTypeEnum.Float,
  701: ColumnTypeEnum.Double,
  1000: ColumnTypeEnum.BooleanArray,
  1002: ColumnTypeEnum.CharacterArray,
  1003: ColumnTypeEnum.TextArray,
  1005: ColumnTypeEnum.Int32Array,
  1007: ColumnTypeEnum.Int32Array,
  1009: ColumnTypeEnum.TextArray,
  1015: ColumnTypeEnum.TextArray,
  1016: ColumnTypeEnum.Int64Array,
  1028: ColumnTypeEnum.Int64Array,
  1114: ColumnTypeEnum.DateTime,
  1184: ColumnTypeEnum.DateTime,
  1700: ColumnTypeEnum.Numeric,
}

/** Members of the adapter that the engine needs but the adapter's type does not declare. */
type AdapterInternals = {
  performIO(query: SqlQuery): Promise<{ fields: pg.FieldDef[]; rows: unknown[][] }>
  onError(error: unknown): never
}

/** Connects as the engine expects: one session, whose search_path is the subgraph's schema and then `public`. */
async function connect(connectionString: string, schema: string, dispose?: () => Promise<void>) {
  const options = `-c search_path="${schema}",public`
  const pool = new pg.Pool({ connectionString, max: 1, options })
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect()
  const internals = adapter as unknown as AdapterInternals
  const overrides: Pick<SqlDriverAdapter, 'queryRaw' | 'executeScript' | 'dispose'> = {
    async queryRaw(query) {
      const { fields, rows } = await internals.performIO(query)
      return {
        columnNames: fields.map(({ name }) => name),
        columnTypes: fields.map(({ dataTypeID }) => columnTypes[dataTypeID] ?? ColumnTypeEnum.Text),
        rows,
      }
    },
    // Sends the script as one message of the simple protocol, like the native engine. The adapter would split it at
    // every semicolon, including those inside function bodies.
    async executeScript(script) {
      await pool.query(script).catch((error) => internals.onError(error))
    },
    async dispose() {
      await pool.end()
      await dispose?.()
    },
  }
  return Object.assign(adapter, overrides)
}

/** Runs one statement on the server's maintenance database. */
async function administer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: onDatabase(connectionString, 'postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * Creates the databases for the schema engine. The shadow database is a new database on the same server, which is
 * dropped afterwards. The engine replays migrations on it to find out what they create.
 */
export function engineDatabases(url: string): SqlMigrationAwareDriverAdapterFactory {
  const { schema, connectionString } = parseDatasource(url)
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(connectionString, schema),
    async connectToShadowDb() {
      const name = `shadow_${randomUUID().replaceAll('-', '')}`
      await administer(connectionString, `CREATE DATABASE "${name}" TEMPLATE template0`)
      const drop = () => administer(connectionString, `DROP DATABASE "${name}" WITH (FORCE)`)
      return connect(onDatabase(connectionString, name), schema, drop)
    },
  }
}

// Maps PostgreSQL's SQLSTATE to the code by which the Prisma CLI distinguishes these failures.
const prismaCodes: Readonly<Record<string, string>> = {
  '3D000': 'P1003',
  '28P01': 'P1000',
  28000: 'P1010',
  '42P04': 'P1009',
}

/** Runs a `cli` sub-command of the engine. Resolves to undefined, or to the failure in Prisma's format. */
export async function runEngineCommand(command: string, url: string) {
  const { connectionString, database } = parseDatasource(url)
  const name = pg.escapeIdentifier(database)
  try {
    if (command === 'create-database') await administer(connectionString, `CREATE DATABASE ${name}`)
    else if (command === 'drop-database') await administer(connectionString, `DROP DATABASE ${name}`)
    else {
      const client = new pg.Client({ connectionString })
      await client.connect()
      await client.end()
    }
    return undefined
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return { error_code: prismaCodes[code] ?? 'P1001', message: message || code, is_panic: false }
  }
}
