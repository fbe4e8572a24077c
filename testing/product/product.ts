import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ISSUERS, type Issuer } from '../../hosting/services.ts'
import { type Ending, type Program, startProgram } from '../../scripts/program.ts'
import { createTestDatabase } from '../database.ts'
import { freePorts } from '../free-ports.ts'

/** The two ways to run the product. */
export const BOTH_MODES = ['in one process', 'in four processes'] as const
export type Mode = (typeof BOTH_MODES)[number]

const modesOf = (mode: Mode): readonly Mode[] => (process.env.MOBLOG_TEST_BIG ? BOTH_MODES : [mode])

/** The modes for most suites: like the README's first command. With MOBLOG_TEST_BIG=1, both modes. */
export const MODES = modesOf('in one process')

/** The modes for suites that stop, cut off or observe single services. With MOBLOG_TEST_BIG=1, both modes. */
export const APART_MODES = modesOf('in four processes')

/** The gateway and the services, each a separate process in the second mode. */
export const PARTS = ISSUERS
export type Part = Issuer

/** A product under test. Its data folder and ports stay the same when it is restarted. */
export type Product = {
  mode: Mode
  /** The GraphQL address for clients. */
  url: string
  /** The address of each service. In one process, all are the same. */
  addresses: Record<Part, string>
  dataDir: string
  /** The address of its database, or null if it runs an embedded PostgreSQL. */
  databaseUrl: string | null
  /** Returns the process that runs a service. */
  program(part: Part): Program
  /** Returns each process once. */
  programs(): Program[]
  /** Adds settings for one service, which apply from its next start on. */
  configure(part: Part, env: Record<string, string>): void
  /** Starts all processes that are not running, and resolves when all are ready. */
  start(): Promise<void>
  /** Stops all processes with a signal, at the same time. */
  end(signal: NodeJS.Signals): Promise<Ending[]>
  /** Stops everything and removes the data. Rejects if a process has crashed, which no test may cause. */
  close(): Promise<void>
}

/** How a product under test differs from a new installation. */
export type ProductOptions = {
  /** Additional settings for all services. */
  env?: Record<string, string>
  /** Runs an embedded PostgreSQL in the data folder, as without DATABASE_URL. It takes longer to start. */
  ownDatabase?: boolean
}

const READY_WITHIN_MS = 100_000

/** Starts the product as a user does, on free ports with an empty data folder, and waits until it is ready. */
export async function startProduct(mode: Mode, options: ProductOptions = {}): Promise<Product> {
  const product = await prepareProduct(mode, options)
  await product.start().catch(async (error) => {
    await product.close().catch(() => {})
    throw error
  })
  return product
}

/** Like `startProduct`, but does not start the product. */
export async function prepareProduct(mode: Mode, options: ProductOptions = {}): Promise<Product> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-system-'))
  const database = options.ownDatabase ? null : await createTestDatabase({ schemas: [] })
  const addresses = await chooseAddresses(mode)
  const env = {
    LOG_LEVEL: 'info',
    // All users of a suite sign up from one address.
    SIGN_UPS_PER_ADDRESS: '1000000',
    // A suite writes faster than people do.
    WRITE_LIMIT_SCALE: '100',
    GATEWAY_COST_PER_MINUTE: '1000000000',
    BLOG_PAGES_PER_MINUTE: '1000000000',
    MOBLOG_DATA_DIR: dataDir,
    ...(database && { DATABASE_URL: database.url }),
    ...(mode === 'in four processes' && addressVariables(addresses)),
    ...options.env,
  }
  const running = new Map<string, Program>()
  const started: Program[] = []
  const furtherEnv = new Map<Part, Record<string, string>>()
  const commandOf = (part: Part) => (mode === 'in one process' ? 'main.ts' : `hosting/main.ts ${part}`)

  const product: Product = {
    mode,
    url: `${addresses.gateway}/graphql`,
    addresses,
    dataDir,
    databaseUrl: database?.url ?? null,
    program(part) {
      const program = running.get(commandOf(part))
      if (!program) throw new Error(`the process of ${part} is not running`)
      return program
    },
    programs: () => [...running.values()],
    configure: (part, further) => void furtherEnv.set(part, further),
    async start() {
      for (const part of PARTS) {
        const command = commandOf(part)
        if (running.has(command)) continue
        const [script = '', ...args] = command.split(' ')
        const settings = { ...env, PORT: new URL(addresses[part]).port, ...furtherEnv.get(part) }
        const program = startProgram(script, settings, args)
        running.set(command, program)
        started.push(program)
        program.ended.then(() => running.get(command) === program && running.delete(command)).catch(() => {})
      }
      await Promise.all(PARTS.map((part) => untilReady(addresses[part], product.program(part))))
    },
    end: (signal) => Promise.all(product.programs().map((program) => program.end(signal))),
    async close() {
      await product.end('SIGKILL')
      await database?.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      const crashed = started.find((program) => program.hasCrashed())
      if (crashed) throw new Error(`a process exited unexpectedly:\n${crashed.output().slice(-4_000)}`)
    },
  }
  return product
}

async function chooseAddresses(mode: Mode): Promise<Record<Part, string>> {
  const ports = await freePorts(mode === 'in one process' ? 1 : PARTS.length)
  const chosen = PARTS.map((part, index) => [part, `http://localhost:${ports[index % ports.length]}`])
  return z.record(z.enum(PARTS), z.string()).parse(Object.fromEntries(chosen))
}

function addressVariables(addresses: Record<Part, string>): Record<string, string> {
  return Object.fromEntries(PARTS.map((part) => [`${part.toUpperCase()}_URL`, addresses[part]]))
}

async function untilReady(address: string, program: Program): Promise<void> {
  let ended = false
  program.ended.finally(() => {
    ended = true
  })
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    const response = await fetch(`${address}/readyz`).catch(() => null)
    await response?.arrayBuffer()
    if (response?.ok) return
    if (ended) throw new Error(`a process exited while it started:\n${program.output()}`)
    if (performance.now() > deadline) throw new Error(`${address} is not ready:\n${program.output()}`)
    await sleep(20)
  }
}
