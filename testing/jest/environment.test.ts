import { mkdtempSync, rmdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { JestEnvironmentConfig } from '@jest/environment'
import pg from 'pg'
import Environment from './environment.ts'

const begin = () => new Environment({ projectConfig: {}, globalConfig: {} } as JestEnvironmentConfig)

describe('after a suite', () => {
  it('the process is as it was before', async () => {
    const { fetch, exit, exitCode } = { ...globalThis, ...process, fetch: globalThis.fetch }
    const [folder, home] = [process.cwd(), process.env.HOME]
    const suite = begin()
    Object.assign(globalThis, { fetch: () => null, added: 1 })
    Object.assign(process.env, { HOME: '/nowhere', ADDED: '1' })
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'moblog-environment-'))
    process.chdir(elsewhere)
    process.exitCode = 7
    process.exit = () => {
      throw new Error('not exited')
    }
    process.on('SIGTERM', () => undefined)
    const listeners = process.listenerCount('SIGTERM')
    await suite.teardown()
    rmdirSync(elsewhere)
    expect([globalThis.fetch, process.exit, process.exitCode]).toEqual([fetch, exit, exitCode])
    expect([process.cwd(), process.env.HOME, process.env.ADDED]).toEqual([folder, home, undefined])
    expect('added' in globalThis).toBe(false)
    expect(process.listenerCount('SIGTERM')).toBe(listeners - 1)
  })
})

it('errors of packages and of Node are instances of the suite’s Error', async () => {
  const client = new pg.Client({ host: '127.0.0.1', port: 1 })
  await expect(client.connect()).rejects.toBeInstanceOf(Error)
  expect(() => process.chdir('/no/such/folder')).toThrow(Error)
})
