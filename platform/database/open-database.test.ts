import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { openDatabase } from './open-database.ts'

const lines: string[] = []
const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
const server = process.env.TEST_DATABASE_URL ?? ''
const open = (databaseUrl: string, serverTimeoutMs = 300) =>
  openDatabase({ databaseUrl, dataDir: '/nonexistent', log, serverTimeoutMs })

test('openDatabase uses a server that answers', async () => {
  const database = await open(server)
  expect(database.url).toBe(server)
  await database.stop()
})

test('the error for a server that does not answer names it without its password', async () => {
  const error = await open('postgresql://someone:hush-hush@127.0.0.1:1/shop').catch(
    (reason: Error) => reason.message,
  )
  expect(error).toMatch(/^can't connect to the database 127\.0\.0\.1:1\/shop: .*ECONNREFUSED/)
  expect(`${error} ${lines.join()}`).not.toContain('hush-hush')
  expect(lines.join()).toContain('waiting for the database')
})

test('a wrong password fails immediately', async () => {
  const url = new URL(server)
  url.password = 'hush-hush'
  const start = performance.now()
  await expect(open(url.href, 30_000)).rejects.toThrow(/^can't connect .* password authentication failed/)
  expect(performance.now() - start).toBeLessThan(2000)
})

test('a value that is not a URL is refused without quoting it', async () => {
  await expect(open('hush-hush')).rejects.toThrow(/^DATABASE_URL is not a URL/)
})

test('openDatabase waits for a server that starts later', async () => {
  const { hostname, port } = new URL(server)
  const relay = net.createServer((socket) => {
    const upstream = net.connect(Number(port), hostname)
    socket.pipe(upstream).pipe(socket)
    socket.on('error', () => {})
    upstream.on('error', () => {})
  })
  const free = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => free.once('listening', resolve))
  const address = free.address() as net.AddressInfo
  await new Promise((resolve) => free.close(resolve))
  const url = new URL(server)
  url.searchParams.delete('host')
  url.host = `127.0.0.1:${address.port}`
  const opening = open(url.href, 10_000)
  await sleep(400)
  relay.listen(address.port, '127.0.0.1')
  expect((await opening).url).toBe(url.href)
  await new Promise((resolve) => relay.close(resolve))
})
