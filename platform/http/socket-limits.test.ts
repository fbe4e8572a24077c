import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '../../testing/eventually.ts'
import { openSocket, openStalledRequest } from '../../testing/stalled-request.ts'
import { createLog } from '../log.ts'
import { readBytes } from './read-body.ts'
import { sendJson } from './respond.ts'
import { type HttpServer, startHttpServer } from './server.ts'
import { limitSockets } from './socket-limits.ts'

let server: HttpServer
let release: () => void
const start = async (maxConnections: number, maxConnectionsPerAddress: number) => {
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, ready: async () => {}, log: createLog('test', 'silent'), drainMs: 100 },
    ...{ maxConnections, maxConnectionsPerAddress },
    routes: [
      {
        path: '/body',
        async handle(request, response) {
          sendJson(response, 200, (await readBytes(request, { limit: 1_000_000 })).length)
        },
      },
      {
        path: '/busy',
        async handle(_request, response) {
          await released
          sendJson(response, 200, 'done')
        },
      },
      {
        path: '/socket',
        handle: (_request, response) => sendJson(response, 200, 'not a socket'),
        upgrade: (_request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
      },
    ],
  })
}
afterEach(async () => {
  release()
  await server.stop()
})

const get = (path: string) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { connection: 'close' } })

describe('the connection limit', () => {
  it('closes silent connections to accept new ones', async () => {
    await start(20, 20)
    const silent = await Promise.all(Array.from({ length: 60 }, () => openSocket(server.port, '')))
    for (let i = 0; i < 30; i++) expect((await get('/livez')).status).toBe(200)
    for (const { socket } of silent) socket.destroy()
  })

  it('closes connections with unfinished headers and stalled bodies to accept new ones', async () => {
    await start(20, 20)
    const half = await Promise.all(
      Array.from({ length: 10 }, () => openSocket(server.port, 'GET /livez HTTP/1.1\r\nHost: x\r\n')),
    )
    const stalled = await Promise.all(
      Array.from({ length: 10 }, () => openStalledRequest(server.port, '/body', 10)),
    )
    await new Promise((resolve) => setTimeout(resolve, 4_500))
    const busy = Array.from({ length: 15 }, () => get('/busy'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await get('/livez')).status).toBe(200)
    release()
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual(Array(15).fill(200))
    for (const { socket } of [...half, ...stalled]) socket.destroy()
  })

  it('does not close a WebSocket that is silent, to accept new connections', async () => {
    await start(10, 10)
    const handshake = 'GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    const webSocket = await openSocket(server.port, handshake)
    let isClosed = false
    webSocket.socket.once('close', () => {
      isClosed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 800))
    const silent = await Promise.all(Array.from({ length: 20 }, () => openSocket(server.port, '')))
    for (let i = 0; i < 10; i++) expect((await get('/livez')).status).toBe(200)
    expect(isClosed).toBe(false)
    for (const { socket } of silent) socket.destroy()
  })

  it('closes a new connection above the limit per address, and none that is busy', async () => {
    await start(20, 5)
    const busy = Array.from({ length: 5 }, () => get('/busy'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(get('/livez')).rejects.toThrow('fetch failed')
    release()
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual(Array(5).fill(200))
  })
})

describe('the limit of answers that clients do not read', () => {
  const ANSWER = Buffer.alloc(20_000_000)
  let answering: Server
  let port: number
  const open = new Set<number>()

  beforeEach(async () => {
    answering = createServer((request, response) => {
      const parts = Number(request.headers['x-parts'])
      open.add(parts)
      response.once('close', () => open.delete(parts))
      for (let part = 0; part < parts; part++) response.write(ANSWER)
      response.end()
    })
    limitSockets(answering, { total: 100, perAddress: 100, unsentBytes: 50_000_000 })
    await once(answering.listen(0, '127.0.0.1'), 'listening')
    port = (answering.address() as AddressInfo).port
  })
  afterEach(async () => {
    answering.closeAllConnections()
    await once(answering.close(), 'close')
  })

  /** Requests answers of so many parts at once, and reads none of them. */
  const ignore = async (...parts: number[]) => {
    const requests = parts.map((each) => `GET / HTTP/1.1\r\nHost: x\r\nX-Parts: ${each}\r\n\r\n`)
    const { socket } = await openSocket(port, requests.join(''))
    socket.pause()
  }

  it('closes the connection that holds most, and no other', async () => {
    await Promise.all([ignore(1), ignore(2)])
    await eventually(() => open.size === 2)
    await eventually(() => expect([...open]).toEqual([1]), 5_000)
    const response = await fetch(`http://127.0.0.1:${port}`, { headers: { 'x-parts': '0.9' } })
    expect((await response.arrayBuffer()).byteLength).toBe(ANSWER.length)
    expect([...open]).toEqual([1])
  })

  it('counts answers that wait for the one before them', async () => {
    await ignore(1.1, 1.2, 1.3)
    await eventually(() => open.size === 3)
    await eventually(() => open.size === 0, 5_000)
  })
})
