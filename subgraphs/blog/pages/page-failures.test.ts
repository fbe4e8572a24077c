import { type HttpServer, startHttpServer } from '../../../platform/http/server.ts'
import { createLog } from '../../../platform/log.ts'
import { answerPages } from './page-exchange.ts'
import { createPageLimit } from './page-limit.ts'
import { createPageTurns } from './page-turns.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

describe('a page that cannot be made', () => {
  let server: HttpServer
  let error: Error

  beforeAll(async () => {
    const log = createLog('test', 'silent')
    const admission = {
      limit: createPageLimit({ perMinute: 0, share: async () => [], log }),
      turns: createPageTurns(),
      trustedProxies: 0,
      client: 'https://moblog.example',
    }
    const handlers = answerPages(admission, () => ({
      weight: 1,
      viewerId: null,
      answer: () => Promise.reject(error),
    }))
    const routes = [{ path: '/m/', ...handlers }]
    server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, ready: async () => {}, log })
  })
  afterAll(() => server.stop())

  const open = (accept: string, language = 'en') =>
    fetch(`http://127.0.0.1:${server.port}/m/x`, { headers: { accept, 'accept-language': language } })

  const outage = () => Object.assign(new Error('connect ECONNREFUSED 10.0.0.7'), { code: 'ECONNREFUSED' })
  const defect = () => new Error('rows of 10.0.0.7 are undefined')

  it.each([
    ['while the database is out', outage, 503, '5', 'This page cannot be shown now.', '页面暂时无法显示'],
    ['because of a defect', defect, 500, null, 'because of an error.', '页面出错了'],
  ])('%s, is a page that says so in the language of the reader', async (_why, make, status, wait, en, zh) => {
    error = make()
    const answer = await open(BROWSER)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, wait])
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    const text = await answer.text()
    expect(text).toContain(en)
    expect(text).toContain('href="https://moblog.example/"')
    expect(text).not.toContain('10.0.0.7')
    expect(await (await open(BROWSER, 'zh-CN')).text()).toContain(zh)
  })

  it('is JSON for programs', async () => {
    error = outage()
    const answer = await open('application/json')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toEqual({ message: expect.stringContaining('cannot be shown now') })
  })
})
