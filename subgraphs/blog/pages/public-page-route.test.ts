import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { newId } from '../../../platform/ids.ts'
import { tokenOf } from '../../../testing/blog/fake-communication.ts'
import { type PagesUnderTest, startPagesUnderTest } from '../../../testing/blog/pages.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'
import { hueOf } from './render-avatar.ts'

const BASE = 'http://localhost:4000'

let blog: PagesUnderTest
let owner: string
let handle: string
let users = 0

beforeAll(async () => {
  blog = await startPagesUnderTest()
})
afterAll(() => blog.stop())
beforeEach(() => {
  owner = newUser()
  handle = `Ann_${users}`
})

/** Creates a user with the handle `Ann_<number>`. */
function newUser(): string {
  const id = newId()
  users++
  blog.communication.name(id, `Ann_${users}`)
  return id
}

const open = (path: string, init: RequestInit = {}) =>
  fetch(`${blog.origin}${path}`, { redirect: 'manual', ...init })
const read = async (path: string) => {
  const response = await open(path)
  expect(response.status).toBe(200)
  return response.text()
}

const COMMENT = `mutation ($input: CommentOnPostInput!) {
  commentOnPost(input: $input) { ... on CommentOnPostPayload { comment { id } } ... on Failure { message } }
}`
async function comment(authorId: string, postId: string, text: string, replyToId?: string): Promise<string> {
  const input = { postId, text, ...(replyToId && { replyToId }) }
  const { commentOnPost } = await blog.ask<{ commentOnPost: { comment: { id: string } } }>(
    authorId,
    COMMENT,
    { input },
  )
  return commentOnPost.comment.id
}

const EDIT = 'mutation ($input: EditPostInput!) { editPost(input: $input) { __typename } }'
async function narrow(postId: string, audience: string): Promise<void> {
  const answer = await blog.ask(owner, EDIT, { input: { postId, audience } })
  expect(answer).toEqual({ editPost: { __typename: 'EditPostPayload' } })
}

/** The names of statements without those of background jobs, which Prisma numbers. */
const namesOf = (statements: readonly { name?: string }[]) =>
  statements.map(({ name = '' }) => name).filter((name) => !/^s\d+$/.test(name))

/** Everything in a response that a client can compare: the status, all headers and the body. */
async function completeResponse(path: string, init: RequestInit = {}): Promise<string> {
  const response = await open(path, init)
  const headers = [...response.headers].filter(([name]) => name !== 'x-request-id' && name !== 'date')
  return JSON.stringify([response.status, headers, await response.text()])
}

describe('the page of a handle', () => {
  it.each(['signed out', 'as a friend', 'as the owner'])(
    'shows only the public posts, opened %s',
    async (who) => {
      const friend = newId()
      blog.communication.befriend(owner, friend)
      const list = blog.communication.list(owner, [friend])
      for (const audience of ['PUBLIC', 'FRIENDS', 'ONLY_ME']) {
        await blog.publish(owner, { text: `for ${audience}`, audience })
      }
      for (const audience of ['ONLY_LIST', 'EXCEPT_LIST']) {
        await blog.publish(owner, { text: `for ${audience}`, audience, audienceListId: list })
      }
      const viewer = { 'signed out': null, 'as a friend': friend, 'as the owner': owner }[who] ?? null
      const now = Date.now() / 1000
      const claims = { aud: 'blog', moblog: owner, iat: now, exp: now + 300, ...(viewer && { sub: viewer }) }
      const token = await blog.host.keyrings.communication?.sign(claims, 'page+jwt')
      const response = await open(`/@${handle}`, {
        headers: viewer ? { authorization: `Bearer ${token}` } : {},
      })
      expect(new Set((await response.text()).match(/for [A-Z_]+/g))).toEqual(new Set(['for PUBLIC']))
    },
  )

  it('has a canonical address and Open Graph tags', async () => {
    const image = blog.media(owner)
    blog.storage.describe(image, { kind: 'IMAGE' })
    const postId = await blog.publish(owner, { text: 'By the <lake>', mediaIds: [image] })
    const page = await read(`/@${handle}`)
    expect(page).toContain(`<link rel="canonical" href="${BASE}/@${handle}">`)
    expect(page).toContain(`<meta property="og:url" content="${BASE}/@${handle}">`)
    expect(page).toContain('<meta property="og:type" content="website">')
    expect(page).toContain('<meta property="og:title" content="Ann &lt;3’s moblog">')
    expect(page).toContain('<meta property="og:description" content="By the &lt;lake&gt;">')
    expect(page).toContain(`<meta property="og:image" content="${BASE}/m/-/media/${image}/poster">`)
    expect(page).toContain(`<a href="@${handle}/${postId}">`)
    expect(page).not.toContain('noindex')
  })

  it('is found in any letter case and encoding of the handle, and names one canonical address', async () => {
    await blog.publish(owner)
    const encoded = [...handle].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')
    for (const path of [
      `/@${handle.toLowerCase()}`,
      `/@${handle.toUpperCase()}`,
      `/%40${handle}`,
      `/@${encoded}`,
      `/@${handle}/`,
    ]) {
      expect(await read(path)).toContain(`<link rel="canonical" href="${BASE}/@${handle}">`)
    }
  })

  it('loads its scripts from where they are, below any path of a proxy', async () => {
    const postId = await blog.publish(owner)
    for (const path of [`/@${handle}`, `/@${handle}/`, `/@${handle}/${postId}`, `/m/${owner}`]) {
      const source = /<script type="module" src="([^"]+)"/.exec(await read(path))?.[1] ?? ''
      const address = new URL(source, `https://example.org/moblog${path}`)
      expect(address.pathname).toMatch(/^\/moblog\/m\/-\/moblog\.[0-9a-f]+\.js$/)
      expect((await open(address.pathname.slice('/moblog'.length))).status).toBe(200)
    }
  })

  it('continues with older posts, and refuses malformed cursors', async () => {
    for (let index = 0; index < 12; index++) await blog.publish(owner, { text: `number ${index}.` })
    const first = await read(`/@${handle}`)
    const next = /href="(\?after=[^"]+)"/.exec(first)?.[1]
    const second = await read(`/@${handle}${next}`)
    expect(
      [first, second].flatMap((text) => text.match(/<p class="large narrow" dir="auto">number \d+/g)),
    ).toHaveLength(12)
    expect((await open(`/@${handle}?after=x`)).status).toBe(400)
  })

  it('shows the picture of the owner if everybody may see it, or else the initials', async () => {
    const picture = blog.media(owner)
    blog.storage.describe(picture, { kind: 'IMAGE' })
    blog.communication.avatars.set(owner, picture)
    const postId = await blog.publish(owner)
    for (const path of [`/@${handle}`, `/@${handle}/${postId}`]) {
      expect(await read(path)).toContain(
        `<span class="avatar hue${hueOf(owner)}" aria-hidden="true">A&lt;</span>`,
      )
    }
    await blog.publish(owner, { mediaIds: [picture] })
    for (const path of [`/@${handle}`, `/@${handle}/${postId}`]) {
      const at = `https://media.example/v/${tokenOf(picture)}/${picture}`
      expect(await read(path)).toContain(
        `<img class="avatar" src="${at}/poster" alt="" width="96" height="96">`,
      )
    }
  })
})

describe('the page of a post', () => {
  it('shows the post with its media and comments, and leads to the moblog', async () => {
    const video = blog.media(owner)
    const postId = await blog.publish(owner, { text: 'See https://a.example & <b>', mediaIds: [video] })
    const first = await comment(newId(), postId, '<i>nice</i> https://b.example')
    await comment(owner, postId, 'thanks', first)
    const page = await read(`/@${handle}/${postId}`)
    expect(page).toContain('<h1 class="narrow" dir="auto">A post by Ann &lt;3</h1>')
    expect(page).toContain(`<bdi>@${handle}</bdi>`)
    expect(page).toContain('<a href="https://a.example" rel="noopener noreferrer nofollow ugc">')
    expect(page).toContain(' &amp; &lt;b&gt;')
    expect(page).toContain(`https://media.example/v/${tokenOf(video)}/${video}/progressive`)
    expect(page).toContain('&lt;i&gt;nice&lt;/i&gt; <a href="https://b.example"')
    expect(page).toMatch(/thanks<\/p>\s*<p class="soft">Reply<\/p>/)
    expect(page).toContain('2 comments')
    expect(page).toContain(`<a class="button" href="../@${handle}">More of this moblog</a>`)
    expect(page).not.toMatch(/<(b|i)>|noindex/)
  })

  it('has the beginning of the post in its link preview', async () => {
    const image = blog.media(owner)
    blog.storage.describe(image, { kind: 'IMAGE' })
    const postId = await blog.publish(owner, { text: `"Quoted" ${'long '.repeat(100)}`, mediaIds: [image] })
    const page = await read(`/@${handle.toLowerCase()}/${postId.toUpperCase()}`)
    const address = `${BASE}/@${handle}/${postId}`
    expect(page).toContain(`<link rel="canonical" href="${address}">`)
    expect(page).toContain(`<meta property="og:url" content="${address}">`)
    expect(page).toContain('<meta property="og:type" content="article">')
    expect(page).toContain('<meta property="og:title" content="A post by Ann &lt;3">')
    expect(page).toMatch(/og:description" content="&quot;Quoted&quot; (long )+long…">/)
    expect(page).toContain(`<meta property="og:image" content="${BASE}/m/-/media/${image}/poster">`)
  })

  it('has only the content warning in its link preview', async () => {
    const image = blog.media(owner)
    blog.storage.describe(image, { kind: 'IMAGE', title: 'The murderer' })
    const input = { text: 'It was the gardener', mediaIds: [image], contentWarning: 'Spoilers & <more>' }
    const page = await read(`/@${handle}/${await blog.publish(owner, input)}`)
    const [head = '', body = ''] = page.split('<body>')
    expect(head).toContain('<meta property="og:description" content="Spoilers &amp; &lt;more&gt;">')
    expect(head).not.toMatch(/gardener|murderer|og:image/)
    expect(body.replace(/<details>[\s\S]*<\/details>/, '')).not.toMatch(/gardener|<img/)
  })

  it('shows ten comments at a time, oldest first', async () => {
    const postId = await blog.publish(owner)
    for (let index = 0; index < 12; index++) await comment(newId(), postId, `comment ${index}.`)
    const first = await read(`/@${handle}/${postId}`)
    const next = /href="(\?after=[^"]+)">More comments/.exec(first)?.[1]
    const second = await read(`/@${handle}/${postId}${next}`)
    expect([first, second].flatMap((text) => text.match(/comment \d+/g))).toEqual(
      Array.from({ length: 12 }, (_, index) => `comment ${index}`),
    )
    expect(second).toContain('First comments')
    expect((await open(`/@${handle}/${postId}?after=x`)).status).toBe(400)
  })

  it('leaves out comments of users who no longer exist', async () => {
    const postId = await blog.publish(owner)
    const gone = newId()
    await comment(gone, postId, 'from the past')
    blog.communication.relate('null', gone, 'INVISIBLE')
    expect(await read(`/@${handle}/${postId}`)).not.toContain('from the past')
  })

  it('leads to the client, as do the other public pages', async () => {
    const postId = await blog.publish(owner)
    const brand = `<a class="brand" href="${BASE}/" aria-label="Open Moblog">Moblog</a>`
    for (const path of [`/@${handle}`, `/@${handle}/${postId}`, `/m/${owner}`])
      expect(await read(path)).toContain(brand)
  })

  it('is in the language of the reader', async () => {
    const postId = await blog.publish(owner)
    const response = await open(`/@${handle}/${postId}`, { headers: { 'accept-language': 'zh-CN' } })
    expect(await response.text()).toContain('查看此博客的更多动态')
  })
})

describe('the picture of a link preview', () => {
  const rendition = (role: string, width: number, height: number) => ({
    role,
    mimeType: 'image/jpeg',
    byteSize: 9,
    width,
    height,
  })
  const picturesOf = async (path: string) =>
    Object.fromEntries(
      [...(await read(path)).matchAll(/<meta property="og:image(:?\w*)" content="([^"]*)">/g)].map(
        ([, name = '', value]) => [name, value],
      ),
    )
  const address = (mediaId: string) => `${BASE}/m/-/media/${mediaId}/poster`
  const publicAvatar = async () => {
    const picture = blog.media(owner)
    blog.storage.describe(picture, { kind: 'IMAGE', title: 'me.jpg', width: 4_000, height: 3_000 })
    blog.communication.avatars.set(owner, picture)
    await blog.publish(owner, { mediaIds: [picture] })
    return picture
  }

  it.each([
    ['IMAGE', 'image/jpeg', ['2048', '1536']],
    ['IMAGE', 'image/gif', ['320', '240']],
    ['VIDEO', 'video/mp4', ['320', '240']],
  ])('has the size and description of what is sent for kind %s and type %s', async (kind, mimeType, size) => {
    const mediaId = blog.media(owner)
    const renditions = [rendition('PROGRESSIVE', 2_048, 1_536), rendition('POSTER', 320, 240)]
    const altText = 'A <lake>'
    blog.storage.describe(mediaId, { kind, mimeType, altText, width: 4_000, height: 3_000, renditions })
    const postId = await blog.publish(owner, { mediaIds: [mediaId] })
    const [width, height] = size
    const picture = { '': address(mediaId), ':width': width, ':height': height, ':alt': 'A &lt;lake&gt;' }
    for (const path of [`/@${handle}`, `/@${handle}/${postId}`])
      expect(await picturesOf(path)).toEqual(picture)
  })

  it('is the avatar of the author if the post has no picture, or one that is not ready', async () => {
    const avatar = await publicAvatar()
    const failed = blog.media(owner)
    blog.storage.describe(failed, { kind: 'IMAGE', state: 'FAILED' })
    for (const input of [{}, { mediaIds: [failed] }, { contentWarning: 'Spoilers' }]) {
      const path = `/@${handle}/${await blog.publish(owner, input)}`
      expect(await picturesOf(path)).toEqual({ '': address(avatar), ':alt': 'Ann &lt;3' })
    }
  })

  it('is not an avatar that is private, not ready, or behind the warning of the post', async () => {
    const hidden = blog.media(owner)
    blog.storage.describe(hidden, { kind: 'IMAGE' })
    blog.communication.avatars.set(owner, hidden)
    await blog.publish(owner, { audience: 'FRIENDS', mediaIds: [hidden] })
    const postId = await blog.publish(owner)
    expect(await picturesOf(`/@${handle}/${postId}`)).toEqual({})
    expect(await picturesOf(`/@${handle}`)).toEqual({})
    const avatar = await publicAvatar()
    const warned = await blog.publish(owner, { mediaIds: [avatar], contentWarning: 'Spoilers' })
    expect(await picturesOf(`/@${handle}/${warned}`)).toEqual({})
    expect(await picturesOf(`/@${handle}/${postId}`)).toHaveProperty([''], address(avatar))
    blog.storage.describe(avatar, { kind: 'IMAGE', state: 'FAILED' })
    expect(await picturesOf(`/@${handle}/${postId}`)).toEqual({})
  })

  it('is not one of an animation of which there is no still picture', async () => {
    const mediaId = blog.media(owner)
    blog.storage.describe(mediaId, { kind: 'IMAGE', mimeType: 'image/gif' })
    blog.communication.unprepared.add(mediaId)
    const postId = await blog.publish(owner, { mediaIds: [mediaId] })
    expect((await open(`/m/-/media/${mediaId}/poster`)).status).toBe(404)
    expect(await picturesOf(`/@${handle}/${postId}`)).toEqual({})
  })
})

describe('a page for search engines', () => {
  const NOINDEX = '<meta name="robots" content="noindex">'

  it('is not for them while it shows a post that expires', async () => {
    const lasting = await blog.publish(owner)
    const expiring = await blog.publish(owner, { lifetimeSeconds: 3_600 })
    for (const path of [`/@${handle}`, `/m/${owner}`, `/@${handle}/${expiring}`])
      expect((await read(path)).split(NOINDEX)).toHaveLength(2)
    expect(await read(`/@${handle}/${lasting}`)).not.toContain('noindex')
    await blog.sql.query('UPDATE post SET expires_at = now() WHERE id = $1', [expiring])
    for (const path of [`/@${handle}`, `/m/${owner}`]) expect(await read(path)).not.toContain('noindex')
    expect((await open(`/@${handle}/${expiring}`)).status).toBe(404)
  })
})

describe('an address that shows nothing', () => {
  it('is a page that leads to the client in browsers, and JSON for programs that do not accept pages', async () => {
    await blog.publish(owner, { audience: 'FRIENDS' })
    const browser = { headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' } }
    const program = { headers: { accept: 'application/json' } }
    for (const path of ['/@nobody_has_this', `/@${handle}`, '/m/x']) {
      const page = await open(path, browser)
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await page.text()).toContain(`<a href="${BASE}/">Open Moblog</a>`)
      const json = await open(path, program)
      expect([json.status, json.headers.get('content-type')]).toEqual([
        page.status,
        'application/json; charset=utf-8',
      ])
      expect(json.headers.get('vary')).toContain('accept,')
      expect(await json.json()).toEqual({ message: expect.stringMatching(/^This (page|link) /) })
    }
  })

  it.each([
    {},
    { headers: { 'accept-language': 'zh' } },
    { headers: { accept: 'application/json' } },
    { method: 'HEAD' },
  ])('gets the same response for every reason: %p', async (init: RequestInit) => {
    const silent = newUser()
    const silentHandle = `Ann_${users}`
    await blog.publish(silent, { audience: 'FRIENDS' })
    const cursor = Buffer.from(
      JSON.stringify([`posts/${silent.slice(-12)}`, new Date().toISOString(), newId()]),
    ).toString('base64url')
    const deleted = newUser()
    const deletedHandle = `Ann_${users}`
    const deletedPost = await blog.publish(deleted)
    blog.communication.relate('null', deleted, 'INVISIBLE')
    newUser()
    const foreign = `Ann_${users}`
    const posts = await Promise.all(
      ['FRIENDS', 'ONLY_ME'].map((audience) => blog.publish(owner, { audience })),
    )
    const list = blog.communication.list(owner, [])
    const listed = await blog.publish(owner, { audience: 'EXCEPT_LIST', audienceListId: list })
    const narrowed = await blog.publish(owner)
    await narrow(narrowed, 'FRIENDS')
    const expired = await blog.publish(owner)
    const story = await blog.publish(owner, { lifetimeSeconds: 3_600 })
    await blog.sql.query('UPDATE post SET expires_at = now() WHERE id = ANY ($1)', [[expired, story]])
    const visible = await blog.publish(owner)
    const paths = [
      '/@nobody_has_this',
      '/@',
      '/@/',
      '/%40',
      `/@${silentHandle}`,
      `/@${silentHandle}?after=x`,
      `/@${silentHandle}?after=${cursor}`,
      `/@${deletedHandle}`,
      `/@${deletedHandle}/${deletedPost}`,
      ...[...posts, listed, narrowed, expired, story, newId(), 'x', '%', '%2F'].map(
        (id) => `/@${handle}/${id}`,
      ),
      `/@${handle}/${narrowed}?after=x`,
      `/@${foreign}/${visible}`,
      `/@nobody_has_this/${visible}`,
      `/@${handle}/${visible}/more`,
      `/@${handle}//${visible}`,
      `/@${handle}%2F${visible}`,
      `/@@${handle}`,
      `/@${handle}%00`,
      `/@${handle}%20`,
      '/@%',
      '/@%ff%fe',
      '/@"><script>alert(1)</script>',
      '/@%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
      `/@${'a'.repeat(8_000)}`,
      `/@${encodeURIComponent('ａｎｎ')}`,
      `/@${'/'.repeat(2_000)}`,
      `/@${handle}/${'%2e'.repeat(2_000)}`,
    ]
    const responses = new Map<string, string[]>()
    for (const path of paths) {
      const response = await completeResponse(path, init)
      responses.set(response, [...(responses.get(response) ?? []), path.slice(0, 80)])
    }
    expect([...responses.values()]).toHaveLength(1)
    const [only = ''] = responses.keys()
    expect(only).toMatch(/^\[404,.*no-store/)
    expect((await open(`/@${handle}/${visible}`)).status).toBe(200)
  })

  it('costs the same queries for a handle that nobody has and for one without public posts', async () => {
    await blog.publish(owner, { audience: 'FRIENDS' })
    const costOf = async (path: string) => {
      const before = blog.communication.relationshipQueries
      const statements = await statementsOf(() => open(path))
      return [namesOf(statements), blog.communication.relationshipQueries - before]
    }
    expect(await costOf('/@nobody_has_this')).toEqual(await costOf(`/@${handle}`))
    const hidden = await blog.publish(owner, { audience: 'FRIENDS' })
    expect(await costOf(`/@${handle}/${newId()}`)).toEqual(await costOf(`/@${handle}/${hidden}`))
  })

  it('is not reported as missing while communication does not answer', async () => {
    await blog.publish(owner)
    blog.communication.beforeHandles = () => {
      throw new Error('down')
    }
    const response = await open(`/@${handle}`)
    blog.communication.beforeHandles = () => {}
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect((await open(`/@${handle}`)).status).toBe(200)
  })

  it('refuses dot segments and other methods', async () => {
    const { port } = new URL(blog.origin)
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(`GET /@${handle}/../m/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await readText(socket)).toMatch(/^HTTP\/1.1 400 /)
    const post = await open(`/@${handle}`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('the response of a public address', () => {
  it('must be revalidated by caches, so that a narrowed post disappears from them', async () => {
    const postId = await blog.publish(owner, { text: 'stays' })
    await blog.publish(owner, { text: 'another' })
    const paths = [`/@${handle}`, `/@${handle}/${postId}`]
    const tags: string[] = []
    for (const path of paths) {
      const response = await open(path)
      const etag = response.headers.get('etag') ?? ''
      expect(response.headers.get('cache-control')).toBe('public, no-cache')
      expect(response.headers.get('vary')).toContain('accept-language')
      expect(await response.text()).toContain('stays')
      const same = await open(path, { headers: { 'if-none-match': etag } })
      expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
      const head = await open(path, { method: 'HEAD' })
      expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag])
      tags.push(etag)
    }
    await narrow(postId, 'FRIENDS')
    const after = await Promise.all(
      paths.map((path, index) => open(path, { headers: { 'if-none-match': tags[index] ?? '' } })),
    )
    expect(after.map(({ status }) => status)).toEqual([200, 404])
    expect(await after[0]?.text()).not.toContain('stays')
  })

  it('allows only its own scripts and styles, and media from the storage server', async () => {
    const postId = await blog.publish(owner, { mediaIds: [blog.media(owner)] })
    for (const path of [`/@${handle}`, `/@${handle}/${postId}`]) {
      const { headers } = await open(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';/)
      expect(policy).toContain('media-src https://media.example blob:;')
      expect(policy).not.toContain('unsafe')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('takes at most 14 KB for ten posts or ten comments, with the same number of statements as for one', async () => {
    const words = () => Array.from({ length: 60 }, () => Math.random().toString(36).slice(2, 8)).join(' ')
    const measure = async (path: string) => {
      const sizes: number[] = []
      const statements = await statementsOf(async () => {
        const response = await open(path, { headers: { 'accept-encoding': 'gzip' } })
        sizes.push(Number(response.headers.get('content-length')))
      })
      return { size: sizes[0] ?? 0, statements: namesOf(statements) }
    }
    const postId = await blog.publish(owner, { text: words(), mediaIds: [blog.media(owner)] })
    await comment(newId(), postId, words())
    const paths = [`/@${handle}`, `/@${handle}/${postId}`]
    const small = [await measure(paths[0] ?? ''), await measure(paths[1] ?? '')]
    for (let index = 0; index < 11; index++) {
      await blog.publish(owner, { text: words(), mediaIds: [blog.media(owner)] })
      await comment(newId(), postId, words())
    }
    for (const [index, before] of small.entries()) {
      const { size, statements } = await measure(paths[index] ?? '')
      expect(size).toBeGreaterThan(1_000)
      expect(size).toBeLessThan(14 * 1024)
      expect(statements).toEqual(before.statements)
    }
  })
})
