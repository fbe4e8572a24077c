import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../platform/free-port.ts'
import { startProgram } from '../program.ts'
import { DemoAssertionError, insist } from './demo-assertion.ts'

/** The product on which the demo runs. */
export type Stage = {
  /** The address of the GraphQL endpoint. */
  url: string
  /** Describes the product in the demo's output. */
  description: string
  close(): Promise<void>
}

const START_WITHIN_MS = 60_000

/** Connects to the product at the given address, or starts a temporary one if there is no address. */
export function openStage(url: string | undefined): Promise<Stage> {
  return url ? visit(url) : startOwn()
}

async function visit(address: string): Promise<Stage> {
  const url = URL.parse(address)
  if (!url)
    throw new DemoAssertionError(`"${address}" is not an address. Use one such as http://localhost:4000.`)
  if (url.pathname === '/') url.pathname = '/graphql'
  const answer = await fetch(new URL('/livez', url)).catch(() => null)
  insist(answer?.ok === true, `Moblog does not answer at ${url.origin}. Check that it is running.`)
  return { url: url.href, description: `the Moblog at ${url.origin}`, close: async () => {} }
}

async function startOwn(): Promise<Stage> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-demo-'))
  const port = await freePort()
  const startedAt = performance.now()
  const program = startProgram('main.ts', {
    PORT: `${port}`,
    MOBLOG_DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    // Short enough for the demo to show that a token expires.
    MEDIA_TOKEN_SECONDS: '10',
    MEDIA_TOKEN_SLACK_SECONDS: '5',
  })
  const close = async () => {
    await program.end('SIGTERM')
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  let hasEnded = false
  program.ended.finally(() => {
    hasEnded = true
  })
  const origin = `http://localhost:${port}`
  while (!(await fetch(`${origin}/readyz`).catch(() => null))?.ok) {
    if (hasEnded || performance.now() - startedAt > START_WITHIN_MS) {
      await close()
      throw new DemoAssertionError(`Moblog does not start. Its output:\n${program.output().trim()}`)
    }
    await sleep(50)
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  return {
    url: `${origin}/graphql`,
    description: `a temporary Moblog at ${origin}, started in ${seconds} s`,
    close,
  }
}
