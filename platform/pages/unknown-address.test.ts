import { type HttpServer, startHttpServer } from '../http/server.ts'
import { createLog } from '../log.ts'
import { ownStartPage, type StartPage } from './unknown-address.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

describe('an address that does not exist', () => {
  const start = (startPage?: StartPage) => {
    const log = createLog('test', 'silent')
    return startHttpServer({ host: '127.0.0.1', port: 0, routes: [], ready: async () => {}, log, startPage })
  }
  let server: HttpServer
  beforeAll(async () => {
    server = await start(ownStartPage)
  })
  afterAll(() => server.stop())

  const open = (path: string, headers: Record<string, string>, method = 'GET') =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers })

  it.each([
    ['/nothing', 'en-GB', 'This page does not exist.', 'href="./"'],
    ['/nothing/at/all', 'zh-CN', '此页面不存在。', 'href="../../"'],
  ])('is a page for browsers: %s in %s', async (path, language, text, link) => {
    const answer = await open(path, { accept: BROWSER, 'accept-language': language })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(answer.headers.get('vary')).toContain('accept-language')
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    const page = await answer.text()
    expect(page).toContain(text)
    expect(page).toContain(link)
  })

  it.each([
    ['that accept everything', { accept: '*/*' }, 'GET'],
    ['that ask for JSON', { accept: 'application/json' }, 'GET'],
    ['that refuse HTML', { accept: 'text/html;q=0, */*' }, 'GET'],
    ['that send something', { accept: BROWSER }, 'POST'],
  ])('is JSON for programs %s', async (_which, headers, method) => {
    const answer = await open('/nothing', headers, method)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toEqual({ message: 'This address does not exist. Check the path.' })
  })

  it('is a page without a link if the server does not know where the start page is', async () => {
    const service = await start()
    try {
      const answer = await fetch(`http://127.0.0.1:${service.port}/nothing`, { headers: { accept: BROWSER } })
      const page = await answer.text()
      expect([answer.status, page.includes('This page does not exist.')]).toEqual([404, true])
      expect(page).not.toMatch(/<a\b/)
    } finally {
      await service.stop()
    }
  })

  it('has no body for HEAD', async () => {
    const answer = await open('/nothing', { accept: BROWSER }, 'HEAD')
    expect([answer.status, await answer.text()]).toEqual([404, ''])
  })
})
