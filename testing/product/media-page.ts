import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request as call, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Person } from '../../scripts/client/people.ts'
import type { Product } from './product.ts'
import { keepSignedIn } from './signed-in.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The elements of the client on a page of their own (web/test/media-page.ts). */
export type BuiltMediaPage = {
  /** Opens the page as a user, on a phone. */
  open(browser: Browser, person: Person, options?: BrowserContextOptions): Promise<Page>
  remove(): Promise<void>
}

const PREFIX = '/media-page/'
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Builds the page and serves it. Everything else at its origin is the product, so the client finds the API there. */
export async function buildMediaPage(product: Product): Promise<BuiltMediaPage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-media-page-'))
  const vite = `${root}node_modules/vite/bin/vite.js`
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', '--config', 'web/media-page.vite.config.ts', '--outDir', folder],
    // Tests set it to `test`, with which Vite would build for development.
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
  )
  // A page that Playwright answers itself counts as one from the internet, which may not reach this machine.
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', product.url)
    if (!pathname.startsWith(PREFIX)) return forward(product.url, request, response)
    const name = pathname.slice(PREFIX.length)
    void readFile(path.join(folder, path.normalize(name))).then(
      (body) =>
        response.writeHead(200, { 'content-type': TYPES[path.extname(name)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    async open(browser, person, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        permissions: ['camera', 'microphone'],
        ...options,
      })
      await keepSignedIn(context, person)
      const page = await context.newPage()
      await page.goto(`${origin}${PREFIX}test/media-page.html`)
      await page.waitForFunction('globalThis.mediaPage')
      return page
    },
    async remove() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function forward(target: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url } = request
  const options = { method: method ?? 'GET', headers, agent: false }
  const passedOn = call(new URL(url ?? '/', target), options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  passedOn.on('error', () => response.destroy())
  response.on('close', () => passedOn.destroy())
  request.pipe(passedOn)
}
