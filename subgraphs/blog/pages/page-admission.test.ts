import { startHttpServer } from '../../../platform/http/server.ts'
import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { type PagesUnderTest, serve, startPagesUnderTest } from '../../../testing/blog/pages.ts'
import { eventually } from '../../../testing/eventually.ts'
import { answerPages } from './page-exchange.ts'
import { createPageLimit } from './page-limit.ts'
import { PAGE_SCRIPTS } from './page-scripts.ts'
import { createPageTurns } from './page-turns.ts'

const PER_MINUTE = 4
// A part of the limit becomes free again while a test runs.
const LATER = 2

let blog: PagesUnderTest
let owner: string
let hidden: string
let publicPost: string
let hiddenPost: string
let networks = 0

beforeAll(async () => {
  blog = await startPagesUnderTest({ BLOG_PAGES_PER_MINUTE: `${PER_MINUTE}`, TRUSTED_PROXIES: '1' })
  owner = newId()
  hidden = newId()
  blog.communication.name(owner, 'Ann')
  blog.communication.name(hidden, 'Bob')
  publicPost = await blog.publish(owner)
  hiddenPost = await blog.publish(hidden, { audience: 'ONLY_ME' })
})
afterAll(() => blog.stop())

/** The address of a client that has opened nothing yet. */
const newAddress = () => `203.0.113.${++networks}`

const open = (path: string, forwarded: string, init: RequestInit = {}, origin = blog.origin) =>
  fetch(`${origin}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { 'x-forwarded-for': forwarded, ...init.headers },
  })

/** Opens a path until it is refused. Returns the statuses before, at most 50. */
async function openAll(path: string, forwarded: string, init: RequestInit = {}): Promise<number[]> {
  const statuses: number[] = []
  while (statuses.length < 50) {
    const { status } = await open(path, forwarded, init)
    if (status === 429) break
    statuses.push(status)
  }
  return statuses
}

function expectWholeLimit(statuses: readonly number[], status?: number): void {
  expect(statuses.length).toBeGreaterThanOrEqual(PER_MINUTE)
  expect(statuses.length).toBeLessThanOrEqual(PER_MINUTE + LATER)
  if (status !== undefined) expect(new Set(statuses)).toEqual(new Set([status]))
}

async function tokenFor(viewerId: string | null): Promise<string> {
  const now = Date.now() / 1000
  const claims = { aud: 'blog', moblog: owner, iat: now, exp: now + 300, ...(viewerId && { sub: viewerId }) }
  return (await blog.host.keyrings.communication?.sign(claims, 'page+jwt')) ?? ''
}

describe('the rate limit on pages', () => {
  it('answers 429 with a page in the language of the reader, and says when to try again', async () => {
    const address = newAddress()
    expectWholeLimit(await openAll('/@Ann', address), 200)
    const refused = await open('/@Ann', address, { headers: { 'accept-language': 'zh-CN' } })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(refused.headers.get('cache-control')).toBe('private, no-store')
    expect(refused.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await refused.text()).toContain('打开的页面过多')
    expect(await (await open('/@Ann', address)).text()).toContain('Too many pages were opened')
  })

  it('covers every public address, and one address cannot use up that of another', async () => {
    const address = newAddress()
    await openAll('/@Ann', address)
    const paths = [
      '/@Ann',
      '/%40Ann',
      `/@Ann/${publicPost}`,
      `/m/${owner}`,
      `/m/${owner}/feed.xml`,
      `/m/-/media/${newId()}/play`,
      `/m/${PAGE_SCRIPTS.player.path}`,
      '/m/not-a-token',
      `/m/${await tokenFor(null)}`,
    ]
    const statuses = await Promise.all(paths.map(async (path) => (await open(path, address)).status))
    expect(statuses).toEqual(paths.map(() => 429))
    for (const method of ['HEAD', 'POST']) {
      expect((await open('/@Ann', address, { method })).status).toBe(429)
    }
    expect((await open('/@Ann', newAddress())).status).toBe(200)
  })

  it('counts a hidden page like one that exists and one that does not', async () => {
    const handles = [
      '/@Ann',
      '/@Bob',
      '/@Nobody',
      `/@Ann/${publicPost}`,
      `/@Bob/${hiddenPost}`,
      `/@Ann/${newId()}`,
    ]
    const pages = [...handles, `/m/${owner}`, `/m/${newId()}`, '/m/not-a-token', '/@Ann/more/than/a/post']
    for (const path of pages) expectWholeLimit(await openAll(path, newAddress()))
  })

  it('counts a feed as four pages, whether or not it exists', async () => {
    for (const id of [owner, hidden, newId()]) {
      const statuses = await openAll(`/m/${id}/feed.xml`, newAddress())
      expect(statuses.length).toBeGreaterThanOrEqual(PER_MINUTE / 4)
      expect(statuses.length).toBeLessThanOrEqual(PER_MINUTE / 4 + 1)
    }
  })

  it('counts a page that the client has already like any other', async () => {
    const address = newAddress()
    const etag = (await open('/@Ann', address)).headers.get('etag') ?? ''
    const statuses = await openAll('/@Ann', address, { headers: { 'if-none-match': etag } })
    expectWholeLimit([304, ...statuses], 304)
  })

  it('counts a page token for its viewer, at all addresses together', async () => {
    const [address, viewer] = [newAddress(), newId()]
    const path = `/m/${await tokenFor(viewer)}`
    expectWholeLimit(await openAll(path, address), 200)
    const bearer = { headers: { authorization: `Bearer ${await tokenFor(viewer)}` } }
    expect((await open('/m/', newAddress(), bearer)).status).toBe(429)
    expect((await open(`/m/${await tokenFor(newId())}`, address)).status).toBe(200)
    expect((await open('/@Ann', address)).status).toBe(200)
  })

  it('counts a page token without a signed-in viewer, and a forged one, for the network', async () => {
    const address = newAddress()
    expectWholeLimit(await openAll(`/m/${await tokenFor(null)}`, address), 200)
    const [header, claims] = (await tokenFor(newId())).split('.')
    expect((await open(`/m/${header}.${claims}.AAAA`, address)).status).toBe(429)
  })

  it('believes only the entry of X-Forwarded-For that the trusted proxy has written', async () => {
    const address = newAddress()
    const statuses: number[] = []
    for (let n = 0; n < 2 * PER_MINUTE && !statuses.includes(429); n++) {
      statuses.push((await open('/@Ann', `198.51.100.${n}, ${address}`)).status)
    }
    expect(statuses.at(-1)).toBe(429)
    expectWholeLimit(statuses.slice(0, -1), 200)
    expect((await open('/@Ann', '198.51.100.1')).status).toBe(200)
  })

  it('counts all addresses of an IPv6 /64 as one', async () => {
    await openAll('/@Ann', '2001:db8:1:2::1')
    expect((await open('/@Ann', '2001:db8:1:2:3:4:5:6')).status).toBe(429)
    expect((await open('/@Ann', '2001:db8:1:3::1')).status).toBe(200)
  })

  it('is shared with other processes of the service', async () => {
    const another = await serve(await blog.startAnother(), blog)
    try {
      const address = newAddress()
      await openAll('/@Ann', address)
      await eventually(async () => {
        const origin = `http://127.0.0.1:${another.port}`
        expect((await open('/@Ann', address, {}, origin)).status).toBe(429)
      })
    } finally {
      await another.stop()
    }
  })
})

describe('the rate limit on pages without trusted proxies', () => {
  it('ignores X-Forwarded-For', async () => {
    const direct = await startPagesUnderTest({ BLOG_PAGES_PER_MINUTE: '3' })
    try {
      const statuses: number[] = []
      for (let n = 0; n < 10 && !statuses.includes(429); n++) {
        const headers = { 'x-forwarded-for': `198.51.100.${n}` }
        statuses.push((await fetch(`${direct.origin}/@Nobody`, { headers })).status)
      }
      expect(statuses.slice(0, 3)).toEqual([404, 404, 404])
      expect(statuses.at(-1)).toBe(429)
    } finally {
      await direct.stop()
    }
  })
})

describe('requests for more pages than are made at a time', () => {
  it('wait for their turn, and are refused with 503 and Retry-After beyond a bound', async () => {
    const log = createLog('test', 'silent')
    const ends: (() => void)[] = []
    const admission = {
      limit: createPageLimit({ perMinute: 0, share: async () => [], log }),
      turns: createPageTurns({ atMost: 50 }),
      trustedProxies: 0,
      client: 'http://localhost:4000',
    }
    const handlers = answerPages(admission, ({ response }) => ({
      weight: 1,
      viewerId: null,
      answer: async () => {
        await new Promise<void>((end) => ends.push(end))
        response.end('a page')
      },
    }))
    const routes = [{ path: '/m/', ...handlers }]
    const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, ready: async () => {}, log })
    try {
      const url = `http://127.0.0.1:${server.port}/m/`
      const responses = Array.from({ length: 6 }, () => fetch(url))
      const refused = await Promise.race(responses)
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).toBe('2')
      expect(await refused.text()).toContain('This page cannot be shown now.')
      expect(ends).toHaveLength(1)
      const done = Promise.all(responses)
      const ending = setInterval(() => ends.shift()?.(), 5)
      const statuses = (await done).map(({ status }) => status).sort()
      clearInterval(ending)
      expect(statuses).toEqual([200, 200, 200, 200, 200, 503])
    } finally {
      await server.stop()
    }
  })
})
