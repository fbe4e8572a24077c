import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase } from '../../platform/database/test-database.ts'
import { freePorts } from './free-ports.ts'
import { type Ending, type Program, startProgram } from './program.ts'

/** The two ways in which the product is run. */
export const BOTH_MODES = ['in one process', 'in four processes'] as const
export type Mode = (typeof BOTH_MODES)[number]

const modesOf = (mode: Mode): readonly Mode[] => (process.env.MOBLOG_TEST_BIG ? BOTH_MODES : [mode])

/** How most suites run: as the README's first command starts the product. With MOBLOG_TEST_BIG=1 in both ways. */
export const MODES = modesOf('in one process')

/** How suites run that end, cut off or watch single parts. With MOBLOG_TEST_BIG=1 in both ways. */
export const APART_MODES = modesOf('in four processes')

/** The parts of the product, each a process of its own in the second mode. */
export const PARTS = ['gateway', 'communication', 'storage', 'blog'] as const
export type Part = (typeof PARTS)[number]

/** A product under test, with a data folder and ports that it keeps when it is started again. */
export type Product = {
  mode: Mode
  /** The GraphQL address that clients talk to. */
  url: string
  /** Where each part answers; in one process, all at the same address. */
  addresses: Record<Part, string>
  dataDir: string
  /** The address of its database; null where it runs a PostgreSQL of its own. */
  databaseUrl: string | null
  /** The process that a part runs in. */
  program(part: Part): Program
  /** Each process once. */
  programs(): Program[]
  /** Gives one part further configuration, from its next start on. */
  configure(part: Part, env: Record<string, string>): void
  /** Starts all that does not run and resolves when all is ready. */
  start(): Promise<void>
  /** Ends every process with a signal, all at the same time. */
  end(signal: NodeJS.Signals): Promise<Ending[]>
  /** Ends everything and removes the data; rejects where a process had ended by itself, which no test may cause. */
  close(): Promise<void>
}

/** How a product under test differs from one that was just installed. */
export type ProductOptions = {
  /** Further configuration, for all parts. */
  env?: Record<string, string>
  /** Run a PostgreSQL of its own in the data folder, as it does where no DATABASE_URL is given; slower to start. */
  ownDatabase?: boolean
}

const SCRIPTS: Record<Part, string> = {
  gateway: 'gateway/main.ts',
  communication: 'subgraphs/communication/main.ts',
  storage: 'subgraphs/storage/main.ts',
  blog: 'subgraphs/blog/main.ts',
}

const READY_WITHIN_MS = 100_000

/** Starts the product as its user does, on free ports and an empty data folder, and waits until it is ready. */
export async function startProduct(mode: Mode, options: ProductOptions = {}): Promise<Product> {
  const product = await prepareProduct(mode, options)
  await product.start().catch(async (error) => {
    await product.close().catch(() => {})
    throw error
  })
  return product
}

/** Like `startProduct`, without starting it. */
export async function prepareProduct(mode: Mode, options: ProductOptions = {}): Promise<Product> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-system-'))
  const database = options.ownDatabase ? null : await createTestDatabase({ schemas: [] })
  const addresses = await chooseAddresses(mode)
  const env = {
    LOG_LEVEL: 'info',
    // All people of a suite sign up from one address.
    SIGN_UPS_PER_ADDRESS: '1000000',
    // A suite writes faster than people do.
    WRITE_LIMIT_SCALE: '100',
    MOBLOG_DATA_DIR: dataDir,
    ...(database && { DATABASE_URL: database.url }),
    ...(mode === 'in four processes' && addressVariables(addresses)),
    ...options.env,
  }
  const running = new Map<string, Program>()
  const started: Program[] = []
  const furtherEnv = new Map<Part, Record<string, string>>()
  const scriptOf = (part: Part) => (mode === 'in one process' ? 'main.ts' : SCRIPTS[part])

  const product: Product = {
    mode,
    url: `${addresses.gateway}/graphql`,
    addresses,
    dataDir,
    databaseUrl: database?.url ?? null,
    program(part) {
      const program = running.get(scriptOf(part))
      if (!program) throw new Error(`${part} does not run`)
      return program
    },
    programs: () => [...running.values()],
    configure: (part, further) => void furtherEnv.set(part, further),
    async start() {
      for (const part of PARTS) {
        const script = scriptOf(part)
        if (running.has(script)) continue
        const program = startProgram(script, {
          ...env,
          PORT: new URL(addresses[part]).port,
          ...furtherEnv.get(part),
        })
        running.set(script, program)
        started.push(program)
        program.ended.then(() => running.get(script) === program && running.delete(script)).catch(() => {})
      }
      await Promise.all(PARTS.map((part) => untilReady(addresses[part], product.program(part))))
    },
    end: (signal) => Promise.all(product.programs().map((program) => program.end(signal))),
    async close() {
      await product.end('SIGKILL')
      await database?.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      const crashed = started.find((program) => program.hasCrashed())
      if (crashed) throw new Error(`a process ended by itself:\n${crashed.output().slice(-4_000)}`)
    },
  }
  return product
}

async function chooseAddresses(mode: Mode): Promise<Record<Part, string>> {
  const ports = await freePorts(mode === 'in one process' ? 1 : PARTS.length)
  const addressOf = (index: number) => `http://localhost:${ports[index % ports.length]}`
  return { gateway: addressOf(0), communication: addressOf(1), storage: addressOf(2), blog: addressOf(3) }
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
    if (ended) throw new Error(`a program ended instead of starting:\n${program.output()}`)
    if (performance.now() > deadline) throw new Error(`${address} is not ready:\n${program.output()}`)
    await sleep(20)
  }
}
