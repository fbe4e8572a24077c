import { type HttpServer, startHttpServer } from '../http/server.ts'
import type { Log } from '../log.ts'
import type { FinishedRequest } from './observe-request.ts'
import { currentScope, scopeFields } from './request-scope.ts'
import { outgoingHeaders } from './tracing.ts'

type Line = { level: string; message: string | undefined } & Record<string, unknown>

let server: HttpServer
let lines: Line[]
let reported: FinishedRequest[]

const at = (level: string) => (fields: unknown, message?: string) => {
  lines.push({ ...(fields as object), level, message })
}
const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }

beforeAll(async () => {
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    log,
    ready: async () => {},
    routes: [
      {
        path: '/bytes/',
        handle: async (_request, response) => {
          // The scope also applies after waiting.
          await new Promise((resolve) => setTimeout(resolve, 5))
          response.end(JSON.stringify({ ...scopeFields(), passedOn: outgoingHeaders() }))
        },
      },
      { path: '/internal', isInternal: true, handle: (_request, response) => void response.end() },
      {
        path: '/own',
        report: (finished) => void reported.push(finished),
        handle: (_request, response) => void response.end('x'.repeat(1000)),
      },
      {
        path: '/broken',
        handle: () => {
          throw new Error('broken')
        },
      },
    ],
  })
})
afterAll(() => server.stop())
beforeEach(() => {
  lines = []
  reported = []
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { headers })

it('a request has one id: in its scope, in the response and in what it sends to other services', async () => {
  const response = await get('/bytes/x', { 'x-request-id': 'client-7' })
  expect(response.headers.get('x-request-id')).toBe('client-7')
  expect(await response.json()).toEqual({ requestId: 'client-7', passedOn: { 'x-request-id': 'client-7' } })
  expect(currentScope()).toBeUndefined()
})

it('requests at the same time do not share a scope', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `client-${index}`)
  const seen = ids.map(async (id) => (await get('/bytes/x', { 'x-request-id': id })).text())
  const answers = await Promise.all(seen)
  expect(answers.map((text, index) => text.includes(`"requestId":"${ids[index]}"`))).toEqual(
    ids.map(() => true),
  )
})

it('the access log has one line with the template of the route, never the path', async () => {
  await (await get('/bytes/eyJhbGciOiJFZERTQSJ9.secret.token?download=secret')).text()
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'request',
      requestId: expect.any(String),
      method: 'GET',
      route: '/bytes/*',
      status: 200,
      bytes: expect.any(Number),
      durationMs: expect.any(Number),
    },
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

it('a path without a route is not logged', async () => {
  await get('/wp-admin/secret')
  expect(lines).toMatchObject([{ level: 'info', message: 'request', route: null, status: 404 }])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

it('requests of services and of probes are logged at level debug', async () => {
  await get('/internal')
  await get('/livez')
  expect(lines.map(({ level, route }) => [level, route])).toEqual([
    ['debug', '/internal'],
    ['debug', '/livez'],
  ])
})

it('a route may report its requests itself', async () => {
  await (await get('/own', { 'x-request-id': 'client-8' })).text()
  expect(reported).toMatchObject([{ requestId: 'client-8', route: '/own', status: 200, isAborted: false }])
  expect(reported[0]?.bytes).toBeGreaterThan(1000)
  expect(lines).toEqual([])
})

it('a request that fails has a line with status 500', async () => {
  await get('/broken')
  expect(lines.map(({ level, message, status }) => [level, message, status])).toEqual([
    ['error', 'request failed', undefined],
    ['info', 'request', 500],
  ])
})
