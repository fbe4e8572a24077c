import type { Browser, Page } from 'playwright-core'
import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, openOnPhone, startBrowser } from '../testing/product/browser.ts'
import { type MediaName, mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

// RFC 822 §5.1 with four-digit years, as RSS 2.0 requires.
const RFC_822 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

const SCRIPT = '<script>document.title = "broken"</script> & ]]>'

type Item = { [Name in string]?: string } & {
  enclosure: { url: string; length: string; type: string } | null
}
type Feed = {
  error: string | null
  root: string
  channel: Record<string, string>
  self: string
  items: Item[]
}

// A browser is the strictest XML parser that is available here.
const READ = `(text) => {
  const xml = new DOMParser().parseFromString(text, 'application/xml')
  const texts = (parent) => Object.fromEntries([...parent.children].map((each) => [each.nodeName, each.textContent]))
  const attributes = (each) => each && Object.fromEntries([...each.attributes].map(({ name, value }) => [name, value]))
  const channel = xml.querySelector('channel')
  return {
    error: xml.querySelector('parsererror')?.textContent ?? null,
    root: xml.documentElement.nodeName + ' ' + xml.documentElement.getAttribute('version'),
    channel: texts(channel),
    self: channel.getElementsByTagNameNS('http://www.w3.org/2005/Atom', 'link')[0]?.getAttribute('href'),
    items: [...channel.querySelectorAll('item')].map((item) => (
      { ...texts(item), enclosure: attributes(item.querySelector('enclosure')) }
    )),
  }
}`

describeInBrowser().each(MODES)('the feed of a moblog, %s', (mode) => {
  let product: Product
  let browser: Browser
  let page: Page
  let mei: Person
  let postIds: string[]

  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(mode), startBrowser()])
    ;[mei] = await signUpAll(product.url, ['Mei'])
    page = await openOnPhone(browser, `${product.addresses.blog}/m/${mei.id}`)
    const [clip, tone, photo] = [await ready('clip.mp4'), await ready('tone.mp3'), await ready('photo.jpg')]
    const texts = [
      { text: `${SCRIPT}\nSee https://example.com/a?b=1&c=2`, mediaIds: [clip] },
      { text: '', mediaIds: [photo, tone] },
      { text: '今天在湖边散步\u202e' },
      { text: 'for friends', audience: 'FRIENDS' as const },
    ]
    postIds = []
    for (const post of texts) postIds.unshift((await publish(mei, { audience: 'PUBLIC', ...post })).id)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  async function ready(name: MediaName): Promise<string> {
    const { id } = await uploadByTus(mei, await mediaFile(name))
    const stateOf = async () => (await mei.client.ask('media', { id })).media?.state
    await eventually(stateOf, (state) => state === 'READY', 60_000)
    return id
  }

  const address = () => `${product.addresses.blog}/m/${mei.id}/feed.xml`
  const read = async () =>
    page.evaluate<Feed>(`(${READ})(${JSON.stringify(await (await fetch(address())).text())})`)

  it('is valid RSS 2.0', async () => {
    const response = await fetch(address())
    expect(response.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
    const { error, root, channel, self, items } = await read()
    expect({ error, root, self }).toEqual({ error: null, root: 'rss 2.0', self: address() })
    expect(channel.title).toBe('Mei’s moblog')
    expect(channel.link).toBe(`${product.addresses.blog}/m/${mei.id}`)
    expect(channel.description).not.toBe('')
    expect(items.map(({ guid }) => guid)).toEqual(postIds.slice(1))
    for (const { title, link = '', pubDate, description } of items) {
      expect(title).not.toBe('')
      expect(new URL(link).pathname).toBe(`/m/${mei.id}`)
      expect(pubDate).toMatch(RFC_822)
      expect(description).toBeDefined()
    }
  })

  it('contains the text of a post as text, and its images and links as HTML', async () => {
    const { items } = await read()
    const [chinese, sounding, scripted] = items
    expect(chinese?.title).toBe('今天在湖边散步')
    expect(sounding?.description).toMatch(/^<p><img src="http[^"]+\/poster" alt="Picture"><\/p>$/)
    const shown = await page.evaluate<{ text: string; links: string[]; scripts: number }>(`(() => {
      const { body } = new DOMParser().parseFromString(${JSON.stringify(scripted?.description)}, 'text/html')
      return {
        text: body.textContent,
        links: [...body.querySelectorAll('a')].map(({ href }) => href),
        scripts: body.querySelectorAll('script').length,
      }
    })()`)
    expect(shown.text.startsWith(SCRIPT)).toBe(true)
    expect(shown).toMatchObject({ links: ['https://example.com/a?b=1&c=2'], scripts: 0 })
  })

  it('states the exact size of the file that an enclosure leads to', async () => {
    const enclosures = (await read()).items.flatMap(({ enclosure }) => enclosure ?? [])
    expect(enclosures.map(({ type }) => type)).toEqual(['audio/mp4', 'video/mp4'])
    for (const { url, length, type } of enclosures) {
      const response = await fetch(url)
      const bytes = await response.arrayBuffer()
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
      expect(bytes.byteLength).toBe(Number(length))
      expect(bytes.byteLength).toBeGreaterThan(0)
      // Podcast apps send HEAD first, and resume interrupted downloads.
      expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe(length)
      expect((await fetch(url, { headers: { range: 'bytes=10-19' } })).status).toBe(206)
    }
  })

  it('is not sent again while it is unchanged', async () => {
    const etag = (await fetch(address())).headers.get('etag') ?? ''
    expect((await fetch(address(), { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it('does not contain a post that is no longer public', async () => {
    const before = await read()
    const [postId = ''] = before.items.flatMap(({ guid, enclosure }) => (enclosure ? guid : []))
    const url = before.items.find(({ guid }) => guid === postId)?.enclosure?.url ?? ''
    const { editPost } = await mei.client.ask('edit-post', { input: { postId, audience: 'FRIENDS' } })
    expectMember(editPost, 'EditPostPayload')
    expect((await read()).items.map(({ guid }) => guid)).not.toContain(postId)
    expect((await fetch(url)).status).toBe(404)
  })
})
