import { gzipSync } from 'node:zlib'
import { openStalledRequest } from '../../testing/stalled-request.ts'
import type { Log } from '../log.ts'
import { createBodyBudget } from './body-budget.ts'
import { readBytes, readJson } from './read-body.ts'
import { sendJson } from './respond.ts'
import { type HttpServer, startHttpServer } from './server.ts'

const BUDGET = 2_000_000
const budget = createBodyBudget(BUDGET)
const logged: string[] = []
const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (_fields: unknown, message?: string) => void logged.push(message ?? ''),
}

let server: HttpServer
beforeAll(async () => {
  server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, ready: async () => {}, log, drainMs: 100 },
    routes: [
      {
        path: '/json',
        handle: async (request, response) => sendJson(response, 200, await readJson(request, 100)),
      },
      {
        path: '/slow',
        async handle(request, response) {
          const bytes = await readBytes(request, { limit: 1_000_000, timeoutMs: 700, budget })
          sendJson(response, 200, bytes.length)
        },
      },
    ],
  })
})
afterAll(() => server.stop())
beforeEach(() => void logged.splice(0))

const send = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body, headers })

describe('a request body', () => {
  it('may begin with a byte order mark', async () => {
    const response = await send('/json', '\ufeff{"a":1}')
    expect([response.status, await response.json()]).toEqual([200, { a: 1 }])
  })

  it.each(['utf-8', 'UTF8', '"utf-8"'])('may name the charset %s', async (charset) => {
    const response = await send('/json', '"ä"', { 'content-type': `application/json; charset=${charset}` })
    expect([response.status, await response.json()]).toEqual([200, 'ä'])
  })

  it.each(['utf-16', 'iso-8859-1', 'nonsense'])('is refused in the charset %s', async (charset) => {
    const response = await send('/json', '1', { 'content-type': `application/json; charset=${charset}` })
    expect([response.status, await response.text()]).toEqual([415, expect.stringContaining('UTF-8')])
  })

  it('is refused with an unsupported content encoding', async () => {
    expect((await send('/json', gzipSync('1'), { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  it.each([
    ['not JSON', '{'],
    ['empty', ''],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('is refused if it is %s', async (_what, body) => {
    const response = await send('/json', body)
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          { message: expect.any(String), extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) } },
        ],
      },
    ])
  })

  it('is refused as soon as it is too long, also without a Content-Length', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.alloc(50)) })
    const init = { method: 'POST', body: endless, duplex: 'half' } as RequestInit
    expect((await fetch(`http://127.0.0.1:${server.port}/json`, init)).status).toBe(413)
    expect((await send('/json', 'x'.repeat(101))).status).toBe(413)
  })

  it('is answered with 408, and the connection is closed, if it stalls', async () => {
    const stalled = await openStalledRequest(server.port, '/slow', 10)
    expect(await stalled.answer).toContain('HTTP/1.1 408 ')
    expect(budget.held()).toBe(0)
    expect(logged).toEqual([])
  })

  it('causes no error log if the client disconnects while sending it', async () => {
    const stalled = await openStalledRequest(server.port, '/slow', 10)
    stalled.socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(budget.held()).toBe(0)
    expect(logged).toEqual([])
  })

  it('is dropped if many stalled bodies fill the memory limit, so other requests are served', async () => {
    const stalled = await Promise.all(
      Array.from({ length: 40 }, () => openStalledRequest(server.port, '/slow', 100_000)),
    )
    const response = await send('/slow', 'x'.repeat(900_000))
    expect([response.status, await response.json()]).toEqual([200, 900_000])
    expect(budget.held()).toBeLessThanOrEqual(BUDGET)
    const answers = await Promise.all(stalled.map(({ answer }) => answer))
    expect(answers.filter((answer) => answer.includes('HTTP/1.1 503 ')).length).toBeGreaterThan(15)
    expect(answers.every((answer) => /HTTP\/1.1 (503|408) /.test(answer))).toBe(true)
  })
})
