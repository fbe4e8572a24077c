import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../platform/ids.ts'
import { startTestGateway, type TestGateway } from '../../testing/gateway/start-gateway.ts'

const VIEWER = 'query Viewer { viewer { id } }'
const CLAIMS = { sub: newId(), sid: newId(), exp: Date.now() / 1000 + 600 }

const idOf = (text: string) => createHash('sha256').update(text).digest('hex')
const hash = (id: string) => ({ persistedQuery: { version: 1, sha256Hash: id } })

let folder: string
let gateway: TestGateway
let token: string

const send = (method: string, { accept = '*/*', search = '', body = '' } = {}) =>
  fetch(`${gateway.url}${search}`, {
    method,
    headers: {
      authorization: 'Bearer any',
      'content-type': 'application/json',
      accept,
      ...(token && { 'x-graphql-event-stream-token': token }),
    },
    ...(body && { body }),
  })

async function openStream(): Promise<Response> {
  token = ''
  token = await (await send('PUT')).text()
  return send('GET', { accept: 'text/event-stream' })
}

/** Reads a stream until it contains the result of an operation. */
async function untilResult(stream: Response, operationId: string): Promise<string> {
  let text = ''
  for await (const chunk of stream.body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text.includes(`"id":"${operationId}"`) && text.endsWith('\n\n')) return text
  }
  throw new Error(`the stream has ended: ${text}`)
}

const parameters = (payload: Record<string, unknown>) =>
  `?${new URLSearchParams(
    Object.entries(payload).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )}`

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-operations-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => gateway.stop())

describe('a gateway with a list of operations, over a single connection', () => {
  beforeEach(async () => {
    const operations = [{ id: idOf(VIEWER), name: 'Viewer', type: 'query', body: VIEWER }]
    const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
    await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest))
    gateway = await startTestGateway(
      { GATEWAY_OPERATIONS: folder },
      { verifier: { verify: async () => CLAIMS } },
    )
  })

  it.each([
    ['by its exact text', { query: VIEWER }, {}],
    ['by its hash', {}, hash(idOf(VIEWER))],
    ['by its document id', { documentId: idOf(VIEWER) }, {}],
  ])('executes an operation of the list %s, with POST and GET', async (_how, named, extensions) => {
    for (const method of ['POST', 'GET']) {
      const stream = await openStream()
      const payload = { ...named, extensions: { ...extensions, operationId: 'one' } }
      const sent = method === 'GET' ? { search: parameters(payload) } : { body: JSON.stringify(payload) }
      expect([method, (await send(method, sent)).status]).toEqual([method, 202])
      expect(await untilResult(stream, 'one')).toContain('"data":{"viewer":{"id":')
    }
  })

  it.each([
    ['another text', { query: '{ viewer { handle } }' }, {}],
    ['an unknown hash', {}, hash('0'.repeat(64))],
    ['an unknown document id', { documentId: 'none' }, {}],
  ])('refuses %s', async (_what, named, extensions) => {
    const stream = await openStream()
    const payload = { ...named, extensions: { ...extensions, operationId: 'one' } }
    for (const answer of [
      await send('POST', { body: JSON.stringify(payload) }),
      await send('GET', { search: parameters(payload) }),
    ]) {
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining('PERSISTED_QUERY_NOT_IN_LIST'),
      ])
    }
    await stream.body?.cancel()
  })
})

it('a gateway without a list says over a single connection that it knows no document ids', async () => {
  gateway = await startTestGateway({}, { verifier: { verify: async () => CLAIMS } })
  const stream = await openStream()
  const body = JSON.stringify({ documentId: 'x', extensions: { operationId: 'one' } })
  const answer = await send('POST', { body })
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining('PERSISTED_QUERY_NOT_SUPPORTED'),
  ])
  await stream.body?.cancel()
})
