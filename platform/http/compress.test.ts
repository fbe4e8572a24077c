import { get, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { createLog } from '../log.ts'
import { sendText } from './compress.ts'
import { type HttpServer, startHttpServer } from './server.ts'

// More than the buffers of a connection hold. Random letters do not compress well.
const LONG = Array.from({ length: 3_000_000 }, () =>
  String.fromCharCode(0x4e00 + Math.random() * 0x5000),
).join('')

let server: HttpServer
beforeAll(async () => {
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: [
      {
        path: '/long',
        handle: (request, response) => sendText(request, response, 200, LONG, { 'x-kept': 'yes' }),
      },
    ],
    ready: async () => {},
    log: createLog('test', 'silent'),
  })
})
afterAll(() => server.stop())

const ask = (coding: string) =>
  new Promise<IncomingMessage>((resolve) =>
    get({ port: server.port, path: '/long', headers: { 'accept-encoding': coding } }, resolve),
  )

describe('a long text', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompressSync],
    ['identity', (bytes: Buffer) => bytes],
  ])('arrives whole with the coding %s', async (coding, decode) => {
    const response = await ask(coding)
    const body = await buffer(response)
    expect(Number(response.headers['content-length'])).toBe(body.length)
    expect(decode(body).equals(Buffer.from(LONG))).toBe(true)
    expect(response.headers).toMatchObject({ vary: 'accept-encoding', 'x-kept': 'yes' })
    expect(response.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding)
  })
})
