import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RefusedRequest } from '../platform/http/refused-request.ts'
import { eventually } from '../testing/eventually.ts'
import { createWorkerRelay, type WorkerRelay } from './worker-relay.ts'

let folder: string
let relays: WorkerRelay[]
let first: Server
let url: string
const seen: {
  method: string | undefined
  url: string | undefined
  address: string | undefined
  body: string
}[] = []
let ended = 0

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-relay-'))
  seen.length = 0
  ended = 0
  relays = [createWorkerRelay(folder, 0), createWorkerRelay(folder, 1)]
  await relays[1]?.listen(async (request, response) => {
    if (request.url === '/early') return void response.writeHead(400).end('refused')
    if (request.url === '/never') return void request.socket.destroy()
    let body = ''
    for await (const chunk of request) body += chunk
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
  first = createServer(async (request, response) => {
    const closed = new AbortController()
    response.once('close', () => closed.abort())
    const to = String(request.headers['x-to'] ?? '1')
    try {
      const isPassed = await relays[0]?.relay.pass(to, request, response, closed.signal)
      if (!isPassed) response.writeHead(404).end()
    } catch (error) {
      response.writeHead(error instanceof RefusedRequest ? error.status : 500).end()
    }
  })
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(first.address() as AddressInfo).port}`
})
afterEach(async () => {
  first.closeAllConnections()
  await new Promise((resolve) => first.close(resolve))
  await relays[1]?.close()
  await rm(folder, { recursive: true })
})

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

  it.each([
    ['does not exist', '7'],
    ['has a name that is a path', '../1'],
    ['has an empty name', ''],
  ])('is not sent if the other worker %s', async (_what, name) => {
    expect((await fetch(url, { headers: { 'x-to': name } })).status).toBe(404)
    expect(seen).toEqual([])
  })
})
