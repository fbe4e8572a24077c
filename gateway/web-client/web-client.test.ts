import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib'
import { startHttpServer } from '../../platform/http/server.ts'
import { createLog } from '../../platform/log.ts'
import { webClientRoutes } from './web-client-route.ts'

const PAGE = '<!doctype html><title>Moblog</title>'
const ICON = Buffer.from('an icon')
const SCRIPT = 'export const answer = 42\n'.repeat(100)

let folder: string
let stop: () => Promise<void>
let port: number

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-web-'))
  await mkdir(path.join(folder, 'files'))
  await writeFile(path.join(folder, 'index.html'), PAGE)
  await writeFile(path.join(folder, 'icon-192.png'), ICON)
  await writeFile(path.join(folder, 'moblog-elements.js'), SCRIPT)
  await writeFile(path.join(folder, 'files/index.abc.js'), SCRIPT)
  await writeFile(path.join(folder, 'files/index.abc.js.br'), brotliCompressSync(SCRIPT))
  await writeFile(path.join(folder, 'files/index.abc.js.gz'), gzipSync(SCRIPT))
  const options = { mediaOrigins: ['https://media.example'], samplesIn: folder, folder }
  const routes = webClientRoutes({ ...options, signsInElsewhere: false })
  const log = createLog('gateway', 'silent')
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, ready: async () => {}, log })
  ;({ port, stop } = server)
})
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

/** Sends a request without the headers that `fetch` adds, and without decompressing. */
function get(target: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path: target, headers, method }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      })
      request.on('error', reject).end()
    },
  )
}

describe('the web client', () => {
  it('is the page at /, which browsers check before each use', async () => {
    const { status, headers, body } = await get('/')
    expect([status, body.toString()]).toEqual([200, PAGE])
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' })
  })

  it('may load scripts and styles only from its own origin, and nothing inline', async () => {
    const policy = String((await get('/')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).toContain("media-src 'self' https://media.example blob:")
    expect(policy).not.toContain('unsafe')
  })

  it('sends stored compressed files in the coding that the client prefers', async () => {
    const [plain, gzipped, best] = await Promise.all([
      get('/files/index.abc.js'),
      get('/files/index.abc.js', { 'accept-encoding': 'gzip' }),
      get('/files/index.abc.js', { 'accept-encoding': 'gzip, deflate, br, zstd' }),
    ])
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.body.toString()).toBe(SCRIPT)
    expect(gzipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(best.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(best.body).toString()).toBe(SCRIPT)
    expect(best.headers['cache-control']).toMatch(/immutable/)
    expect(new Set([plain, gzipped, best].map(({ headers }) => headers.etag)).size).toBe(3)
  })

  it('lets pages of all origins load the elements with their files, and nothing else', async () => {
    const allowed = async (target: string) => {
      const { status, headers } = await get(target, { origin: 'https://app.example' })
      return [status, headers['access-control-allow-origin']]
    }
    expect(await allowed('/moblog-elements.js')).toEqual([200, '*'])
    expect(await allowed('/files/index.abc.js')).toEqual([200, '*'])
    expect(await allowed('/')).toEqual([200, undefined])
    expect(await allowed('/sample-accounts.json')).toEqual([200, undefined])
    const { etag } = (await get('/moblog-elements.js')).headers
    const known = await get('/moblog-elements.js', { 'if-none-match': `${etag}` })
    expect(known).toMatchObject({
      status: 304,
      headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-cache' },
    })
  })

  it('answers 304 to a client that has the file', async () => {
    const { etag } = (await get('/')).headers
    expect(await get('/', { 'if-none-match': `"other", ${etag}` })).toMatchObject({ status: 304 })
    expect(await get('/', { 'if-none-match': '"other"' })).toMatchObject({ status: 200 })
  })

  it('answers HEAD without a body, refuses other methods, and knows no other files', async () => {
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) })
    expect(await get('/', {}, 'POST')).toMatchObject({ status: 405 })
    expect(await get('/files/index.abc.js.br')).toMatchObject({ status: 404 })
    const opened = await get('/files/nothing', { accept: 'text/html' })
    expect(opened).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(await get('/files/..%2findex.html')).toMatchObject({ status: 404 })
  })

  it('leads what is shared while no service worker answers to an explanation, and keeps nothing of it', async () => {
    const body = new FormData()
    body.append('media', new File([new Uint8Array(20_000_000)], 'film.mp4'))
    const address = `http://127.0.0.1:${port}/share`
    const shared = await fetch(address, { method: 'POST', body, redirect: 'manual' })
    // Relative, because a proxy may serve the product below a path.
    expect([shared.status, shared.headers.get('location')]).toEqual([303, './#/write/not-shared'])
    expect(shared.headers.get('cache-control')).toBe('no-store')
    expect(await get('/share')).toMatchObject({ status: 404 })
  })

  it('has its icon at the address at which browsers look for one', async () => {
    const { status, headers, body } = await get('/favicon.ico')
    expect([status, headers['content-type'], body]).toEqual([200, 'image/png', ICON])
  })

  it('offers sample accounts once they exist, and only where it is told to', async () => {
    const accounts = [{ handle: 'mei', displayName: 'Mei', password: 'x', note: 'n' }]
    expect((await get('/sample-accounts.json')).body.toString()).toBe('[]')
    await writeFile(path.join(folder, 'sample-accounts.json'), JSON.stringify(accounts))
    expect(JSON.parse((await get('/sample-accounts.json')).body.toString())).toEqual(accounts)
  })

  it('says with the sample accounts whether accounts belong to an identity provider', async () => {
    const isElsewhere = async (signsInElsewhere: boolean) => {
      const routes = webClientRoutes({ mediaOrigins: [], samplesIn: null, signsInElsewhere, folder })
      const server = createServer((request, response) => {
        const route = routes.find(({ path: each }) => each === '/sample-accounts.json')
        void route?.handle(request, response, new URL('http://moblog.test/sample-accounts.json'))
      }).listen(0)
      const { port: own } = server.address() as AddressInfo
      const { headers } = await fetch(`http://localhost:${own}/sample-accounts.json`)
      server.close()
      return headers.get('moblog-signs-in-elsewhere')
    }
    expect([await isElsewhere(true), await isElsewhere(false)]).toEqual(['true', null])
  })

  it('has no routes until it is built', () => {
    expect(
      webClientRoutes({ mediaOrigins: [], samplesIn: null, signsInElsewhere: false, folder: '/nonexistent' }),
    ).toEqual([])
  })
})
