import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { openEmbedded } from '../../platform/database/embedded.ts'

/**
 * The key of the teardown function on `globalThis`. Jest gives the setup and teardown modules no other way to share
 * data.
 */
export const teardownKey = Symbol.for('moblog test database')

/**
 * Provides one PostgreSQL for the whole test run: the server at TEST_DATABASE_URL, or an embedded one in a temporary
 * folder. Each test file creates its own database on it with createTestDatabase.
 */
export default async function startTestDatabase(): Promise<void> {
  if (process.env.TEST_DATABASE_URL) return
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-jest-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true })
  const opening = openEmbedded({ dataDir, log: pino({ level: 'warn' }), durable: false })
  opening.catch(removeFolder)
  const database = await opening
  process.env.TEST_DATABASE_URL = database.url
  const teardown = async () => {
    await database.stop()
    await removeFolder()
  }
  Object.assign(globalThis, { [teardownKey]: teardown })
}
