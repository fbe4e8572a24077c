import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../platform/free-port.ts'
import { startProgram } from './program.ts'

/** A product in one process on a free port, whose data is removed with it. */
export type TemporaryProduct = {
  /** Its address without a path. */
  origin: string
  startedWithinMs: number
  close(): Promise<void>
}

const START_WITHIN_MS = 60_000

/**
 * Starts a temporary product.
 *
 * @param settings settings in addition to the port and the data folder
 * @throws Error with its output if it does not start
 */
export async function startTemporaryProduct(settings: Record<string, string>): Promise<TemporaryProduct> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-temporary-'))
  const port = await freePort()
  const startedAt = performance.now()
  const program = startProgram('main.ts', {
    PORT: `${port}`,
    MOBLOG_DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    ...settings,
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
      throw new Error(`Moblog does not start. Its output:\n${program.output().trim()}`)
    }
    await sleep(50)
  }
  return { origin, startedWithinMs: performance.now() - startedAt, close }
}
