import { randomUUID } from 'node:crypto'
import { newId } from '../../../platform/ids.ts'
import { type PagesUnderTest, serve, startPagesUnderTest } from '../../../testing/blog/pages.ts'
import { eventually } from '../../../testing/eventually.ts'

let blog: PagesUnderTest
let owner: string
let viewer: string

beforeAll(async () => {
  blog = await startPagesUnderTest()
})
afterAll(() => blog.stop())
beforeEach(() => {
  owner = newId()
  viewer = newId()
})

type Claims = {
  sid?: string
  aud?: string
  sub?: string | undefined
  moblog?: string
  iat?: number
  exp?: number
}

const session = newId()
const seconds = () => Date.now() / 1000

async function pageToken(claims: Claims = {}, issuer = 'communication', typ = 'page+jwt'): Promise<string> {
  const given = { aud: 'blog', sub: viewer, moblog: owner, iat: seconds(), exp: seconds() + 300, ...claims }
  const { sub, ...rest } = given
  return (await blog.host.keyrings[issuer]?.sign(sub ? { ...rest, sub } : rest, typ)) ?? ''
}

const fetchPage = (path: string, init?: RequestInit) => fetch(`${blog.address}${path}`, init)

async function revoke(revocations: object[]): Promise<void> {
  const { errors } = await blog.internal(
    'mutation ($input: RevokePageAccessInput!) { revokePageAccess(input: $input) }',
    { input: { revocations } },
  )
  expect(errors).toBeUndefined()
}

describe('the page of a moblog', () => {
  it('shows exactly the posts that the viewer of the token may see', async () => {
    for (const audience of ['PUBLIC', 'FRIENDS', 'ONLY_ME']) {
      await blog.publish(owner, { text: `for ${audience}`, audience })
    }
    blog.communication.befriend(owner, viewer)
    const shown = async (claims: Claims) => {
      const response = await fetchPage(await pageToken(claims))
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      return (await response.text()).match(/for [A-Z_]+/g)
    }
    expect(await shown({ sub: owner })).toEqual(['for ONLY_ME', 'for FRIENDS', 'for PUBLIC'])
    expect(await shown({})).toEqual(['for FRIENDS', 'for PUBLIC'])
    expect(await shown({ sub: newId() })).toEqual(['for PUBLIC'])
    expect(await shown({ sub: undefined })).toEqual(['for PUBLIC'])
    blog.communication.relate(viewer, owner, 'NONE')
    expect(await shown({})).toEqual(['for PUBLIC'])
  })

  it('accepts the token as Authorization: Bearer', async () => {
    const response = await fetchPage('', { headers: { authorization: `Bearer ${await pageToken()}` } })
    expect(response.status).toBe(200)
  })

  it('escapes the text of a post', async () => {
    await blog.publish(owner, { text: '<script>alert(1)</script> & "quoted"' })
    const text = await (await fetchPage(await pageToken())).text()
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;')
    expect(text).not.toContain('<script>alert')
  })

  it('links to the next page, and refuses malformed cursors', async () => {
    for (let index = 0; index < 12; index++) await blog.publish(owner, { text: `number ${index}.` })
    const token = await pageToken()
    const first = await (await fetchPage(token)).text()
    const next = /href="(\?after=[^"]+)"/.exec(first)?.[1]
    const second = await (await fetchPage(`${token}${next}`)).text()
    expect([first, second].flatMap((text) => text.match(/number \d+/g))).toEqual(
      Array.from({ length: 12 }, (_, index) => `number ${11 - index}`),
    )
    expect(second).not.toContain('?after=')
    expect((await fetchPage(`${token}?after=x`)).status).toBe(400)
  })

  it('is private: its headers forbid shared caches, the Referer header and foreign scripts', async () => {
    const { headers } = await fetchPage(await pageToken())
    expect(headers.get('cache-control')).toMatch(/private/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('answers HEAD without a body and refuses other methods', async () => {
    const token = await pageToken()
    const head = await fetchPage(token, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await fetchPage(token, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('a page token', () => {
  it('is refused with the same response if it is expired, forged, from another issuer or for another purpose', async () => {
    blog.communication.relate(viewer, owner, 'BLOCKED')
    const genuine = await pageToken({ sub: undefined })
    const hidden = newId()
    blog.communication.relate(viewer, hidden, 'INVISIBLE')
    const tokens = [
      '',
      'x',
      `${genuine.slice(0, -4)}AAAA`,
      await pageToken({ sub: undefined, exp: seconds() - 1 }),
      await pageToken({ sub: undefined, aud: 'storage' }),
      await pageToken({ sub: undefined }, 'communication', 'media+jwt'),
      await pageToken({ sub: undefined }, 'gateway'),
      await pageToken({ sub: undefined }, 'blog'),
      await pageToken({ sub: undefined, moblog: 'x' }),
      await pageToken(),
      await pageToken({ moblog: hidden }),
    ]
    const answers = await Promise.all(
      tokens.map(async (token) => {
        const response = await fetchPage(token)
        return [response.status, await response.text()]
      }),
    )
    expect(new Set(answers.map(([status, body]) => `${status} ${body}`)).size).toBe(1)
    expect(answers[0]?.[0]).toBe(403)
    expect((await fetchPage(genuine)).status).toBe(200)
  })

  const at = (ms: number) => ({ iat: ms / 1000 })

  it.each([
    ['this viewer and owner', () => ({ ownerId: owner, viewerId: viewer }), [403, 200, 200]],
    ['this owner', () => ({ ownerId: owner }), [403, 403, 200]],
    ['this viewer', () => ({ viewerId: viewer }), [403, 200, 403]],
    ['this session', () => ({ sessionId: session }), [403, 200, 200]],
    ['another session', () => ({ sessionId: newId() }), [200, 200, 200]],
    ['another viewer', () => ({ ownerId: owner, viewerId: randomUUID() }), [200, 200, 200]],
  ])('is refused only within the bounds of a revocation for %s', async (_whose, bound, statuses) => {
    const issued = Date.now() - 1_000
    const tokens = await Promise.all([
      pageToken({ ...at(issued), sid: session }),
      pageToken({ ...at(issued), sub: undefined }),
      pageToken({ ...at(issued), moblog: newId() }),
    ])
    const revocation = { ...bound(), issuedUntil: new Date(issued) }
    await revoke([revocation])
    // Late and repeated messages change nothing.
    await revoke([revocation, { ...revocation, issuedUntil: new Date(issued - 10_000) }])
    expect(await Promise.all(tokens.map(async (token) => (await fetchPage(token)).status))).toEqual(statuses)
    const later = await pageToken(at(issued + 1))
    expect((await fetchPage(later)).status).toBe(200)
  })

  it('is refused with 503 by a starting service until it has loaded the revocations that it missed', async () => {
    const token = await pageToken({ sid: session })
    let isReachable = false
    blog.communication.pendingRevocations = () => {
      if (!isReachable) throw new Error('communication is down')
      return [{ sessionId: session, issuedUntil: new Date() }]
    }
    const another = await blog.startAnother()
    const server = await serve(another, blog)
    const open = () => fetch(`http://127.0.0.1:${server.port}/m/${token}`)
    const early = await open()
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2'])
    await expect(another.ready()).rejects.toThrow()
    isReachable = true
    await eventually(() => another.ready(), 15_000)
    expect((await open()).status).toBe(403)
    await server.stop()
  })
})
