import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { createClient } from '../scripts/client/client.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PASSWORD = 'a long password'

const SEEN_POSTS = `{ feed { edges { node {
  text contentWarning audience audienceList { name } publishedAt expiresAt media { altText captions { language label } }
} } } }`
const seenPost = z.object({
  text: z.string(),
  contentWarning: z.string().nullable(),
  audience: z.string(),
  audienceList: z.object({ name: z.string() }).nullable(),
  publishedAt: z.string(),
  expiresAt: z.string().nullable(),
  media: z.array(
    z.object({
      altText: z.string().nullable(),
      captions: z.array(z.object({ language: z.string(), label: z.string() })).nullable(),
    }),
  ),
})
type SeenPost = z.infer<typeof seenPost>

type Violation = { id: string; nodes: { html: string }[] }

describeInBrowser()('the web client', () => {
  let product: Product
  let browser: Browser
  const complaints: string[] = []

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  /** Opens the client on a phone of its own, and collects everything that its console complains about. */
  async function openClient(locale = 'en-US'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale })
    const page = await context.newPage()
    page.on(
      'console',
      (message) =>
        message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
    )
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(new URL('/', product.url).href)
    return page
  }

  async function signUp(page: Page, handle: string, displayName: string): Promise<void> {
    await page.getByRole('button', { name: 'I am new here' }).click()
    await page.locator('input[name=handle]').fill(handle)
    await page.locator('input[name=displayName]').fill(displayName)
    await page.locator('input[name=password]').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
  }

  async function requestFriend(page: Page, handle: string): Promise<void> {
    await open(page, '#/discover')
    await page.getByRole('searchbox').fill(handle)
    await page.getByRole('link', { name: `@${handle}` }).click()
    await page.getByRole('button', { name: 'Add friend' }).click()
    await page.getByRole('button', { name: 'Withdraw request' }).waitFor()
  }

  /** The newest posts that the user of a page sees, as the API returns them. */
  async function postsOf(page: Page): Promise<SeenPost[]> {
    const token = await page.evaluate<string>(
      `JSON.parse(localStorage.getItem('moblog-session')).accessToken`,
    )
    const { data } = await createClient(product.url, token).query(SEEN_POSTS)
    return z
      .object({ feed: z.object({ edges: z.array(z.object({ node: seenPost })) }) })
      .parse(data)
      .feed.edges.map(({ node }) => node)
  }

  const open = (page: Page, address: string) => page.evaluate(`location.hash = ${JSON.stringify(address)}`)

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(AXE)
    const found = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)')
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)
  }

  it('lets two users become friends, share a post, comment and hear of it at once', async () => {
    const [mei, jun] = [await openClient(), await openClient()]
    await signUp(mei, 'mei_test', '林小梅')
    await signUp(jun, 'jun_test', 'Jun')

    await requestFriend(mei, 'jun_test')

    // Jun does nothing: the request arrives by itself.
    await jun.getByRole('link', { name: /Notifications, \d+ unread/ }).click()
    await jun.getByText('would like to be your friend.').waitFor()
    await open(jun, '#/friends')
    await jun.getByRole('button', { name: 'Accept: 林小梅' }).click()
    await jun.getByRole('link', { name: '林小梅 Online' }).waitFor()

    await open(mei, '#/write')
    await mei.getByRole('textbox').first().fill('今天在湖边散步')
    await mei.getByRole('button', { name: 'Publish' }).click()
    await mei.getByText('今天在湖边散步').waitFor()

    await open(jun, '#/')
    const shown = jun.locator('moblog-home-screen moblog-post-card').filter({ hasText: '今天在湖边散步' })
    await shown.getByRole('button', { name: 'Like' }).click()
    await shown.getByRole('button', { name: 'Like, 1 like' }).waitFor()
    await shown.getByRole('link', { name: '0 comments' }).click()
    await jun.getByLabel('Write a comment').fill('好美')
    await jun.getByRole('button', { name: 'Send' }).click()
    await jun.getByRole('listitem').filter({ hasText: '好美' }).waitFor()

    await open(mei, '#/inbox')
    await mei
      .getByRole('link', { name: /commented on your post/ })
      .filter({ hasText: '好美' })
      .click()
    await mei.getByRole('listitem').filter({ hasText: '好美' }).waitFor()
    await Promise.all([mei, jun].map((page) => page.context().close()))
  })

  it('publishes a photo and a film while they are uploaded, and a friend sees and plays them', async () => {
    const [eva, kim] = [await openClient(), await openClient()]
    await signUp(eva, 'eva_test', 'Eva')
    await signUp(kim, 'kim_test', 'Kim')
    await requestFriend(eva, 'kim_test')
    await open(kim, '#/friends')
    await kim.getByRole('button', { name: 'Accept: Eva' }).click()

    await open(eva, '#/write')
    await eva.getByRole('textbox').first().fill('Down by the lake')
    const [photo, clip] = await Promise.all([mediaFile('photo.jpg'), mediaFile('clip.mp4')])
    const chosen = [photo, clip].map(({ name, mimeType, bytes }) => ({ name, mimeType, buffer: bytes }))
    await eva.locator('input[type=file]').first().setInputFiles(chosen)
    await eva.getByRole('button', { name: 'Publish' }).click()
    await open(eva, '#/')
    await eva.getByText('Down by the lake').waitFor()
    expect(await eva.getByText('was not published').count()).toBe(0)
    await open(eva, '#/write')
    expect(await eva.getByRole('textbox').first().inputValue()).toBe('')

    const shown = kim.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'Down by the lake' })
    await open(kim, '#/')
    await eventually(async () => {
      await kim.reload()
      await shown.waitFor({ timeout: 5_000 })
      return true
    }, 20_000)
    const image = shown.getByRole('img', { name: 'Photo' })
    await eventually(() => image.evaluate('(picture) => picture.naturalWidth > 0'), 60_000)
    await shown.getByRole('button', { name: 'Play' }).first().click({ timeout: 60_000 })
    await eventually(
      () => shown.locator('video').evaluate('(film) => film.getVideoPlaybackQuality().totalVideoFrames'),
      60_000,
    )
    await Promise.all([eva, kim].map((page) => page.context().close()))
  })

  it('shows a post for an audience list, which disappears, to the friends in the list only', async () => {
    const [mia, ben, lou] = [await openClient(), await openClient(), await openClient()]
    await signUp(mia, 'mia_test', 'Mia')
    for (const [page, handle, name] of [
      [ben, 'ben_test', 'Ben'],
      [lou, 'lou_test', 'Lou'],
    ] as const) {
      await signUp(page, handle, name)
      await requestFriend(mia, handle)
      await open(page, '#/friends')
      await page.getByRole('button', { name: 'Accept: Mia' }).click()
      await page.getByRole('link', { name: /^Mia/ }).waitFor()
    }

    // The composer leads to the lists, and keeps what was written.
    await open(mia, '#/write')
    await mia.getByRole('textbox', { name: 'Text of the post' }).fill('Surprise party on Saturday')
    await mia.getByRole('radio', { name: 'Only a list' }).check()
    expect(await mia.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true)
    await mia.getByRole('link', { name: 'Make a list' }).click()
    await mia.getByLabel('New list').fill('Close friends')
    await mia.getByRole('button', { name: 'Create' }).click()
    await mia.getByRole('searchbox', { name: 'Search your friends' }).fill('be')
    await mia.getByRole('button', { name: 'Add Ben to the list' }).click()
    await mia.getByRole('heading', { name: 'In this list (1)' }).waitFor()
    await mia.getByRole('textbox', { name: 'Name' }).fill('Party')
    await mia.getByRole('button', { name: 'Save' }).click()
    await mia.getByText('The list has its new name.').waitFor()
    expect(await violations(mia)).toEqual([])

    await open(mia, '#/lists')
    await mia.getByRole('link', { name: 'Party 1 member' }).waitFor()
    await mia.getByLabel('New list').fill('Party')
    await mia.getByRole('button', { name: 'Create' }).click()
    await mia.getByRole('alert').filter({ hasText: 'You have another list with this name.' }).waitFor()

    await open(mia, '#/write')
    expect(await mia.getByRole('textbox', { name: 'Text of the post' }).inputValue()).toBe(
      'Surprise party on Saturday',
    )
    await mia.getByRole('combobox', { name: 'List' }).selectOption({ label: 'Party' })
    await mia.getByRole('combobox', { name: 'Disappears' }).selectOption({ label: 'After 24 hours' })
    await mia.getByRole('textbox', { name: 'Content warning' }).fill('a secret')
    expect(await violations(mia)).toEqual([])
    await mia.getByRole('button', { name: 'Publish' }).click()
    const cards = (page: Page) => page.locator('moblog-home-screen moblog-post-card')
    await cards(mia).first().getByRole('button', { name: 'Like' }).waitFor()

    const [published] = await postsOf(mia)
    expect(published).toMatchObject({
      audience: 'ONLY_LIST',
      audienceList: { name: 'Party' },
      contentWarning: 'a secret',
    })
    const lifetimeMs = Date.parse(published?.expiresAt ?? '') - Date.parse(published?.publishedAt ?? '')
    expect(Math.round(lifetimeMs / 60_000)).toBe(24 * 60)
    await eventually(
      () => postsOf(ben),
      ([post]) => post?.text === 'Surprise party on Saturday',
    )
    expect(await postsOf(ben)).toMatchObject([{ audience: 'FRIENDS', audienceList: null }])
    expect(await postsOf(lou)).toEqual([])
    await Promise.all([mia, ben, lou].map((page) => page.context().close()))
  })

  it('keeps descriptions and captions with the draft, and sends them with the post when the connection is back', async () => {
    const page = await openClient()
    await signUp(page, 'ivy_test', 'Ivy')
    await open(page, '#/write')
    const { name, mimeType, bytes } = await mediaFile('clip.mp4')
    await page
      .locator('input[type=file]')
      .last()
      .setInputFiles([{ name, mimeType, buffer: bytes }])
    await page.getByRole('textbox', { name: /^Description/ }).fill('A colour bar with a beep')
    await page.getByLabel(`Add captions: ${name}`).setInputFiles([
      {
        name: 'clip.de.vtt',
        mimeType: 'text/vtt',
        buffer: Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nEin Piepton\n'),
      },
    ])
    await page.getByRole('list', { name: `Captions of ${name}` }).waitFor()
    await page.getByText('Uploaded', { exact: true }).waitFor()
    await page.reload()
    await page.getByRole('list', { name: `Captions of ${name}` }).waitFor()
    expect(await violations(page)).toEqual([])
    await open(page, '#/')
    await page.getByRole('link', { name: 'Find friends' }).waitFor()
    await open(page, '#/write')

    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.locator('moblog-home-screen').getByText('Waiting to be sent').waitFor()
    await page.context().setOffline(false)
    const [post] = await eventually(
      () => postsOf(page),
      ([each]) => each !== undefined,
      30_000,
    )
    expect(post?.media).toMatchObject([
      { altText: 'A colour bar with a beep', captions: [{ language: 'de', label: 'Deutsch' }] },
    ])
    await page.context().close()
  })

  it('speaks the language that the user chooses, and keeps it', async () => {
    const page = await openClient('zh-CN')
    await page.getByRole('button', { name: '登录' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    await page.context().close()
  })

  it('is readable without a connection, and sends what was written when it is back', async () => {
    const page = await openClient()
    await signUp(page, 'ada_test', 'Ada')
    await open(page, '#/write')
    await page.getByRole('textbox').first().fill('Before the tunnel')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Like' }).waitFor()

    await page.context().setOffline(true)
    await open(page, '#/write')
    await page.getByRole('textbox').first().fill('In the tunnel')
    await page.getByRole('button', { name: 'Publish' }).click()
    const waiting = page.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'In the tunnel' })
    await waiting.getByText('Waiting to be sent').waitFor()
    await page.getByText('Before the tunnel').waitFor()

    await page.context().setOffline(false)
    await waiting.getByRole('button', { name: 'Like' }).waitFor({ timeout: 30_000 })
    expect(await waiting.count()).toBe(1)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('has no accessibility problems in %s colours', async (colorScheme) => {
    const page = await openClient()
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    await signUp(page, `axe_${colorScheme}`, 'Axe')
    const screens = ['', 'discover', 'inbox', 'friends', 'me', 'write', 'settings', 'settings/profile']
    for (const name of [...screens, 'lists', 'settings/sessions', 'settings/storage', 'settings/blocked']) {
      await open(page, `#/${name}`)
      await page.waitForTimeout(300)
      // `waitForFunction` of Playwright evaluates text in the page, which the Content-Security-Policy forbids.
      await eventually(() =>
        page.evaluate(
          `!document.querySelector('moblog-shell').shadowRoot.querySelector('main :not(:defined)')`,
        ),
      )
      expect([name, await violations(page)]).toEqual([name, []])
    }
    await page.context().close()
  })

  it('has logged no error in the console', () => {
    // Some tests are offline on purpose.
    const unexpected = complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))
    expect(unexpected).toEqual([])
  })
})
