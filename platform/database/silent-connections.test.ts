import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { createTestDatabase } from '../../testing/database.ts'
import { databaseFault } from './database-error.ts'
import { createPool } from './pool.ts'

/** Passes bytes on to the database until it is frozen; then it keeps connections open and passes nothing on. */
async function startProxy(url: URL) {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const server: Server = createServer((client) => {
    // The tests' PostgreSQL listens at a Unix socket, and another one may be given by its address.
    const folder = url.searchParams.get('host')
    const database = folder
      ? connect(`${folder}/.s.PGSQL.${url.port}`)
      : connect(Number(url.port), url.hostname)
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => !isFrozen && to.write(bytes))
      from.on('close', () => !isFrozen && to.destroy()).on('error', () => {})
    }
  })
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    /** Freezes the connections that are open. Later ones work. */
    freeze() {
      isFrozen = true
    },
    thaw() {
      isFrozen = false
      for (const socket of sockets) socket.removeAllListeners('data')
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe('a connection to a database that has become silent', () => {
  it('is replaced, and the statement that waits for it fails as unavailable', async () => {
    const database = await createTestDatabase({ schemas: [] })
    const url = new URL(database.url)
    const proxy = await startProxy(url)
    const proxied = new URL(url)
    proxied.host = `127.0.0.1:${proxy.port}`
    proxied.searchParams.delete('host')
    const options = { url: proxied.href, schema: 'shop', applicationName: 'shop', silentMs: 300 }
    const pool = createPool({ ...options, log: pino({ level: 'silent' }) })
    await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 2')])
    proxy.freeze()
    const failures = await Promise.all([1, 2].map(() => pool.query('SELECT 1').catch(databaseFault)))
    expect(failures).toEqual(['unavailable', 'unavailable'])
    proxy.thaw()
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await pool.end()
    proxy.close()
    await database.drop()
  })

  it('is kept while it is not in use, and while statements are answered', async () => {
    const database = await createTestDatabase({ schemas: [] })
    const options = { url: database.url, schema: 'shop', applicationName: 'shop', silentMs: 200, max: 1 }
    const pool = createPool({ ...options, log: pino({ level: 'silent' }) })
    const processId = async () => (await pool.query('SELECT pg_backend_pid() AS id')).rows[0].id
    const first = await processId()
    await sleep(700)
    expect(await processId()).toBe(first)
    for (let n = 0; n < 5; n++) await pool.query('SELECT pg_sleep(0.1)')
    expect(await processId()).toBe(first)
    await pool.end()
    await database.drop()
  })
})
