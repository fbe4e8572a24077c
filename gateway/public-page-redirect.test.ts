import { startHttpServer } from '../platform/http/server.ts'
import { createLog } from '../platform/log.ts'
import { publicPageRedirects, redirectTarget } from './public-page-redirect.ts'

describe('a separate gateway', () => {
  it.each([
    ['/@ann', '/@ann'],
    ['/%40Ann/1?after=x%2F', '/%40Ann/1?after=x%2F'],
    ['/@//evil.example', '/@//evil.example'],
    ['/@ann%0d%0aset-cookie:x', '/@ann%0d%0aset-cookie:x'],
  ])('redirects %s to the pages', async (asked, given) => {
    const server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      routes: publicPageRedirects('https://pages.example/moblog/'),
      ready: async () => {},
      log: createLog('gateway', 'silent'),
    })
    const response = await fetch(`http://127.0.0.1:${server.port}${asked}`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([
      307,
      `https://pages.example/moblog${given}`,
    ])
    expect(response.headers.get('set-cookie')).toBeNull()
    await server.stop()
  })

  it('does not redirect to its own address', () => {
    const own = 'http://localhost:4003'
    const product = 'https://example.org'
    expect(redirectTarget({}, own)).toBe(own)
    expect(redirectTarget({ PUBLIC_URL: product }, own)).toBeNull()
    expect(redirectTarget({ PUBLIC_URL: product, BLOG_PUBLIC_URL: product }, own)).toBeNull()
    expect(redirectTarget({ BLOG_PUBLIC_URL: 'https://pages.example' }, own)).toBe('https://pages.example')
  })
})
