import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HttpServer, startHttpServer } from '../platform/http/server.ts'
import { createLog } from '../platform/log.ts'
import { eventually } from '../testing/eventually.ts'
import { createWorkerRelay, makeRelayFolder, type WorkerRelay } from './worker-relay.ts'

const SILENCE_MS = 2_000

let folder: string
let relays: WorkerRelay[]
let first: HttpServer
let url: string
const seen: {
  method: string | undefined
  url: string | undefined
  address: string | undefined
  body: string
}[] = []
let headers: IncomingHttpHeaders[] = []
const opened: Socket[] = []
let ended = 0

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-relay-'))
  seen.length = 0
  headers = []
  ended = 0
  relays = [createWorkerRelay(folder, 0, SILENCE_MS), createWorkerRelay(folder, 1)]
  await relays[1]?.listen(async (request, response) => {
    if (request.url === '/early') return void response.writeHead(400).end('refused')
    if (request.url === '/hangs') return
    if (request.url === '/never') return void request.socket.destroy()
    let body = ''
    try {
      for await (const chunk of request) body += chunk
    } catch {
      return // the client has gone
    }
    headers.push(request.headers)
    seen.push({ method: request.method, url: request.url, address: request.socket.remoteAddress, body })
    response.once('close', () => {
      ended += 1
    })
    response.writeHead(202, { 'x-from': 'the second worker', 'content-type': 'text/plain' })
    response.write('one ')
    if (request.url === '/endless') return
    setTimeout(() => response.end('two'), 50)
  })
  // The first worker, which passes on everything.
  first = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, ready: async () => {}, log: createLog('test', 'silent'), drainMs: 100 },
    routes: [
      {
        path: '/',
        isPrefix: true,
        async handle(request, response) {
          const closed = new AbortController()
          response.once('close', () => closed.abort())
          const to = String(request.headers['x-to'] ?? '1')
          const isPassed = await relays[0]?.relay.pass(to, request, response, closed.signal)
          if (!isPassed) response.writeHead(404).end()
        },
      },
    ],
  })
  url = `http://127.0.0.1:${first.port}`
})
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  await first.stop()
  await relays[1]?.close()
  await rm(folder, { recursive: true })
})

/** Opens a connection, to the first worker or to the socket of the second one, and collects what it receives. */
function open(to: { port: number } | { path: string } = { port: first.port }) {
  const socket = 'port' in to ? connect(to.port, '127.0.0.1') : connect(to.path)
  opened.push(socket)
  const state = { received: '', isClosed: false, send: (bytes: string) => void socket.write(bytes, 'latin1') }
  socket.on('data', (chunk) => {
    state.received += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    state.isClosed = true
  })
  return state
}

const chunk = (bytes: string) => `${bytes.length.toString(16)}\r\n${bytes}\r\n`

describe('a request that one worker passes to another', () => {
  it('arrives with its body and the address of its client, and the answer comes back', async () => {
    const response = await fetch(`${url}/graphql?a=b`, { method: 'POST', body: 'x'.repeat(100_000) })
    expect([response.status, response.headers.get('x-from'), await response.text()]).toEqual([
      202,
      'the second worker',
      'one two',
    ])
    expect(seen).toEqual([
      { method: 'POST', url: '/graphql?a=b', address: '127.0.0.1', body: 'x'.repeat(100_000) },
    ])
  })

  it('streams, and ends at the other worker when the client leaves', async () => {
    const leaving = new AbortController()
    const response = await fetch(`${url}/endless`, { signal: leaving.signal })
    const chunk = await response.body?.getReader().read()
    expect(new TextDecoder().decode(chunk?.value)).toBe('one ')
    leaving.abort()
    await eventually(() => ended === 1, 3_000)
  })

  it('breaks off for the client when the other worker ends', async () => {
    const response = await fetch(`${url}/endless`)
    await relays[1]?.close()
    await expect(response.text()).rejects.toThrow()
  })

  it('is answered although the other worker did not read all of it', async () => {
    for (const size of [0, 10, 100_000, 5_000_000]) {
      for (let round = 0; round < 25; round++) {
        const response = await fetch(`${url}/early`, { method: 'POST', body: 'x'.repeat(size) })
        expect([size, response.status, await response.text()]).toEqual([size, 400, 'refused'])
      }
    }
  })

  it('is refused if the other worker ends before it answers, because it may have run the operation', async () => {
    expect((await fetch(`${url}/never`, { method: 'POST', body: 'x' })).status).toBe(503)
  })

  it('is refused if the other worker does not answer', async () => {
    const startedAt = performance.now()
    expect((await fetch(`${url}/hangs`, { method: 'POST', body: 'x' })).status).toBe(503)
    expect(performance.now() - startedAt).toBeGreaterThan(0.9 * SILENCE_MS)
  })

  it('is cut off if the other worker sends nothing more', async () => {
    const response = await fetch(`${url}/endless`, { method: 'POST', body: 'x' })
    expect(response.status).toBe(202)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it.each([
    ['does not exist', '7'],
    ['has a name that is a path', '../1'],
    ['has an empty name', ''],
  ])('is not sent if the other worker %s', async (_what, name) => {
    expect((await fetch(url, { headers: { 'x-to': name } })).status).toBe(404)
    expect(seen).toEqual([])
  })

  it.each([
    ['Trailer: x'],
    ['TE: trailers'],
    ['Keep-Alive: timeout=1'],
    ['Proxy-Connection: close'],
    ['Upgrade: h2c', 'Connection: upgrade, x-own', 'x-own: 1'],
    ['Expect: 100-continue'],
    ['x-moblog-client-address: 203.0.113.1'],
  ])('keeps to itself what concerns another connection: %s', async (...lines) => {
    const names = lines.map((line) => line.split(':', 1)[0]?.toLowerCase() ?? '')
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
      const connection = open()
      connection.send(`${method} / HTTP/1.1\r\nHost: x\r\n${lines.join('\r\n')}\r\n\r\n`)
      await eventually(() => connection.received.includes('HTTP/1.1 202 '), 3_000)
    }
    expect(headers).toHaveLength(5)
    for (const received of headers) {
      expect(received.connection).toBe('keep-alive')
      expect(Object.keys(received)).not.toEqual(
        expect.arrayContaining([
          expect.stringMatching(`^(${names.filter((name) => name !== 'connection').join('|')})$`),
        ]),
      )
    }
    expect(seen.map(({ address }) => address)).toEqual(Array(5).fill('127.0.0.1'))
  })

  it('carries what the other worker reads of it, also when a header is repeated or is not ASCII', async () => {
    const sent = [
      'Authorization: Bearer one',
      'Authorization: Bearer two',
      'Accept: text/event-stream',
      'Accept: */*',
      'X-Forwarded-For: 203.0.113.7',
      'X-Forwarded-For: 203.0.113.8',
      'X-GraphQL-Event-Stream-Token: 1.\xe9\xff',
      'Cookie: a=b',
    ]
    const connection = open()
    connection.send(`GET / HTTP/1.1\r\nHost: x\r\n${sent.join('\r\n')}\r\n\r\n`)
    await eventually(() => connection.received.includes('HTTP/1.1 202 '), 3_000)
    expect(headers).toEqual([
      {
        accept: 'text/event-stream, */*',
        authorization: 'Bearer one',
        'x-forwarded-for': '203.0.113.7, 203.0.113.8',
        'x-graphql-event-stream-token': '1.\xe9\xff',
        'x-request-id': expect.any(String),
        connection: 'keep-alive',
        host: 'localhost',
      },
    ])
  })

  it('arrives although its headers use up the limit', async () => {
    const sent = httpRequest(url, { headers: { authorization: 'x'.repeat(16_200) } })
    const status = await new Promise((resolve, reject) => {
      sent.once('response', (response) => resolve(response.resume().statusCode))
      sent.once('error', reject).end()
    })
    expect(status).toBe(202)
    expect(headers).toMatchObject([{ authorization: 'x'.repeat(16_200) }])
  })

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'PROPFIND'])(
    'is one request, whatever the body of %s contains',
    async (method) => {
      const hidden =
        'POST /hidden HTTP/1.1\r\nHost: x\r\nx-moblog-client-address: 203.0.113.1\r\nContent-Length: 0\r\n\r\n'
      for (const body of [
        `Transfer-Encoding: chunked\r\n\r\n${chunk(hidden)}0\r\nx: y\r\n\r\n`,
        `Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
      ]) {
        const connection = open()
        connection.send(`${method} /outer HTTP/1.1\r\nHost: x\r\n${body}`)
        await eventually(() => connection.received.includes('HTTP/1.1 202 '), 3_000)
        await sleep(100)
      }
      const outer = { method, url: '/outer', address: '127.0.0.1', body: method === 'POST' ? hidden : '' }
      expect(seen).toEqual([outer, outer])
    },
  )

  it('does not go on after its answer if its body does not end', async () => {
    for (const method of ['POST', 'DELETE']) {
      const connection = open()
      connection.send(`${method} /early HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`)
      const sending = setInterval(() => connection.send(chunk('x'.repeat(1_000))), 50)
      await eventually(() => connection.received.includes('HTTP/1.1 400 '), 3_000)
      await eventually(() => connection.isClosed, 4_000).finally(() => clearInterval(sending))
    }
  })

  it('may end at any byte without an effect on other requests', async () => {
    const whole = `POST / HTTP/1.1\r\nHost: x\r\nTrailer: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('body')}0\r\nx: y\r\n\r\n`
    for (let length = 0; length <= whole.length; length += 3) {
      const connection = open()
      connection.send(whole.slice(0, length))
      await sleep(5)
      opened.pop()?.resetAndDestroy()
    }
    expect((await fetch(url)).status).toBe(202)
  })
})

describe('the socket of a worker', () => {
  const request = (...lines: string[]) =>
    `GET /direct HTTP/1.1\r\n${['Host: x', ...lines].map((line) => `${line}\r\n`).join('')}\r\n`
  const ADDRESS = 'x-moblog-client-address: 203.0.113.1'

  it('takes one request from a connection, with the address of its client', async () => {
    const connection = open({ path: path.join(folder, '1.sock') })
    connection.send(request(ADDRESS) + request('x-moblog-client-address: 203.0.113.2'))
    await eventually(() => connection.isClosed, 3_000)
    expect(seen.map(({ address }) => address)).toEqual(['203.0.113.1'])
  })

  it.each([
    ['no address', []],
    ['several addresses', [ADDRESS, ADDRESS]],
  ])('takes no request with %s', async (_what, lines) => {
    const connection = open({ path: path.join(folder, '1.sock') })
    connection.send(request(...lines))
    await eventually(() => connection.isClosed, 3_000)
    expect(connection.received).toBe('')
    expect(seen).toEqual([])
  })
})

it('listens also if the name of the temporary folder is too long for a socket', async () => {
  const long = path.join(folder, 'a'.repeat(100))
  await mkdir(long)
  const { TMPDIR } = process.env
  try {
    process.env.TMPDIR = long
    const relayFolder = await makeRelayFolder()
    const relay = createWorkerRelay(relayFolder, 9999)
    await relay.listen(() => {})
    await relay.close()
    await rm(relayFolder, { recursive: true })
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
})
