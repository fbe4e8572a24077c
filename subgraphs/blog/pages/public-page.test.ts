import { newId } from '../../../platform/ids.ts'
import { tokenOf } from '../../../testing/blog/fake-communication.ts'
import { type PagesUnderTest, startPagesUnderTest } from '../../../testing/blog/pages.ts'

let blog: PagesUnderTest
let owner: string

beforeAll(async () => {
  blog = await startPagesUnderTest()
})
afterAll(() => blog.stop())
beforeEach(() => {
  owner = newId()
})

const open = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${blog.address}${path}`, { redirect: 'manual', headers })
const read = async (path: string) => {
  const response = await open(path)
  expect(response.status).toBe(200)
  return response.text()
}

async function publishForAll() {
  const media = { PUBLIC: blog.media(owner), FRIENDS: blog.media(owner), ONLY_ME: blog.media(owner) }
  for (const [audience, mediaId] of Object.entries(media)) {
    await blog.publish(owner, { text: `for ${audience} & <all>`, audience, mediaIds: [mediaId] })
  }
  return media
}

describe('the public page', () => {
  it('shows only public posts, and has Open Graph tags for link previews', async () => {
    const media = await publishForAll()
    const text = await read(owner)
    expect(text.match(/for [A-Z_]+/g)).toEqual(expect.arrayContaining(['for PUBLIC']))
    expect(text).not.toMatch(/for (FRIENDS|ONLY_ME)/)
    expect(text).toContain(`<meta property="og:url" content="http://localhost:4000/@ann">`)
    expect(text).toContain('<link rel="canonical" href="http://localhost:4000/@ann">')
    expect(text).toContain('<meta property="og:description" content="for PUBLIC &amp; &lt;all&gt;">')
    expect(text).toContain(`content="http://localhost:4000/m/-/media/${media.PUBLIC}/poster"`)
    expect(text).toContain(`href="http://localhost:4000/m/${owner}/feed.xml"`)
    expect(text).not.toContain('noindex')
  })

  it('answers 404 if the owner does not exist', async () => {
    blog.communication.relate('null', owner, 'INVISIBLE')
    expect((await open(owner)).status).toBe(404)
    expect((await open(`${owner}/feed.xml`)).status).toBe(404)
  })
})

describe('a post with a content warning', () => {
  it('shows nothing but the warning in link previews and feeds', async () => {
    const image = blog.media(owner)
    blog.storage.describe(image, { kind: 'IMAGE', title: 'The murderer' })
    await blog.publish(owner, { text: 'It was the gardener', mediaIds: [image], contentWarning: 'Spoilers' })
    const feed = await read(`${owner}/feed.xml`)
    expect(feed).toContain('<title>Spoilers</title>')
    expect(feed).not.toMatch(/gardener|murderer|enclosure/)
    const [head = ''] = (await read(owner)).split('<body>')
    expect(head).not.toMatch(/gardener|og:image/)
  })

  it.each([
    ['VIDEO', 'video/mp4'],
    ['AUDIO', 'audio/mp4'],
    ['IMAGE', 'image/jpeg'],
  ])('has no media of kind %s in the feed, and is declared explicit', async (kind, mimeType) => {
    const [warned, plain] = [blog.media(owner), blog.media(owner)]
    for (const id of [warned, plain]) blog.storage.describe(id, { kind, mimeType, title: 'The murderer' })
    await blog.publish(owner, { text: 'Harmless', mediaIds: [plain] })
    expect(explicitIn(await read(`${owner}/feed.xml`))).toEqual(['false', 'false'])
    await blog.publish(owner, { text: '', mediaIds: [warned], contentWarning: 'Spoilers' })
    const feed = await read(`${owner}/feed.xml`)
    expect(feed).not.toContain(warned)
    expect(feed.match(/<enclosure /g)).toHaveLength(1)
    // The channel, the warned post, which is newer, and the other post.
    expect(explicitIn(feed)).toEqual(['true', 'true', 'false'])
  })
})

const explicitIn = (feed: string) =>
  [...feed.matchAll(/<itunes:explicit>(\w+)<\/itunes:explicit>/g)].map(([, value]) => value)

describe('the feed', () => {
  it('contains only public posts, with addresses that do not expire', async () => {
    const media = await publishForAll()
    const text = await read(`${owner}/feed.xml`)
    expect(text).toContain('<title>for PUBLIC &amp; &lt;all&gt;</title>')
    expect(text).not.toMatch(/FRIENDS|ONLY_ME/)
    expect(text).toContain(
      `<enclosure url="http://localhost:4000/m/-/media/${media.PUBLIC}/play.mp4" length="1234567" type="video/mp4"/>`,
    )
    expect(text).not.toContain('/v/')
    expect((await open(`${owner}/feed.xml`)).headers.get('content-type')).toBe(
      'application/rss+xml; charset=utf-8',
    )
  })

  it('contains more posts than a page, for readers that fetch it rarely', async () => {
    for (let index = 0; index < 14; index++) await blog.publish(owner, { text: `number ${index}` })
    expect((await read(`${owner}/feed.xml`)).match(/<item>/g)).toHaveLength(14)
    expect((await read(owner)).match(/<article /g)).toHaveLength(10)
  })

  it('ends before the post with which it would have more than 100,000 characters', async () => {
    for (let index = 0; index < 12; index++)
      await blog.publish(owner, { text: `${index} ${'x'.repeat(9_000)}` })
    const feed = await read(`${owner}/feed.xml`)
    expect([...feed.matchAll(/<title>(\d+) x/g)].map(([, index]) => Number(index))).toEqual([
      11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ])
  })

  it('contains no post that expires, and as many others as without them', async () => {
    await blog.publish(owner, { text: 'lasting' })
    for (let index = 0; index < 50; index++)
      await blog.publish(owner, { text: 'story', lifetimeSeconds: 3_600 })
    const feed = await read(`${owner}/feed.xml`)
    expect(feed.match(/<title>(lasting|story)<\/title>/g)).toEqual(['<title>lasting</title>'])
    expect(await read(owner)).toContain('story')
  })

  it.each([
    ['AUDIO', 'audio/mp4', 'm4a'],
    ['AUDIO', 'audio/mpeg', 'mp3'],
    ['IMAGE', 'image/jpeg', 'jpg'],
  ])(
    'gives the address of an enclosure of kind %s and type %s the extension of the file that is sent',
    async (kind, mimeType, extension) => {
      const mediaId = blog.media(owner)
      blog.storage.describe(mediaId, {
        kind,
        mimeType: 'video/x-odd',
        renditions: [{ role: 'PROGRESSIVE', mimeType, byteSize: 77 }],
      })
      await blog.publish(owner, { text: 'one', mediaIds: [mediaId] })
      const path = `-/media/${mediaId}/play.${extension}`
      expect(await read(`${owner}/feed.xml`)).toContain(
        `<enclosure url="http://localhost:4000/m/${path}" length="77" type="${mimeType}"/>`,
      )
      const response = await open(path)
      expect([response.status, response.headers.get('location')]).toEqual([
        302,
        `https://media.example/v/${tokenOf(mediaId)}/${mediaId}/progressive`,
      ])
    },
  )

  it('shortens texts without splitting an emoji, as the Open Graph tags do', async () => {
    const family = '👨‍👩‍👧‍👦'
    await blog.publish(owner, { text: family.repeat(60) })
    for (const path of [`${owner}/feed.xml`, owner]) {
      const text = await read(path)
      const cut =
        /(?:<title>|og:description" content=")((?:\u{1F468}|\u200D)[^<"]*)[<"]/u.exec(text)?.[1] ?? ''
      expect(cut.replaceAll(family, '')).toBe('…')
    }
  })

  it('is valid XML for any text of a post', async () => {
    await blog.publish(owner, { text: 'a\ufffe\uffff]]>&<\u{1f600}' })
    const text = await read(`${owner}/feed.xml`)
    expect(text).toContain('<description>a]]&amp;gt;&amp;amp;&amp;lt;\u{1f600}</description>')
  })
})

describe('a public response', () => {
  it.each(['', '/feed.xml'])(
    'must be revalidated by caches, and is sent again only after a change: <moblogId>%s',
    async (path) => {
      const kept = await blog.publish(owner, { text: 'stays' })
      const first = await open(`${owner}${path}`)
      const etag = first.headers.get('etag') ?? ''
      expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'public, no-cache'])
      expect(await first.text()).toContain('stays')
      const again = (known: string) => open(`${owner}${path}`, { 'if-none-match': known })
      for (const known of [etag, `"x", ${etag}`, etag.replace('W/', ''), '*']) {
        const same = await again(known)
        expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
      }
      expect((await again('"x"')).status).toBe(200)
      await narrow(kept)
      const changed = await again(etag)
      expect(changed.status).toBe(200)
      expect(await changed.text()).not.toContain('stays')
    },
  )
})

async function narrow(postId: string): Promise<void> {
  const query = 'mutation ($input: EditPostInput!) { editPost(input: $input) { __typename } }'
  const answer = await blog.ask(owner, query, { input: { postId, audience: 'FRIENDS' } })
  expect(answer).toEqual({ editPost: { __typename: 'EditPostPayload' } })
}

describe('the permanent address of a media file', () => {
  it('redirects to the current address of the file while everyone may play it', async () => {
    const media = await publishForAll()
    const play = await open(`-/media/${media.PUBLIC}/play`)
    expect((await open(`-/media/${media.PUBLIC}/play.mp4`)).status).toBe(302)
    const at = `https://media.example/v/${tokenOf(media.PUBLIC)}/${media.PUBLIC}`
    expect([play.status, play.headers.get('location')]).toEqual([302, `${at}/progressive`])
    expect((await open(`-/media/${media.PUBLIC}/poster`)).headers.get('location')).toBe(`${at}/poster`)
    for (const path of [media.FRIENDS, media.ONLY_ME, newId(), 'x'].map((id) => `-/media/${id}/play`)) {
      expect((await open(path)).status).toBe(404)
    }
    for (const path of [
      '-/',
      '-/media',
      `-/media/${media.PUBLIC}/original`,
      `-/media/${media.PUBLIC}/play/x`,
      `-/media/${media.PUBLIC}/play.`,
      `-/media/${media.PUBLIC}/play.mp4.exe`,
    ]) {
      expect((await open(path)).status).toBe(404)
    }
  })
})
