import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { openEmbedded } from '../../platform/database/embedded.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

/**
 * The key of the teardown function on `globalThis`. Jest gives the setup and teardown modules no other way to share
 * data.
 */
export const teardownKey = Symbol.for('moblog test run')

/**
 * Provides the folder for temporary files of the whole test run, and one PostgreSQL: the server at TEST_DATABASE_URL, or an
 * embedded one in that folder. Each test file creates its own database on it with createTestDatabase.
 */
export default async function prepareRun(): Promise<void> {
  const folder = await makeTemporaryFolder()
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  process.env.MOBLOG_TEST_KEPT = os.tmpdir()
  // For the tests and for the programs that they start.
  process.env.TMPDIR = folder
  const stopDatabase = await startTestDatabase(path.join(folder, 'database')).catch(async (error) => {
    await removeFolder()
    throw error
  })
  const teardown = async () => {
    await stopDatabase()
    await removeFolder()
  }
  Object.assign(globalThis, { [teardownKey]: teardown })
}

async function startTestDatabase(dataDir: string): Promise<() => Promise<void>> {
  if (process.env.TEST_DATABASE_URL) return async () => {}
  const database = await openEmbedded({ dataDir, log: pino({ level: 'warn' }), durable: false })
  process.env.TEST_DATABASE_URL = database.url
  return database.stop
}
