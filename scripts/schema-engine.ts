#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
/**
 * Replaces Prisma's native `schema-engine` (PRISMA_SCHEMA_ENGINE_BINARY), which Prisma would otherwise download at
 * install time. It speaks the same JSON-RPC over stdin and stdout, but runs @prisma/schema-engine-wasm, the WebAssembly
 * build of the same engine commit. Migrations therefore need nothing but npm.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import readline from 'node:readline'
import { parseArgs } from 'node:util'

const require = createRequire(import.meta.url)

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'boolean' },
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
})

type Request = { id: number; method?: string; params: unknown }
type Engine = Record<string, (params: unknown) => Promise<unknown>>

const datasourceUrl = (): string => {
  const { url } = JSON.parse(options.datasource ?? '{}')
  if (!url) throw new Error('DATABASE_URL is not set: set it, or use "npm run migrate"')
  return url
}

async function openEngine(): Promise<Engine> {
  const { SchemaEngine } = await import('@prisma/schema-engine-wasm')
  const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils')
  const { engineDatabases } = await import('./schema-engine-database.ts')
  const datamodels = options.datamodels?.map((file): [string, string] => [file, readFileSync(file, 'utf8')])
  const databases = bindMigrationAwareSqlAdapterFactory(engineDatabases(datasourceUrl()))
  const engine = await SchemaEngine.new({ datamodels }, () => {}, databases)
  return engine as unknown as Engine
}

/** Prints a log line in the format in which the CLI looks for the outcome of a sub-command. */
function log(level: 'INFO' | 'ERROR', fields: object): void {
  const target = 'schema_engine::logger'
  process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target })}\n`)
}

async function runCommand(command: string): Promise<void> {
  const { runEngineCommand } = await import('./schema-engine-database.ts')
  const failure = await runEngineCommand(command, datasourceUrl())
  if (!failure) return log('INFO', { message: `${command}: done` })
  log('ERROR', failure)
  process.exitCode = 1
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

let engine: Promise<Engine> | undefined
let printed = 1_000_000

async function call(method: string, params: unknown): Promise<unknown> {
  if (method === 'createDatabase') {
    await runCommand('create-database')
    return { databaseName: '' }
  }
  engine ??= openEngine()
  const name = method === 'getDatabaseVersion' ? 'version' : method
  const result = await (await engine)[name]?.(params)
  if (method !== 'diff') return result ?? null
  // The native engine sends the output of `migrate diff` to the CLI as a separate request.
  const { stdout, ...rest } = result as { stdout?: string | null }
  if (stdout != null) send({ id: printed++, method: 'print', params: { content: stdout } })
  return rest
}

async function answer({ id, method, params }: Request): Promise<void> {
  if (!method) return // the CLI's acknowledgment of `print`
  try {
    send({ id, result: await call(method, params) })
  } catch (error) {
    const { name, message, code, meta } = error as NodeJS.ErrnoException & { meta?: unknown }
    const data = { is_panic: name === 'RuntimeError', message, error_code: code ?? null, meta: meta ?? null }
    send({ id, error: { code: 4466, message: 'An error happened. Check the data field for details.', data } })
  }
}

if (options.version) {
  const { version } = require('prisma/package.json')
  console.log(`schema-engine-wasm ${version}`)
} else if (positionals[0] === 'cli' && positionals[1]) {
  await runCommand(positionals[1])
} else {
  for await (const line of readline.createInterface({ input: process.stdin })) await answer(JSON.parse(line))
  process.exit()
}
