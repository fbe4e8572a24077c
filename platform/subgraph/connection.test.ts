import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { errors } from 'undici'
import { openKeyring } from '../tokens/keyring.ts'
import { rotateKeys } from '../tokens/rotate-keys.ts'
import { type Connection, openConnection, reusedAssertions, twice } from './connection.ts'
import { tooCostly } from './work.ts'

let server: Server
let connection: Connection

async function connectTo(answer: RequestListener): Promise<void> {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  connection = openConnection({ url: `http://127.0.0.1:${port}`, fileTimeoutMs: 400 }, '/graphql')
}
const send = (parts: Iterable<Buffer> | AsyncIterable<Buffer>) =>
  connection.post(
    'token',
    {},
    {
      body: Readable.from(parts, { objectMode: false }),
      contentType: 'multipart/form-data; boundary=x',
      isCutOff: () => false,
    },
  )

it('refuses a large answer that is cut off, wherever its JSON ends', async () => {
  const rest = { text: 'x'.repeat(2_000_000) }
  const text = JSON.stringify({ data: { done: true }, rest })
  await connectTo((_request, response) => {
    response.writeHead(200, { 'content-length': text.length })
    response.write(text.slice(0, 1_500_000), () => response.destroy())
  })
  await expect(connection.post('token', {})).rejects.toThrow()
  await connection.close()
  server.close()
})

it.each([
  [1, tooCostly('too many bytes')],
  [1, new errors.ConnectTimeoutError()],
  [1, new errors.HeadersTimeoutError()],
  [1, new errors.BodyTimeoutError()],
  [2, new errors.SocketError('other side closed')],
])('asks %d times if asking ends with %p', async (times, error) => {
  let asked = 0
  const ask = async () => {
    asked += 1
    throw error
  }
  await expect(twice({ query: '{ a }' }, ask)).rejects.toBe(error)
  expect(asked).toBe(times)
})

describe('a file that is sent to a service', () => {
  afterEach(async () => {
    server.closeAllConnections()
    await connection.close()
    await new Promise((resolve) => server.close(resolve))
  })

  it('may take as long as its sender needs', async () => {
    await connectTo(async (request, response) => {
      let size = 0
      for await (const chunk of request) size += chunk.length
      response.end(JSON.stringify({ data: { size } }))
    })
    async function* slowly() {
      for (let part = 0; part < 8; part++) {
        await sleep(150)
        yield Buffer.alloc(1_000)
      }
    }
    expect(String(await send(slowly()))).toBe('{"data":{"size":8000}}')
  })

  it('is sent slowly by many without delaying other requests', async () => {
    let isOver = false
    await connectTo((request, response) => {
      request.resume().once('end', () => response.end('{"data":{}}'))
    })
    async function* slowly() {
      while (!isOver) {
        yield Buffer.alloc(10)
        await sleep(50)
      }
    }
    const files = Array.from({ length: 150 }, () => send(slowly()))
    await sleep(200)
    const startedAt = performance.now()
    expect(String(await connection.post('token', {}))).toBe('{"data":{}}')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    isOver = true
    await Promise.all(files)
  })

  it.each([
    ['reads nothing', () => {}],
    ['reads it and does not answer', (request) => void request.resume()],
  ] as [string, RequestListener][])('is given up if the service %s', async (_what, answer) => {
    await connectTo(answer)
    const parts = Array.from({ length: 100 }, () => Buffer.alloc(1_000_000))
    const startedAt = performance.now()
    await expect(send(parts)).rejects.toBeInstanceOf(errors.HeadersTimeoutError)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

test('the assertions of callers who come together again and again are signed one after the other', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'moblog-keys-'))
  const assertions = reusedAssertions(await openKeyring(folder, 'gateway'), 'storage')
  const callers = ['ann', 'ben', 'cem'].map(
    (userId) => ({ kind: 'viewer', userId, sessionId: null }) as const,
  )
  expect(await assertions.ofKnown(callers)).toBeNull()
  expect(await assertions.ofKnown(callers)).toBeNull()
  const known = await assertions.ofKnown(callers)
  expect(known?.map((token) => decodeJwt(token).sub)).toEqual(['ann', 'ben', 'cem'])
  expect(await assertions.ofKnown(callers.toReversed())).toEqual(known?.toReversed())
  await rm(folder, { recursive: true })
})

test('assertions are reused until they are old, their key was dropped or the clock is set back', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'moblog-keys-'))
  let time = Date.now()
  const keyring = await openKeyring(folder, 'blog', () => new Date(time))
  const assertions = reusedAssertions(keyring, 'storage')
  const caller = { kind: 'service', service: 'blog' } as const
  const first = await assertions.of(caller)
  expect(await assertions.of(caller)).toBe(first)
  await rotateKeys(folder, 'blog', { dropOld: true })
  time += 2_000
  const next = await assertions.of(caller)
  const realNow = Date.now()
  jest.spyOn(Date, 'now').mockReturnValue(realNow - 600_000)
  const earlier = await assertions.of(caller)
  jest.restoreAllMocks()
  expect(decodeJwt(earlier).exp).toBeLessThan((decodeJwt(next).exp ?? 0) - 500)
  expect(decodeProtectedHeader(next).kid).toBe(await keyring.keyId())
  expect(next).not.toBe(first)
  await rm(folder, { recursive: true })
})
