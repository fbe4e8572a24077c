import { once } from 'node:events'
import { get } from 'node:http'
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
  blog.storage.beforeAnswer = () => {}
})

async function addressFor(viewerId: string | null): Promise<string> {
  const now = Date.now() / 1000
  const claims = { aud: 'blog', moblog: owner, iat: now, exp: now + 300, ...(viewerId && { sub: viewerId }) }
  return `${blog.address}${await blog.host.keyrings.communication?.sign(claims, 'page+jwt')}`
}

async function show(viewerId: string | null, headers: Record<string, string> = {}) {
  const response = await fetch(await addressFor(viewerId), { headers })
  expect(response.status).toBe(200)
  return { text: await response.text(), headers: response.headers }
}

describe('the page of a moblog', () => {
  it('starts with the title of the moblog and the names of its owner', async () => {
    const { text } = await show(null)
    expect(text).toContain('<title>Ann &lt;3’s moblog</title>')
    expect(text).toContain('<bdi>@ann</bdi>')
    const query = 'mutation ($input: UpdateMoblogInput!) { updateMoblog(input: $input) { __typename } }'
    await blog.ask(owner, query, { input: { title: 'Walks', about: 'See https://a.example.' } })
    const named = await show(null)
    expect(named.text).toContain('<h1 class="narrow" dir="auto">Walks</h1>')
    expect(named.text).toContain('<a href="https://a.example" rel="noopener noreferrer nofollow ugc">')
  })

  it('leads from hashtags and mentions in posts to the web client, and from addresses to other sites', async () => {
    const [mentioned, viewer] = [newId(), newId()]
    blog.communication.name(mentioned, 'pia_page')
    await blog.publish(owner, { text: 'With @Pia_page & @nobody_page at #湖边 <https://a.example/?b=1&c>' })
    const { text } = await show(viewer)
    const client = 'http://localhost:4000/#'
    const rest =
      'at <a dir="auto" href="http://localhost:4000/#/tag/%E6%B9%96%E8%BE%B9">#湖边</a> &lt;<a href="https://a.example/?b=1&amp;c" rel="noopener noreferrer nofollow ugc">https://a.example/?b=1&amp;c</a>&gt;</p>'
    const link = `<a dir="auto" href="${client}/moblog/${mentioned}">@Pia_page</a>`
    expect(text).toContain(`With ${link} &amp; @nobody_page ${rest}`)
    expect((await show(null)).text).toContain(link)
    // A user with a block looks like a handle that nobody has.
    blog.communication.relate(viewer, mentioned, 'BLOCKED')
    const hidden = (await show(viewer)).text
    expect(hidden).toContain(`With @Pia_page &amp; @nobody_page ${rest}`)
    expect(hidden).not.toContain(mentioned)
  })

  it('plays media without scripts, and states their size before they load', async () => {
    const [video, audio, image] = [blog.media(owner), blog.media(owner), blog.media(owner)]
    blog.storage.describe(audio, { kind: 'AUDIO', width: null, height: null, title: '' })
    blog.storage.describe(image, { kind: 'IMAGE', title: 'A "view"' })
    await blog.publish(owner, { mediaIds: [video, audio, image] })
    const { text } = await show(null)
    const at = (id: string) => `https://media.example/v/${tokenOf(id)}/${id}`
    expect(text).toContain(
      `<video controls preload="none" playsinline aria-label="Clip" width="1280" height="720" poster="${at(video)}/poster" crossorigin>` +
        `<source src="${at(video)}/progressive" type="video/mp4"></video>`,
    )
    expect(text).toContain(`<moblog-player play="Play" stream="${at(video)}/stream/index.m3u8">`)
    expect(text).toContain(
      `<audio controls preload="none" aria-label="Audio" crossorigin><source src="${at(audio)}/progressive" type="audio/mp4"></audio>`,
    )
    expect(text).toContain(
      `<img src="${at(image)}/progressive" alt="A &quot;view&quot;" width="1280" height="720" loading="lazy" decoding="async">`,
    )
    expect(text).toContain(
      `<a class="button" href="${at(video)}/progressive?download" download="Clip" aria-label="Download: Clip">`,
    )
  })

  it('reads out what a media file shows, as its owner described it', async () => {
    const [video, image] = [blog.media(owner), blog.media(owner)]
    blog.storage.describe(video, { altText: 'A dog\nbarks' })
    blog.storage.describe(image, { kind: 'IMAGE', altText: 'The "sea"' })
    await blog.publish(owner, { mediaIds: [video, image] })
    const { text } = await show(null)
    expect(text).toContain('aria-label="A dog\nbarks"')
    expect(text).toContain('alt="The &quot;sea&quot;"')
  })

  it('offers the captions of a video', async () => {
    const video = blog.media(owner)
    blog.communication.captions.set(video, [{ language: 'en', label: 'English "CC"' }])
    await blog.publish(owner, { mediaIds: [video] })
    const { text } = await show(null)
    const url = `https://media.example/v/${tokenOf(video)}/${video}/captions/en`
    expect(text).toContain(
      `<track kind="captions" src="${url}" srclang="en" label="English &quot;CC&quot;"></video>`,
    )
  })

  it('hides the text and the media of a post behind its content warning', async () => {
    const mediaIds = [blog.media(owner)]
    await blog.publish(owner, { text: 'The end', mediaIds, contentWarning: 'Spoilers & <more>' })
    const { text } = await show(null)
    const [, warned = ''] = /<details>([\s\S]*?)<\/details>/.exec(text) ?? []
    expect(warned).toMatch(/<summary>.*<span dir="auto">Spoilers &amp; &lt;more&gt;<\/span>.*<\/summary>/)
    expect(warned).toContain('<p dir="auto">The end</p>')
    expect(warned).toContain('<video')
    expect(text.replace(warned, '')).not.toMatch(/The end|<video/)
  })

  it('shows media in their order, and several pictures side by side where the first one is', async () => {
    const [start, one, film, other] = [0, 1, 2, 3].map(() => blog.media(owner))
    for (const id of [one, other]) blog.storage.describe(id ?? '', { kind: 'IMAGE', mimeType: 'image/jpeg' })
    await blog.publish(owner, { mediaIds: [start, one, film, other] })
    const { text } = await show(null)
    const row = /<div class="row" role="group" tabindex="0" aria-label="2 pictures">(.*?)<\/div>/.exec(
      text,
    )?.[1]
    expect(row?.match(/<img /g)).toHaveLength(2)
    const [before, after] = text.split(row ?? 'none').map((part) => part.match(/<video/g)?.length)
    expect([before, after]).toEqual([1, 1])
  })

  it('shows a still of an animation to readers who prefer reduced motion, and panoramas that scroll', async () => {
    const [moving, wide, high] = [blog.media(owner), blog.media(owner), blog.media(owner)]
    blog.storage.describe(moving, { kind: 'IMAGE', mimeType: 'image/gif' })
    blog.storage.describe(wide, { kind: 'IMAGE', mimeType: 'image/jpeg', width: 16_000, height: 300 })
    blog.storage.describe(high, { kind: 'IMAGE', mimeType: 'image/jpeg', width: 300, height: 16_000 })
    await blog.publish(owner, { mediaIds: [moving, wide, high] })
    const { text } = await show(null)
    const at = (id: string) => `https://media.example/v/${tokenOf(id)}/${id}`
    expect(text).toContain(
      `<picture><source media="(prefers-reduced-motion: reduce)" srcset="${at(moving)}/poster"><img src="${at(moving)}/progressive"`,
    )
    expect(text).toContain(`<div class="wide" tabindex="0"><img src="${at(wide)}/progressive"`)
    expect(text).toContain(`<div class="high" tabindex="0"><img src="${at(high)}/progressive"`)
  })

  it('states why a media file is not shown', async () => {
    const [processing, streaming, failed] = [blog.media(owner), blog.media(owner), blog.media(owner)]
    for (const id of [processing, streaming]) blog.storage.describe(id, { state: 'PROCESSING' })
    for (const id of [processing, failed]) blog.communication.unprepared.add(id)
    blog.storage.describe(failed, { state: 'FAILED' })
    await blog.publish(owner, { mediaIds: [processing, streaming, failed] })
    const { text } = await show(null)
    expect(text.match(/This file is still being processed\./g)).toHaveLength(1)
    // A stream can be played while it grows.
    expect(text).toContain(`${streaming}/stream/index.m3u8`)
    expect(text).toContain('This file could not be processed.')
    blog.storage.beforeAnswer = () => {
      throw new Error('down')
    }
    await blog.publish(owner, { text: 'readable all the same', mediaIds: [blog.media(owner)] })
    const without = await show(null)
    expect(without.text).toContain('readable all the same')
    expect(without.text).toContain('This file cannot be shown now.')
    expect(without.text).not.toContain('media.example')
  })

  it.each(['PROCESSING', 'FAILED'] as const)(
    'plays the original of a media file whose state is %s',
    async (state) => {
      const id = blog.media(owner)
      blog.storage.describe(id, { state, kind: 'AUDIO', mimeType: 'audio/mpeg' })
      await blog.publish(owner, { mediaIds: [id] })
      const { text } = await show(null)
      // The markup gives no type: the browser learns it from the response.
      expect(text).toContain(
        `<source src="https://media.example/v/${tokenOf(id)}/${id}/progressive"></audio>`,
      )
    },
  )

  it('escapes all texts on the page, in its Open Graph tags and in the feed', async () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`
    const query = 'mutation ($input: UpdateMoblogInput!) { updateMoblog(input: $input) { __typename } }'
    await blog.ask(owner, query, { input: { title: evil, about: evil } })
    const media = [blog.media(owner), blog.media(owner), blog.media(owner)]
    for (const [index, kind] of (['VIDEO', 'AUDIO', 'IMAGE'] as const).entries()) {
      blog.storage.describe(media[index] ?? '', { kind, title: evil })
    }
    await blog.publish(owner, { text: `${evil} https://a.example/${evil}`, mediaIds: media })
    const addresses = [await addressFor(owner), `${blog.address}${owner}`, `${blog.address}${owner}/feed.xml`]
    for (const address of addresses) {
      const text = await (await fetch(address)).text()
      expect(text).toContain('alert(1)')
      expect(text).not.toMatch(/<script>|<img src=x|"'>/)
    }
  })

  it('offers the recorder only to the owner, and shows the owner the audience of each post', async () => {
    await blog.publish(owner, { audience: 'FRIENDS' })
    const { text } = await show(owner)
    expect(text).toContain('<moblog-recorder ')
    expect(text).toContain('Friends only')
    expect((await show(newId())).text).not.toContain('<moblog-recorder ')
  })

  it('has no link out of the app that has opened it with a token', async () => {
    expect((await show(null)).text).not.toContain('class="brand"')
  })

  it('is available in English and Chinese, and shows every text in its own direction', async () => {
    await blog.publish(owner, { text: 'שלום' })
    const { text } = await show(null, { 'accept-language': 'zh-CN' })
    expect(text).toContain('<html lang="zh-Hans" dir="ltr">')
    expect(text).toContain('Ann &lt;3 的博客')
    expect(text).toContain('unicode-bidi:plaintext')
    const refused = await fetch(`${await addressFor(null)}x`, { headers: { 'accept-language': 'zh' } })
    expect(await refused.text()).toContain('链接已失效')
  })

  it('allows only its own styles and scripts, and media from the storage server', async () => {
    await blog.publish(owner, { mediaIds: [blog.media(owner)] })
    const { text, headers } = await show(null)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain('media-src https://media.example blob:;')
    expect(policy).not.toContain('unsafe')
    expect(text).not.toMatch(/\son[a-z]+=|style="/)
    const [path] = /-\/moblog\.[0-9a-f]+\.js/.exec(text) ?? []
    const script = await fetch(`${blog.address}${path}`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(await script.text()).toContain("customElements.define('moblog-player'")
    // Loaded only by browsers that need it, and only to play.
    const [hls] = /-\/hls\.[0-9a-f]+\.js/.exec(text) ?? []
    expect((await fetch(`${blog.address}${hls}`)).status).toBe(200)
    expect(text).not.toContain(`src="${hls}"`)
  })

  it.each([
    ['br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', undefined],
  ])('with ten posts takes at most 14 KB if a client accepts the encodings %s', async (accepted, coding) => {
    const words = () => Array.from({ length: 60 }, () => Math.random().toString(36).slice(2, 8)).join(' ')
    for (let index = 0; index < 11; index++) {
      await blog.publish(owner, { text: words(), mediaIds: [blog.media(owner)] })
    }
    const request = get(await addressFor(null), { headers: { 'accept-encoding': accepted } })
    const [response] = await once(request, 'response')
    const chunks: Buffer[] = await response.toArray()
    const size = Buffer.concat(chunks).length
    expect(response.headers['content-encoding']).toBe(coding)
    expect(response.headers['content-length']).toBe(`${size}`)
    expect(response.headers.vary).toContain('accept-encoding')
    if (coding) expect(size).toBeLessThan(14 * 1024)
  })
})
