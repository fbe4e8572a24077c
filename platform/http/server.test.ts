import { request as httpRequest, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../testing/eventually.ts'
import { createLog } from '../log.ts'
import { readBody } from './read-body.ts'
import { RefusedRequest } from './refused-request.ts'
import { bearerToken } from './respond.ts'
import type { Route } from './routes.ts'
import { type HttpServer, startHttpServer } from './server.ts'

let server: HttpServer
let ready: () => Promise<void>

const routes: Route[] = [
  { path: '/exact', handle: (_request, response) => void response.end('exact') },
  { path: '/below/', handle: (_request, response, url) => void response.end(url.pathname) },
  {
    path: '/broken',
    handle: () => {
      throw new Error('the database at 10.0.0.7 is gone')
    },
  },
  {
    path: '/slow',
    handle: async (_request, response) => {
      response.write('beginning ')
      await new Promise((resolve) => setTimeout(resolve, 300))
      response.end('and end')
    },
  },
  { path: '/endless', handle: (_request, response) => void response.write('beginning') },
  {
    path: '/echo',
    handle: async (request, response) =>
      void response.end(await readBody(request, 10).catch(() => 'too large')),
  },
  {
    path: '/refused',
    handle: () => {
      throw new RefusedRequest(401, 'BAD_REQUEST', 'Who are you?')
    },
  },
  {
    path: '/socket',
    handle: (_request, response) => void response.end('not a socket'),
    upgrade: (_request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  },
  { path: '/bearer', handle: (request, response) => void response.end(bearerToken(request) ?? 'none') },
]

beforeEach(async () => {
  ready = async () => {}
  const log = createLog('test', 'silent')
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes,
    ready: () => ready(),
    log,
    drainMs: 600,
  })
})
afterEach(() => server.stop())

const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init)

describe('the HTTP server', () => {
  it.each([
    ['/exact', 200, 'exact'],
    ['/below/a/b', 200, '/below/a/b'],
    ['/livez', 200, '{"status":"ok"}'],
    ['/readyz', 200, '{"status":"ready"}'],
  ])('answers %s', async (path, status, text) => {
    const response = await get(path)
    expect([response.status, await response.text()]).toEqual([status, text])
  })

  it.each(['/exact/more', '/elsewhere'])('answers 404 at %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  it('answers an unexpected error with 500 and without its message', async () => {
    const response = await get('/broken')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('10.0.0.7')
  })

  it('is not ready while its service is not ready', async () => {
    ready = () => Promise.reject(new Error('no database'))
    expect((await get('/readyz')).status).toBe(503)
    expect((await get('/livez')).status).toBe(200)
  })

  it('is not ready if its service does not say in time whether it is', async () => {
    ready = () => new Promise(() => {})
    const response = await get('/readyz', { signal: AbortSignal.timeout(4_500) })
    expect([response.status, await response.json()]).toEqual([503, { status: 'not ready' }])
  })

  it('asks its service once for all who ask at the same time whether it is ready, and again later', async () => {
    let asked = 0
    let isThere = true
    ready = async () => {
      asked++
      await sleep(50)
      if (!isThere) throw new Error('no database')
    }
    const all = await Promise.all(Array.from({ length: 40 }, () => get('/readyz')))
    expect(all.every(({ status }) => status === 200)).toBe(true)
    expect(asked).toBeLessThan(5)
    isThere = false
    await eventually(async () => (await get('/readyz')).status === 503, 2_000)
  })

  it.each([
    ['//exact', 404],
    ['//elsewhere/exact', 404],
    ['/below/../exact', 400],
    ['/below/%2e%2E/exact', 400],
    ['a://b', 400],
    ['x:', 400],
    ['http://localhost', 404],
    ['/./exact', 400],
    ['/exact?path=/../exact', 200],
    ['http://elsewhere/exact', 200],
    ['*', 400],
  ])('answers the request target %s with %i', async (path, status) => {
    const answered = await new Promise((resolve, reject) => {
      const { port } = server
      const sent = httpRequest({ host: '127.0.0.1', port, path }, (response) => {
        resolve(response.resume().statusCode)
      })
      sent.once('error', reject)
      sent.end()
    })
    expect(answered).toBe(status)
  })

  it('reads a body only up to the limit', async () => {
    expect(await (await get('/echo', { method: 'POST', body: 'short' })).text()).toBe('short')
    expect(await (await get('/echo', { method: 'POST', body: 'x'.repeat(11) })).text()).toBe('too large')
  })

  it.each([
    ['/exact', 200],
    ['/echo', 200],
    ['/refused', 401],
    ['/elsewhere', 404],
  ])('ends a request to %s whose body does not end, soon after it has answered', async (path, status) => {
    const headers = { 'transfer-encoding': 'chunked' }
    const call = httpRequest({ port: server.port, path, method: 'POST', headers })
    call.on('error', () => {})
    const sending = setInterval(() => call.write('x'.repeat(20)), 50)
    try {
      const answer = await new Promise<IncomingMessage>((resolve) => call.once('response', resolve))
      answer.on('error', () => {}).resume()
      expect(answer.statusCode).toBe(status)
      await eventually(() => call.socket?.destroyed === true, 4_000)
    } finally {
      clearInterval(sending)
      call.destroy()
    }
  })

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc', 'abc'],
    ['Basic abc', 'none'],
    ['Bearer', 'none'],
  ])('reads the token of the header "%s"', async (authorization, token) => {
    expect(await (await get('/bearer', { headers: { authorization } })).text()).toBe(token)
  })

  it('finishes a running request before it stops', async () => {
    const response = await get('/slow')
    const stopped = server.stop()
    expect(await response.text()).toBe('beginning and end')
    await stopped
    await expect(get('/exact')).rejects.toThrow()
  })

  it('closes connections that do not finish in time when it stops', async () => {
    const response = await get('/endless')
    await server.stop()
    await expect(response.text()).rejects.toThrow()
  })
})

describe('a request that offers an upgrade', () => {
  const send = (path: string, upgrade: string) =>
    new Promise<{ status: number | undefined; closed: Promise<unknown> }>((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade }
      const call = httpRequest({ port: server.port, path, headers })
      call.once('upgrade', ({ statusCode }, socket) => {
        resolve({ status: statusCode, closed: new Promise((done) => socket.once('close', done)) })
      })
      call.once('response', (response) => {
        resolve({ status: response.resume().statusCode, closed: Promise.resolve() })
      })
      call.once('error', reject)
      call.end()
    })

  it.each([
    ['/socket', 'websocket', 101],
    ['/socket', 'h2c', 200],
    ['/exact', 'websocket', 200],
    ['/elsewhere', 'websocket', 404],
  ])('of %s to %s is answered with %i', async (path, upgrade, status) => {
    expect((await send(path, upgrade)).status).toBe(status)
  })

  it('is cut off when the server stops', async () => {
    const { closed } = await send('/socket', 'websocket')
    await server.stop()
    await closed
  })
})

describe('a client that sends "Expect: 100-continue"', () => {
  const send = (path: string) =>
    new Promise<{ status: number | undefined; wasContinued: boolean; text: string }>((resolve, reject) => {
      const headers = { expect: '100-continue', 'content-length': 4 }
      const call = httpRequest({ port: server.port, path, method: 'POST', headers })
      let wasContinued = false
      call.once('continue', () => {
        wasContinued = true
        call.end('body')
      })
      call.once('response', async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode, wasContinued, text })
        call.destroy()
      })
      call.once('error', reject)
      call.flushHeaders()
    })

  it('receives 100 when the server reads the body, and is refused without it', async () => {
    expect(await send('/echo')).toEqual({ status: 200, wasContinued: true, text: 'body' })
    expect(await send('/refused')).toMatchObject({ status: 401, wasContinued: false })
    expect(await send('/nowhere')).toMatchObject({ status: 404, wasContinued: false })
  })
})
