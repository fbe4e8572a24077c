import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import type { Browser, Locator, Page, Response, Route } from 'playwright-core'
import { z } from 'zod'
import { readOperation } from '../schema/read-operation.ts'
import { createClient } from '../scripts/client/client.ts'
import { publish as publishFor } from '../scripts/client/moblogs.ts'
import type { Person } from '../scripts/client/people.ts'
import { befriend, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { sizeOf, watchLoadedFiles } from '../testing/product/loaded-files.ts'
import { madeFile, mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn, sessionOf } from '../testing/product/signed-in.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PASSWORD = 'a long password'

// What web/README.md promises: 80 KB, compressed as the server sends it.
const FIRST_LOAD_BYTES = 80_000
const isHls = (name: string) => name.includes('hls')

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

/** Shares a photo as another app or page does. */
const SHARE_A_PHOTO = `(() => {
  const form = document.createElement('form')
  Object.assign(form, { action: 'share', method: 'post', enctype: 'multipart/form-data' })
  const text = Object.assign(document.createElement('input'), { name: 'text', value: 'from afar' })
  const media = Object.assign(document.createElement('input'), { name: 'media', type: 'file' })
  const files = new DataTransfer()
  files.items.add(new File(['not really a photo'], 'beach.jpg', { type: 'image/jpeg' }))
  media.files = files.files
  form.append(text, media)
  document.body.append(form)
  form.submit()
})()`

/** Counts what each database of the browser holds. */
const KEPT = `(async () => {
  const request = (work) => new Promise((resolve, reject) => {
    work.onsuccess = () => resolve(work.result)
    work.onerror = () => reject(work.error)
  })
  const counts = {}
  for (const { name } of await indexedDB.databases()) {
    const database = await request(indexedDB.open(name))
    counts[name] = 0
    for (const store of database.objectStoreNames)
      counts[name] += await request(database.transaction(store).objectStore(store).count())
    database.close()
  }
  return counts
})()`
const kept = (page: Page) => page.evaluate<Record<string, number>>(KEPT)

/** Everything that the cache of the client has kept in the browser, as text. */
const KEPT_ROWS = `(async () => {
  const request = (work) => new Promise((resolve, reject) => {
    work.onsuccess = () => resolve(work.result)
    work.onerror = () => reject(work.error)
  })
  const databases = await indexedDB.databases()
  const { name } = databases.find((each) => each.name.startsWith('moblog-cache-'))
  const database = await request(indexedDB.open(name))
  const rows = await request(database.transaction('entries').objectStore('entries').getAll())
  database.close()
  return JSON.stringify(rows)
})()`
const keptRows = (page: Page) => page.evaluate<string>(KEPT_ROWS)

/** The addresses of all pictures that the service worker keeps. */
const KEPT_PICTURES = `(async () => {
  const names = (await caches.keys()).filter((name) => !name.startsWith('moblog-client-'))
  const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
  return lists.flat().map(({ url }) => url)
})()`

// The parts of elements that these tests read; the types of a page are not known here.
type Film = { getVideoPlaybackQuality(): { totalVideoFrames: number } }
type Placed = { getScreenCTM(): { a: number } }
type Sizes = { scrollWidth: number; clientWidth: number; clientHeight: number; offsetHeight: number }
type Labelled = { textContent: string }
type Matchable = { matches(selector: string): boolean }
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

  /** Waits until a moblog is among the newest ones. A job adds those that have new posts. */
  async function untilListed({ id, client }: Person): Promise<void> {
    await eventually(async () => {
      const { newestMoblogs } = await client.ask('newest-moblogs', {})
      return newestMoblogs.edges.some(({ node }) => node.id === id)
    })
  }

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
    await page.getByRole('button', { name: 'Add friend', exact: true }).click()
    await page.getByRole('button', { name: 'Withdraw request' }).waitFor()
  }

  /** Lets two new users become friends. */
  async function signUpFriends(names: readonly [string, string]): Promise<[Page, Page]> {
    const [one, other] = names.map((name) => ({ name, handle: `${name.toLowerCase()}_test` }))
    if (!one || !other) throw new Error('two names are needed')
    const [asking, accepting] = await Promise.all([openClient(), openClient()])
    await signUp(asking, one.handle, one.name)
    await signUp(accepting, other.handle, other.name)
    await requestFriend(asking, other.handle)
    await open(accepting, '#/friends')
    await accepting.getByRole('button', { name: `Accept: ${one.name}` }).click()
    await accepting.getByRole('link', { name: `${one.name} Online` }).waitFor()
    return [asking, accepting]
  }

  async function publish(page: Page, text: string): Promise<void> {
    await open(page, '#/write')
    await page.getByRole('textbox', { name: 'Text of the post' }).fill(text)
    await page.getByRole('button', { name: 'Publish' }).click()
    await cardWith(page, text).getByRole('button', { name: 'Like' }).waitFor()
  }

  /** Publishes a post as another program of the same user would, such as an app for phones. */
  async function publishElsewhere(page: Page, input: Record<string, unknown>): Promise<void> {
    const token = await page.evaluate<string>(
      `JSON.parse(localStorage.getItem('moblog-session')).accessToken`,
    )
    const response = await fetch(new URL('/graphql', product.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: readOperation('publish-post'), variables: { input } }),
    })
    expect(await response.json()).toMatchObject({ data: { publishPost: { post: { text: input.text } } } })
  }

  /** The next answer of the API to an operation. */
  const answerTo = (page: Page, operation: string): Promise<Response> =>
    page.waitForResponse((response) => response.request().postData()?.includes(operation) === true)

  /** The card of a post on the start page. */
  const cardWith = (page: Page, text: string) =>
    page.locator('moblog-home-screen moblog-post-card').filter({ hasText: text })

  /** Opens the menu of a post or a moblog, and chooses. */
  async function choose(page: Page, menu: Locator, name: string): Promise<void> {
    await menu.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('dialog').getByRole('button', { name }).click()
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

  it('loads at most 80 KB before a post and its player are shown, and hls.js only to play a stream', async () => {
    const [author, reader] = await signUpAll(product.url, ['Rosa', 'Finn'])
    await befriend(author, reader)
    const { id } = await uploadByTus(author, await mediaFile('clip.mp4'))
    await publishFor(author, { text: 'A clip', mediaIds: [id] })
    await eventually(
      async () => (await author.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
    // A service worker loads all files, but only after the start. The browser plays no streams by itself.
    const context = await browser.newContext({ locale: 'en-US', serviceWorkers: 'block' })
    await context.addInitScript(`HTMLMediaElement.prototype.canPlayType = () => ''`)
    await keepSignedIn(context, reader)
    const page = await context.newPage()
    const loaded = watchLoadedFiles(page)
    await page.goto(new URL('/', product.url).href)
    const play = page.locator('moblog-player').getByRole('button', { name: /^Play/ }).first()
    await play.waitFor()
    const first = await loaded.soFar()
    const names = first.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['/', expect.stringContaining('moblog-player')]))
    expect(names.filter(isHls)).toEqual([])
    expect(sizeOf(first)).toBeLessThanOrEqual(FIRST_LOAD_BYTES)

    await play.click()
    await eventually(async () => (await loaded.soFar()).some(({ name }) => isHls(name)), 20_000)
    await context.close()
  })

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
    await mei.getByRole('textbox', { name: 'Text of the post' }).fill('今天在湖边散步')
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

  it('adds friends from the search, which leaves the viewer out', async () => {
    const [ezra, otis] = [await openClient(), await openClient()]
    await signUp(ezra, 'finder_ezra', 'Ezra')
    await signUp(otis, 'finder_otis', 'Otis')
    const found = (page: Page) => page.locator('moblog-discover-screen moblog-person-row')
    await open(ezra, '#/discover')
    await ezra.getByRole('searchbox').fill('finder_')
    await ezra.getByRole('button', { name: 'Add friend: Otis' }).click()
    const sent = ezra.getByRole('button', { name: 'Requested: Otis' })
    await sent.click()
    await ezra.getByRole('dialog').getByRole('button', { name: 'Withdraw request' }).click()
    await ezra.getByRole('button', { name: 'Add friend: Otis' }).click()
    await sent.waitFor()
    expect(await found(ezra).count()).toBe(1)
    expect(await ezra.getByRole('status').filter({ hasText: 'result' }).textContent()).toMatch(/^1 result/)
    expect(await violations(ezra)).toEqual([])

    await open(otis, '#/discover')
    await otis.getByRole('searchbox').fill('finder_')
    await otis.getByRole('button', { name: 'Accept: Ezra' }).click()
    for (const page of [ezra, otis]) await found(page).getByText('Friends').waitFor()
    await Promise.all([ezra, otis].map((page) => page.context().close()))
  })

  it('publishes a photo and a film while they are uploaded, and a friend sees and plays them', async () => {
    const [eva, kim] = [await openClient(), await openClient()]
    await signUp(eva, 'eva_test', 'Eva')
    await signUp(kim, 'kim_test', 'Kim')
    await requestFriend(eva, 'kim_test')
    await open(kim, '#/friends')
    await kim.getByRole('button', { name: 'Accept: Eva' }).click()

    await open(eva, '#/write')
    await eva.getByRole('textbox', { name: 'Text of the post' }).fill('Down by the lake')
    const [photo, clip] = await Promise.all([mediaFile('photo.jpg'), mediaFile('clip.mp4')])
    const chosen = [photo, clip].map(({ name, mimeType, bytes }) => ({ name, mimeType, buffer: bytes }))
    await eva.locator('input[type=file]').first().setInputFiles(chosen)
    await eva.getByRole('button', { name: 'Publish' }).click()
    await open(eva, '#/')
    await eva.getByText('Down by the lake').waitFor()
    expect(await eva.getByText('was not published').count()).toBe(0)
    await open(eva, '#/write')
    expect(await eva.getByRole('textbox', { name: 'Text of the post' }).inputValue()).toBe('')

    const shown = kim.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'Down by the lake' })
    await open(kim, '#/')
    await eventually(async () => {
      await kim.reload()
      await shown.waitFor({ timeout: 5_000 })
      return true
    }, 20_000)
    const image = shown.getByRole('img', { name: 'Photo' })
    await eventually(
      () => image.evaluate((picture: { naturalWidth: number }) => picture.naturalWidth > 0),
      60_000,
    )
    await shown.getByRole('button', { name: 'Play' }).first().click({ timeout: 60_000 })
    await eventually(
      () => shown.locator('video').evaluate((film: Film) => film.getVideoPlaybackQuality().totalVideoFrames),
      60_000,
    )
    await kim.context().close()

    await open(eva, '#/settings/storage')
    const files = eva.locator('moblog-stored-media')
    await files.getByText('photo.jpg').waitFor()
    expect(await files.getByText('In one post').count()).toBe(2)
    expect(await violations(eva)).toEqual([])
    await files.getByRole('button', { name: 'Delete: clip.mp4' }).click()
    await eva
      .getByRole('dialog', { name: 'Delete “clip.mp4”?' })
      .getByText('It will be missing in one post')
      .waitFor()
    await eva.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await files.getByText('clip.mp4').waitFor({ state: 'hidden' })
    expect(await files.getByText('photo.jpg').count()).toBe(1)

    const token = await eva.evaluate<string>(`JSON.parse(localStorage.getItem('moblog-session')).accessToken`)
    const user = createClient(product.url, token)
    const { viewer } = await user.ask('media-library', {})
    const avatarMediaId = viewer?.mediaLibrary?.edges[0]?.node.id ?? ''
    await user.ask('update-profile', { input: { avatarMediaId } })
    await eva.reload()
    await files.getByText('In one post · Profile picture').waitFor()
    await eva.context().close()
  })

  it('lets a new user upload a profile picture without a post, also if the app is closed meanwhile', async () => {
    const page = await openClient()
    await signUp(page, 'pic_test', 'Pic')
    await open(page, '#/settings/profile')
    const part = page.locator('moblog-profile-part')
    const field = part.locator('input[type=file]')
    const choose = ({ name, mimeType, bytes }: Awaited<ReturnType<typeof mediaFile>>) =>
      field.setInputFiles([{ name, mimeType, buffer: bytes }])
    await part.getByText('Upload a picture').waitFor()
    await choose(await mediaFile('clip.mp4'))
    await page.getByText('This is not a picture.').waitFor()
    await choose({ ...(await mediaFile('photo.jpg')), bytes: Buffer.from('not a picture') })
    await part.getByRole('alert').waitFor()
    expect(await violations(page)).toEqual([])
    await part.getByRole('button', { name: 'Cancel' }).click()
    await part.getByRole('alert').waitFor({ state: 'detached' })

    const isPatch = (route: Route) => route.request().method() === 'PATCH'
    await page.route('**', (route) =>
      isPatch(route) ? route.abort('internetdisconnected') : route.fallback(),
    )
    await choose(await mediaFile('photo.jpg'))
    await part.locator('.upload').waitFor()
    await eventually(
      () => kept(page),
      // The upload and its file.
      (counts) => counts['moblog-uploads'] === 2,
    )
    await page.unroute('**')
    await page.reload()
    await part.locator('moblog-avatar img').waitFor({ timeout: 30_000 })
    await part.getByRole('button', { pressed: true }).waitFor()
    expect(await violations(page)).toEqual([])
    expect(await kept(page)).toMatchObject({ 'moblog-uploads': 0 })
    await part.getByRole('button', { name: 'Remove picture' }).click()
    await part.locator('moblog-avatar img').waitFor({ state: 'detached' })
    await part.getByRole('button', { name: 'Picture 1' }).click()
    await part.locator('moblog-avatar img').waitFor()
    await page.context().close()
  })

  it('shows replies, likes of comments, who likes a post and who has viewed it', async () => {
    const [nora, tom] = await signUpFriends(['Nora', 'Tom'])
    await publish(nora, 'Rain over the harbour')
    await open(tom, '#/')
    await eventually(async () => {
      await tom.reload()
      await cardWith(tom, 'Rain over the harbour').waitFor({ timeout: 5_000 })
      return true
    }, 20_000)
    await cardWith(tom, 'Rain over the harbour').getByRole('link', { name: '0 comments' }).click()
    await tom.getByLabel('Write a comment').fill('What a sky')
    await tom.getByRole('button', { name: 'Send' }).click()
    await tom.locator('moblog-comment').getByRole('button', { name: 'Reply to Tom' }).waitFor()
    await tom.getByRole('button', { name: 'Like', exact: true }).click()

    await open(nora, '#/inbox')
    await nora.getByRole('link', { name: /commented on your post/ }).click()
    const comment = nora.locator('moblog-comment').filter({ hasText: 'What a sky' })
    await comment.getByRole('button', { name: 'Like the comment of Tom' }).click()
    await comment.getByRole('button', { name: 'Like the comment of Tom, 1 like' }).waitFor()
    await comment.getByRole('button', { name: 'Reply to Tom' }).click()
    await nora.getByText('Replying to Tom').waitFor()
    await nora.getByLabel('Write a reply').fill('It was')
    await nora.getByRole('button', { name: 'Send' }).click()
    const reply = (page: Page) => page.locator('.replies moblog-comment').filter({ hasText: 'It was' })
    await reply(nora).getByRole('button', { name: 'Reply to Nora' }).waitFor()
    for (const name of ['Reply to Tom', 'Delete the comment of Tom']) {
      const target = await comment.getByRole('button', { name }).boundingBox()
      expect(Math.min(target?.width ?? 0, target?.height ?? 0)).toBeGreaterThanOrEqual(44)
    }
    expect(await violations(nora)).toEqual([])

    await tom.reload()
    await reply(tom).waitFor()
    await tom.getByRole('button', { name: 'Like the comment of Tom, 1 like' }).waitFor()
    await reply(tom).getByRole('button', { name: 'Reply to Nora' }).click()
    await tom.getByLabel('Write a reply').fill('Next time with me')
    await tom.getByRole('button', { name: 'Send' }).click()
    await tom.locator('.replies moblog-comment').nth(1).getByText('Next time with me').waitFor()

    await eventually(async () => {
      await nora.reload()
      await nora.getByRole('button', { name: '1 view' }).waitFor({ timeout: 5_000 })
      return true
    }, 30_000)
    for (const [button, title] of [
      ['1 view', 'Viewed by'],
      ['1 like', 'Liked by'],
    ] as const) {
      await nora.locator('moblog-post-screen').getByRole('button', { name: button, exact: true }).click()
      const sheet = nora.getByRole('dialog', { name: title })
      await sheet.getByRole('link', { name: 'Tom' }).waitFor()
      expect(await violations(nora)).toEqual([])
      await sheet.getByRole('button', { name: 'Close' }).click()
    }
    await open(nora, '#/me')
    const inList = nora.locator('moblog-moblog-screen moblog-post-card').filter({ hasText: 'Rain over' })
    await inList.getByRole('button', { name: '1 view', exact: true }).click()
    await nora.getByRole('dialog', { name: 'Viewed by' }).getByRole('link', { name: 'Tom' }).waitFor()
    expect(await nora.evaluate('location.hash')).toBe('#/me')
    await nora.goBack()
    await nora.getByRole('dialog', { name: 'Viewed by' }).waitFor({ state: 'detached' })
    expect(await nora.evaluate('location.hash')).toBe('#/me')
    await Promise.all([nora, tom].map((page) => page.context().close()))
  })

  it('covers a post with a content warning, hides a post, and mutes its author', async () => {
    const [ida, sam] = await signUpFriends(['Ida', 'Sam'])
    await publish(sam, 'Something of my own')
    await publishElsewhere(ida, {
      text: 'A very large spider',
      contentWarning: 'Spiders',
      lifetimeSeconds: 86_400,
    })
    // Sam does nothing: the notification arrives by itself, and nothing moves until Sam wants it.
    await sam.getByRole('button', { name: '1 new post' }).click()
    const card = cardWith(sam, 'Spiders')
    await card.getByText('disappears in 24 hr.').waitFor()
    expect(await card.getByText('A very large spider').count()).toBe(0)
    await card.getByRole('button', { name: 'Show' }).click()
    await card.getByText('A very large spider').waitFor()

    await choose(sam, card, 'Hide post')
    const notice = sam.locator('moblog-home-screen').getByText('You have hidden this post.')
    await notice.waitFor()
    await sam.getByRole('button', { name: 'Show again' }).click()
    await Promise.all([answerTo(sam, 'HidePost'), choose(sam, card, 'Hide post')])
    await notice.waitFor()
    await sam.reload()
    await cardWith(sam, 'Something of my own').waitFor()
    await eventually(async () => (await notice.count()) === 0 && (await card.count()) === 0, 20_000)

    await sam.getByRole('list', { name: 'Moblogs of friends' }).getByRole('link', { name: 'Ida' }).click()
    await choose(sam, sam.locator('moblog-moblog-screen .top'), 'Mute Ida')
    await sam.getByText('Muted: not in your feeds').waitFor()
    await open(sam, '#/settings/muted')
    await sam.getByRole('button', { name: 'Unmute: Ida' }).click()
    await sam.getByText('Nobody is muted').waitFor()
    await open(sam, '#/settings/hidden')
    await sam.getByRole('link', { name: 'Spiders' }).waitFor()
    expect(await violations(sam)).toEqual([])
    await sam.getByRole('button', { name: 'Show again: Spiders' }).click()
    await sam.getByText('No post is hidden').waitFor()

    await open(sam, '#/settings')
    expect(await sam.getByText('Appearance', { exact: true }).count()).toBe(1)
    const receipts = sam.getByRole('switch', { name: 'Read receipts' })
    await Promise.all([answerTo(sam, 'UpdateReadReceipts'), receipts.click()])
    await sam.reload()
    await eventually(async () => (await receipts.isEnabled()) && !(await receipts.isChecked()), 5_000)
    await Promise.all([ida, sam].map((page) => page.context().close()))
  })

  it('suggests whom to mention, tells them, and leads from hashtags, mentions and links', async () => {
    const [lea, max] = await signUpFriends(['Lea', 'Max'])
    await open(lea, '#/write')
    const field = lea.getByRole('textbox', { name: 'Text of the post' })
    const suggestion = lea.getByRole('option', { name: 'Max @max_test' })
    await field.pressSequentially('Picnic with @')
    await suggestion.waitFor()
    expect(await violations(lea)).toEqual([])
    await field.press('Escape')
    await suggestion.waitFor({ state: 'detached' })
    await field.press('Backspace')
    await field.pressSequentially('@M')
    await suggestion.and(lea.locator('[aria-selected=true]')).waitFor()
    await field.press('ArrowDown')
    await field.press('Enter')
    await field.pressSequentially('by the #Lake_湖 https://map.example/lake')
    expect(await field.inputValue()).toBe('Picnic with @max_test by the #Lake_湖 https://map.example/lake')
    await lea.getByRole('button', { name: 'Publish' }).click()

    // Max hears of the mention, not of the post, and his feed offers the post all the same.
    await max.getByRole('link', { name: 'Home', exact: true }).click()
    await cardWith(max, 'Picnic')
      .or(max.getByRole('button', { name: '1 new post' }))
      .first()
      .waitFor()
    await open(max, '#/inbox')
    await max.getByRole('link', { name: /Lea mentioned you in a post: Picnic with/ }).click()
    const shown = max.locator('moblog-post-screen moblog-post-card')
    const link = shown.getByRole('link', { name: 'https://map.example/lake' })
    await link.waitFor()
    const attributes = ['href', 'target', 'rel'].map((name) => link.getAttribute(name))
    expect(await Promise.all(attributes)).toEqual([
      'https://map.example/lake',
      '_blank',
      'noopener noreferrer nofollow',
    ])
    expect(await shown.locator('.text').textContent()).toBe(
      'Picnic with @max_test by the #Lake_湖 https://map.example/lake',
    )
    expect(await violations(max)).toEqual([])
    await shown.getByRole('link', { name: '@max_test' }).click()
    await max.locator('moblog-moblog-screen').getByRole('heading', { name: 'Max' }).first().waitFor()

    const tagged = (page: Page) => page.locator('moblog-tag-screen moblog-post-card')
    await cardWith(lea, 'Picnic').getByRole('link', { name: '#Lake_湖' }).click()
    await lea.getByRole('heading', { name: '#Lake_湖' }).waitFor()
    await tagged(lea).filter({ hasText: 'Picnic' }).waitFor()
    expect(await lea.title()).toBe('#Lake_湖 · Moblog')
    expect(await violations(lea)).toEqual([])

    await open(max, '#/discover')
    await max.getByRole('searchbox').fill('#lake_湖')
    await max.getByRole('link', { name: '#lake_湖 Posts with this hashtag' }).waitFor()
    expect(await violations(max)).toEqual([])
    await max.getByRole('searchbox').press('Enter')
    await tagged(max).filter({ hasText: 'Picnic' }).waitFor()
    await open(max, '#/tag/nobody_has_used_this')
    await max.getByText('No posts yet').waitFor()
    expect(await violations(max)).toEqual([])
    await Promise.all([lea, max].map((page) => page.context().close()))
  })

  it('suggests whom to mention while a post is edited, and tells them', async () => {
    const [ana, otto] = await signUpFriends(['Ana', 'Otto'])
    await publish(ana, 'Boats in the bay')
    await choose(ana, cardWith(ana, 'Boats in the bay'), 'Edit post')
    const field = ana.locator('moblog-edit-form').getByRole('textbox', { name: 'Text of the post' })
    await field.press('ControlOrMeta+End')
    await field.pressSequentially(' with @O')
    await ana.getByRole('option', { name: 'Otto @otto_test' }).waitFor()
    expect(await violations(ana)).toEqual([])
    await field.press('Enter')
    await field.press('ControlOrMeta+z')
    expect(await field.inputValue()).toBe('Boats in the bay with @O')
    await field.press('ControlOrMeta+Shift+z')
    expect(await field.inputValue()).toBe('Boats in the bay with @otto_test ')
    await ana.getByRole('button', { name: 'Save' }).click()
    await cardWith(ana, 'Boats in the bay').getByRole('link', { name: '@otto_test' }).waitFor()
    await open(otto, '#/inbox')
    await otto.getByRole('link', { name: /Ana mentioned you in a post: Boats in the bay/ }).waitFor()
    await Promise.all([ana, otto].map((page) => page.context().close()))
  })

  /** Opens the form in which the author of a post with a photo changes it. */
  async function editForm(author: Person, postId: string) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US' })
    await keepSignedIn(context, author)
    const page = await context.newPage()
    await page.goto(new URL(`/#/edit/${postId}`, product.url).href)
    return {
      page,
      text: page.getByRole('textbox', { name: 'Text of the post' }),
      description: page.getByRole('textbox', { name: 'Description for users who cannot see or hear it' }),
      save: page.getByRole('button', { name: 'Save' }),
    }
  }

  it('corrects the description of a photo in a published post, which is not marked as edited', async () => {
    const [una, vic] = await signUpAll(product.url, ['Una', 'Vic'])
    await befriend(una, vic)
    const { id } = await uploadByTus(una, await mediaFile('photo.jpg'))
    await una.client.ask('update-media', { input: { mediaId: id, altText: 'A goat' } })
    const post = await publishFor(una, { text: 'At the pier', mediaIds: [id] })
    const { page, text, description: field, save } = await editForm(una, post.id)
    await eventually(async () => (await field.inputValue()) === 'A goat')
    await field.fill('A boat')
    await page.reload()
    await page.getByText('These changes are not saved yet.').waitFor()
    expect(await field.inputValue()).toBe('A boat')
    expect(await violations(page)).toEqual([])
    await field.fill('B'.repeat(1_501))
    expect(await save.isDisabled()).toBe(true)
    await field.fill('A boat ')
    await save.click()
    await page.getByRole('button', { name: 'Show larger: A boat' }).waitFor()
    const card = page.locator('moblog-post-screen moblog-post-card')
    expect(await card.getByText('edited').count()).toBe(0)
    expect((await vic.client.ask('media', { id })).media?.altText).toBe('A boat')

    await open(page, `#/edit/${post.id}`)
    await field.fill('')
    await text.fill('At the old pier')
    await page.context().setOffline(true)
    await save.click()
    await page.getByText('There is no connection, so this change was not saved.').waitFor()
    expect([await text.inputValue(), await field.inputValue()]).toEqual(['At the old pier', ''])
    await page.context().setOffline(false)
    await save.click()
    await card.getByText('At the old pier').waitFor()
    await card.getByText('edited').waitFor()
    expect((await vic.client.ask('media', { id })).media?.altText).toBeNull()
    await page.context().close()
  })

  it('saves a description without a conflict when the text was changed on another device meanwhile', async () => {
    const [ute] = await signUpAll(product.url, ['Ute'])
    const { id } = await uploadByTus(ute, await mediaFile('photo.jpg'))
    const post = await publishFor(ute, { text: 'At the pier', mediaIds: [id] })
    const { page, description, save } = await editForm(ute, post.id)
    await description.fill('A boat')
    await ute.client.ask('edit-post', { input: { postId: post.id, text: 'At the harbour' } })
    await save.click()
    const card = page.locator('moblog-post-screen moblog-post-card')
    await card.getByText('At the harbour').waitFor()
    await page.getByRole('button', { name: 'Show larger: A boat' }).waitFor()
    await page.context().close()
  })

  it('saves the changes of a post when a photo that they describe is deleted meanwhile, and asks for it no more', async () => {
    const [uma] = await signUpAll(product.url, ['Uma'])
    const { id } = await uploadByTus(uma, await mediaFile('photo.jpg'))
    const post = await publishFor(uma, { text: 'At the pier', mediaIds: [id] })
    const { page, text, description, save } = await editForm(uma, post.id)
    await description.fill('A boat')
    await text.fill('At the old pier')
    await uma.client.ask('delete-media', { input: { mediaId: id } })
    await save.click()
    const card = page.locator('moblog-post-screen moblog-post-card')
    await card.getByText('At the old pier').waitFor()

    await open(page, `#/edit/${post.id}`)
    await eventually(
      () => text.inputValue(),
      (shown) => shown === 'At the old pier',
    )
    await eventually(
      () => description.count(),
      (count) => count === 0,
    )
    await page.context().close()
  })

  it('replaces the description of a photo from another device only after the user has confirmed it', async () => {
    const [wim] = await signUpAll(product.url, ['Wim'])
    const { id } = await uploadByTus(wim, await mediaFile('photo.jpg'))
    const describe = (altText: string) => wim.client.ask('update-media', { input: { mediaId: id, altText } })
    const described = async () => (await wim.client.ask('media', { id })).media?.altText
    await describe('  A goat')
    const post = await publishFor(wim, { text: 'At the pier', mediaIds: [id] })
    const { page, text, description: field, save } = await editForm(wim, post.id)
    const notSaved = page.getByText('These changes are not saved yet.')
    // The spaces before a description are no change of the user.
    await text.fill('At the old pier')
    await text.fill('At the pier')
    await page.reload()
    await text.waitFor()
    expect(await notSaved.count()).toBe(0)

    await field.fill('A boat')
    await text.fill('At my pier')
    await describe('A ship')
    await wim.client.ask('edit-post', { input: { postId: post.id, text: 'At the harbour' } })
    await save.click()
    await page.getByText('changed on another device').waitFor()
    expect(await described()).toBe('A ship')
    await save.click()
    await page.getByRole('button', { name: 'Show larger: A boat' }).waitFor()
    expect(await described()).toBe('A boat')
    await page.context().close()
  })

  it('shows no expired post without a connection, and deletes it from the device', async () => {
    const [amy, leo] = await signUpFriends(['Amy', 'Leo'])
    await eventually(() => leo.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    await publishElsewhere(amy, { text: 'Lunch is ready', lifetimeSeconds: 3_600 })
    await publishElsewhere(amy, { text: 'Lunch was good' })
    await open(leo, '#/')
    await eventually(async () => {
      await leo.reload()
      await cardWith(leo, 'Lunch is ready').waitFor({ timeout: 5_000 })
      return true
    }, 20_000)
    await open(leo, '#/inbox')
    await leo.getByText('Lunch is ready').waitFor()
    await eventually(
      () => keptRows(leo),
      (rows) => rows.includes('Lunch is ready') && rows.includes(String.raw`notifications({\"first\":20`),
    )

    await leo.context().setOffline(true)
    await leo.clock.setFixedTime(Date.now() + 2 * 3_600_000)
    await leo.reload()
    await leo.getByText('Lunch was good').waitFor()
    expect(await leo.getByText('Lunch is ready').count()).toBe(0)
    const rows = await keptRows(leo)
    expect(rows).toContain('Lunch was good')
    expect(rows).not.toContain('Lunch is ready')
    await Promise.all([amy, leo].map((page) => page.context().close()))
  })

  it('keeps no pictures of posts that have expired, were deleted or lost, and none after signing out', async () => {
    const [sol, uma] = await signUpAll(product.url, ['Sol', 'Uma'])
    await befriend(sol, uma)
    const ids = await Promise.all(
      ['red', 'green', 'blue'].map(async (colour) => {
        const recipe = ['-f', 'lavfi', '-i', `color=${colour}:size=320x240`, '-frames:v', '1']
        return (await uploadByTus(sol, await madeFile(`${colour}.jpg`, 'image/jpeg', recipe))).id
      }),
    )
    const [red = '', green = '', blue = ''] = ids
    await publishFor(sol, { text: 'Red', mediaIds: [red], lifetimeSeconds: 3_600 })
    const deleted = await publishFor(sol, { text: 'Green', mediaIds: [green] })
    await publishFor(sol, { text: 'Blue', mediaIds: [blue] })
    const states = () =>
      Promise.all(ids.map(async (id) => (await sol.client.ask('media', { id })).media?.state ?? ''))
    await eventually(states, (all) => all.every((state) => state === 'READY'), 60_000)

    const context = await browser.newContext({ viewport: { width: 390, height: 2_400 }, locale: 'en-US' })
    const page = await context.newPage()
    await page.goto(new URL('/', product.url).href)
    await page.evaluate(`localStorage.setItem('moblog-session', ${JSON.stringify(sessionOf(uma))})`)
    await page.reload()
    await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    await page.reload()
    /** Which of the pictures this device keeps. */
    const pictures = async () => {
      const urls = await page.evaluate<string[]>(KEPT_PICTURES)
      return ids.filter((id) => urls.some((url) => url.includes(id)))
    }
    const keeps = (...expected: string[]) =>
      eventually(pictures, (found) => JSON.stringify(found) === JSON.stringify(expected), 20_000)
    await keeps(red, green, blue)

    await sol.client.ask('delete-post', { input: { postId: deleted.id } })
    await page.reload()
    await keeps(red, blue)

    await eventually(
      () => keptRows(page),
      (rows) => rows.includes('Red') && rows.includes('Blue'),
    )
    await context.setOffline(true)
    await page.clock.setFixedTime(Date.now() + 2 * 3_600_000)
    await page.reload()
    await keeps(blue)
    await context.setOffline(false)
    await page.clock.setFixedTime(Date.now())

    await sol.client.ask('unfriend', { input: { userId: uma.id } })
    await page.reload()
    await keeps()

    await befriend(sol, uma)
    await page.reload()
    await keeps(red, blue)
    await open(page, '#/settings')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate<string[]>(KEPT_PICTURES)).toEqual([])
    expect(Object.values(await kept(page)).filter((count) => count > 0)).toEqual([])
    expect(await page.evaluate('[...Object.keys(localStorage), ...Object.keys(sessionStorage)]')).toEqual([])
    await context.close()
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
    const player = page.locator('moblog-home-screen moblog-player')
    await player.getByRole('button', { name: /^Play/ }).first().click({ timeout: 60_000 })
    await player
      .getByRole('combobox', { name: 'Captions' })
      .selectOption({ label: 'Deutsch' }, { timeout: 60_000 })
    await player.getByText('Ein Piepton').waitFor()
    await page.context().close()
  })

  it('speaks the language that the user chooses, and keeps it', async () => {
    const page = await openClient('zh-CN')
    await page.locator('input[name=handle]').fill('nobody_here')
    await page.locator('input[name=password]').fill(PASSWORD)
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByRole('alert').filter({ hasText: '用户名或密码不正确' }).waitFor()
    await page.getByRole('button', { name: '我是新用户' }).click()
    await page.locator('input[name=handle]').fill('1st')
    await page.locator('input[name=displayName]').fill('一')
    await page.locator('input[name=password]').fill('short')
    await page.getByRole('button', { name: '创建账号' }).click()
    await page.getByRole('alert').filter({ hasText: '以字母开头' }).waitFor()
    await page.getByRole('alert').filter({ hasText: '密码须为 8 到 256 个字符' }).waitFor()
    await page.getByRole('button', { name: '我已有账号' }).click()
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
    await page.getByRole('textbox', { name: 'Text of the post' }).fill('Before the tunnel')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Like' }).waitFor()

    await page.context().setOffline(true)
    await open(page, '#/write')
    await page.getByRole('textbox', { name: 'Text of the post' }).fill('In the tunnel')
    await page.getByRole('button', { name: 'Publish' }).click()
    const waiting = page.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'In the tunnel' })
    await waiting.getByText('Waiting to be sent').waitFor()
    await page.getByText('Before the tunnel').waitFor()

    await page.context().setOffline(false)
    await waiting.getByRole('button', { name: 'Like' }).waitFor({ timeout: 30_000 })
    expect(await waiting.count()).toBe(1)
    await page.context().close()
  })

  it('uploads what was shared after a tap only, and keeps nothing on the device after signing out', async () => {
    const page = await openClient()
    await signUp(page, 'zoe_test', 'Zoe')
    await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    await page.evaluate(SHARE_A_PHOTO)
    await page.getByText('from afar').waitFor()
    expect(await kept(page)).toMatchObject({ 'moblog-shared': 1, 'moblog-uploads': 0 })
    await page.getByRole('button', { name: 'Add to the post' }).click()
    await eventually(
      () => kept(page),
      (found) => found['moblog-shared'] === 0,
    )
    expect(await page.getByRole('textbox', { name: 'Text of the post' }).inputValue()).toBe('from afar')
    expect((await kept(page))['moblog-uploads']).toBeGreaterThan(0)

    await open(page, '#/settings')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(Object.values(await kept(page)).filter((count) => count > 0)).toEqual([])
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([])
    await page.context().close()
  })

  it('says that what was shared could not be kept, with and without a service worker', async () => {
    const page = await openClient()
    await signUp(page, 'zara_test', 'Zara')
    await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    const [worker] = page.context().serviceWorkers()
    await worker?.evaluate(`IDBObjectStore.prototype.put = () => {
      throw new DOMException('the disk is full', 'QuotaExceededError')
    }`)
    const said = page.getByText('What another app has shared did not arrive')
    await page.evaluate(SHARE_A_PHOTO)
    await said.waitFor()
    expect(new URL(page.url()).hash).toBe('#/write')
    await page.reload()
    await page.getByRole('textbox', { name: 'Text of the post' }).waitFor()
    expect(await said.count()).toBe(0)
    await page.evaluate('navigator.serviceWorker.ready.then((registration) => registration.unregister())')
    const answered = page.waitForResponse((response) => response.url().endsWith('/share'))
    await page.evaluate(SHARE_A_PHOTO)
    expect((await answered).status()).toBe(303)
    await said.waitFor()
    expect((await kept(page))['moblog-shared']).toBe(0)
    await page.context().close()
  })

  it('asks the browser once to keep what exists only on this device', async () => {
    const page = await openClient()
    await page.addInitScript(`navigator.storage.persisted = async () => false
      navigator.storage.persist = async () => {
        sessionStorage.setItem('asked', Number(sessionStorage.getItem('asked')) + 1)
        return false
      }`)
    await signUp(page, 'zed_test', 'Zed')
    const asked = () => page.evaluate<string | null>(`sessionStorage.getItem('asked')`)
    await page.reload()
    expect(await asked()).toBeNull()
    const text = () => page.getByRole('textbox', { name: 'Text of the post' })
    await open(page, '#/write')
    await text().fill('Only here')
    await eventually(asked, (count) => count === '1')
    await page.reload()
    await text().fill('Still only here')
    await eventually(
      () => page.evaluate<string>('JSON.stringify(localStorage)'),
      (kept) => kept.includes('Still only here'),
    )
    await page.waitForTimeout(300)
    expect(await asked()).toBe('1')
    await page.context().close()
  })

  it('explains a post whose film has ended for the viewer, without controls that no longer work', async () => {
    const [gus, hal] = await signUpAll(product.url, ['Gus', 'Hal'])
    await befriend(gus, hal)
    // Longer than what a player loads ahead.
    const recipe = ['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10', '-t', '90', '-pix_fmt', 'yuv420p']
    const { id } = await uploadByTus(gus, await madeFile('long.mp4', 'video/mp4', recipe))
    const post = await publishFor(gus, { text: 'Only for friends', mediaIds: [id] })
    await eventually(
      async () => (await gus.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US' })
    await keepSignedIn(context, hal)
    const page = await context.newPage()
    await page.goto(new URL(`/#/post/${post.id}`, product.url).href)
    const screen = page.locator('moblog-post-screen')
    await screen.getByLabel('Write a comment').waitFor()
    // The picture of an empty list leaves room for the field below it.
    expect((await screen.locator('moblog-empty').boundingBox())?.height).toBeLessThan(180)
    await screen
      .getByRole('button', { name: /^Play: / })
      .first()
      .click()
    await eventually(
      () => screen.locator('video').evaluate((film: Film) => film.getVideoPlaybackQuality().totalVideoFrames),
      20_000,
    )
    await gus.client.ask('unfriend', { input: { userId: hal.id } })
    await screen.getByText('You can no longer see this post').waitFor({ timeout: 3_000 })
    expect(await screen.getByText('Only for friends').count()).toBe(0)
    expect(await screen.locator('form, video').count()).toBe(0)
    expect(await violations(page)).toEqual([])

    await page.reload()
    await screen.getByRole('heading', { name: 'Post not found' }).waitFor()
    await open(page, '#/moblog/01a00000-0000-7000-8000-000000000000')
    await page.locator('moblog-moblog-screen').getByRole('heading', { name: 'Moblog not found' }).waitFor()
    await context.close()
  })

  it('fits a portrait film and its controls between a post and its comments on a desktop', async () => {
    const [ola, pia] = await signUpAll(product.url, ['Ola', 'Pia'])
    await befriend(ola, pia)
    const recipe = ['-f', 'lavfi', '-i', 'testsrc=size=180x320:rate=15', '-t', '2', '-pix_fmt', 'yuv420p']
    const { id } = await uploadByTus(ola, await madeFile('portrait.mp4', 'video/mp4', recipe))
    const post = await publishFor(ola, { text: 'Upright', mediaIds: [id] })
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    await keepSignedIn(context, pia)
    const page = await context.newPage()
    await page.goto(new URL(`/#/post/${post.id}`, product.url).href)
    const player = page.locator('moblog-player')
    await player
      .getByRole('button', { name: /^Play: / })
      .first()
      .waitFor({ timeout: 60_000 })
    const field = await page.locator('moblog-post-screen').getByLabel('Write a comment').boundingBox()
    const box = await player.boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(field?.y ?? 0)
    expect(await player.locator('.bar').evaluate((bar: Sizes) => bar.scrollWidth - bar.clientWidth)).toBe(0)
    // Beside it, the card shows a blurred picture of it from edge to edge, as soon as the preview has arrived.
    await player.locator('.around').waitFor()
    const [film, around, card] = await Promise.all(
      [player.locator('.poster'), player.locator('.around'), page.locator('moblog-post-media')].map((place) =>
        place.boundingBox(),
      ),
    )
    expect(film?.width).toBeLessThan((card?.width ?? 0) / 2)
    expect(around?.width).toBeGreaterThanOrEqual(card?.width ?? Number.POSITIVE_INFINITY)
    expect((await player.boundingBox())?.height).toBe(film?.height)
    await context.close()
  })

  it.each([
    ['English', 'en-US'],
    ['Chinese', 'zh-CN'],
  ])('fits on a screen that is 320 px wide, in %s', async (_name, locale) => {
    const [ida, ben, cleo, max] = await signUpAll(product.url, ['Ida', 'Ben', 'Cleo', 'Max'])
    await ben.client.ask('update-profile', { input: { displayName: 'Benjamin Featherstonehaugh' } })
    await ben.client.ask('request-friend', { input: { userId: ida.id } })
    await ida.client.ask('request-friend', { input: { userId: max.id } })
    await befriend(ida, cleo)
    await ida.client.ask('update-moblog', { input: { title: 'W'.repeat(60) } })
    const { id } = await uploadByTus(ida, await mediaFile('photo.jpg'))
    await publishFor(ida, { text: 'Seen from here', mediaIds: [id] })
    await publishFor(cleo, { text: 'For everyone', audience: 'PUBLIC' })
    await ida.client.ask('create-audience-list', { input: { name: 'Hiking' } })
    await untilListed(cleo)
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, locale })
    await keepSignedIn(context, ida)
    const page = await context.newPage()
    await page.goto(new URL('/', product.url).href)
    // Titles of screens and sections, names of tabs, and users in lists. What hides text that does not fit hides no part of
    // a letter either.
    const measure = (shown: string) => `(() => {
      const all = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])])
      const texts = all(document).filter((each) =>
        each.matches('h1:not(.only-heard), h2, nav a, [role=tab], moblog-person-row *, .text > strong'))
      const cutsLetters = (each) => {
        const { fontSize, lineHeight, overflowY, webkitLineClamp } = getComputedStyle(each)
        const isText = [...each.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '')
        if (!isText || overflowY === 'visible' || each.clientWidth <= 1 || each.matches('textarea, select')) return false
        return webkitLineClamp === 'none'
          ? each.scrollHeight > each.clientHeight
          : parseFloat(lineHeight) < 1.4 * parseFloat(fontSize)
      }
      const describe = ({ localName, textContent }) => localName + ' ' + textContent.trim()
      return {
        cut: texts.filter(({ clientWidth, clientHeight, scrollWidth, scrollHeight }) =>
          clientWidth > 1 && (scrollWidth > clientWidth || scrollHeight > clientHeight + 4)).map(describe),
        cutLetters: all(document).filter(cutsLetters).map(describe),
        isMeasured: texts.some(({ textContent }) => textContent.trim() === ${JSON.stringify(shown)}),
        isWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      }
    })()`
    const inEnglish = locale.startsWith('en')
    /** Each screen, what appears on it with the answers of the API, and a text that is measured. */
    const screens: [name: string, filled: string, shown: string][] = [
      ['', 'moblog-home-screen moblog-post-card', inEnglish ? 'Home' : '首页'],
      ['discover', 'moblog-suggestions moblog-card', 'Cleo'],
      ['inbox', 'moblog-inbox-screen .row', inEnglish ? 'Notifications' : '通知'],
      ['friends', 'moblog-friends-screen moblog-person-row', 'Benjamin Featherstonehaugh'],
      ['me', 'moblog-moblog-screen moblog-post-card', 'W'.repeat(60)],
      ['write', 'moblog-composer textarea', inEnglish ? 'New post' : '发动态'],
      ['settings', 'moblog-settings-screen .row', inEnglish ? 'Settings' : '设置'],
      ['settings/storage', 'moblog-stored-media .row', inEnglish ? 'Storage' : '存储空间'],
      ['lists', 'moblog-all-lists .row', inEnglish ? 'Audience lists' : '好友名单'],
    ]
    for (const [name, filled, shown] of screens) {
      await open(page, `#/${name}`)
      await page.locator(filled).first().waitFor()
      // Some screens have several lists, which need not be answered at the same time.
      await page.getByText(shown, { exact: true }).filter({ visible: true }).first().waitFor()
      expect([name, await page.evaluate(measure(shown))]).toEqual([
        name,
        { cut: [], cutLetters: [], isMeasured: true, isWide: false },
      ])
    }
    await open(page, '#/write')
    const controls = page.locator('moblog-composer .sources .button, moblog-composer .end .button')
    await controls.last().waitFor()
    // On one line. Their transparent border is part of what a finger hits.
    const heights = await controls.evaluateAll((all: Sizes[]) => all.map(({ offsetHeight }) => offsetHeight))
    expect(heights).toEqual([44, 44, 44, 44, 44])

    await open(page, '#/friends')
    const rows = page.locator('moblog-person-row')
    const sent = rows.filter({ has: page.locator('.button.quiet') })
    await sent.waitFor()
    const [row, withdraw] = await Promise.all([sent.boundingBox(), sent.getByRole('button').boundingBox()])
    expect(
      (row?.y ?? 0) + (row?.height ?? 0) - (withdraw?.y ?? 0) - (withdraw?.height ?? 0),
    ).toBeGreaterThanOrEqual(8)
    const link = rows.locator('a').first()
    // As wide as the card, because the buttons are below it.
    expect((await link.boundingBox())?.width).toBeGreaterThan(250)
    // On wider phones, a sent request takes one line.
    await page.setViewportSize({ width: 390, height: 844 })
    expect((await sent.boundingBox())?.height).toBeLessThanOrEqual(72)
    await page.setViewportSize({ width: 320, height: 640 })

    // What is cut is found: a title that is longer than the screen is wide.
    await open(page, '#/inbox')
    const heading = page.locator('moblog-inbox-screen header h1')
    await heading.waitFor()
    await heading.evaluate((element: Labelled) => {
      element.textContent = 'W'.repeat(30)
    })
    expect(await page.evaluate(measure('W'))).toMatchObject({ cut: [`h1 ${'W'.repeat(30)}`] })
    await context.close()
  })

  it('begins names and titles that run from right to left where the other texts of their row begin', async () => {
    const [ruth] = await signUpAll(product.url, ['Ruth'])
    await ruth.client.ask('update-profile', { input: { displayName: 'نور الهاشمي' } })
    await ruth.client.ask('update-moblog', { input: { title: 'يوميات من القاهرة', about: 'عن المدينة' } })
    await publishFor(ruth, { text: 'صباح الخير', audience: 'PUBLIC' })
    const page = await openClient()
    const account = {
      handle: 'noor',
      displayName: 'نور الهاشمي',
      password: PASSWORD,
      note: 'has sent a request',
    }
    await page.route('**/sample-accounts.json', (route) => route.fulfill({ json: [account] }))
    await page.reload()
    const sample = page.locator('.samples button')
    await sample.waitFor()
    const startOf = async (text: Locator) => Math.round((await text.boundingBox())?.x ?? Number.NaN)
    expect(await startOf(sample.locator('bdi').first())).toBe(
      await startOf(sample.locator('small bdi').first()),
    )
    expect(await sample.locator('small').evaluate((text: Matchable) => text.matches(':dir(ltr)'))).toBe(true)

    await untilListed(ruth)
    await signUp(page, 'rtl_reader', 'Reader')
    await open(page, '#/discover')
    const card = page.locator('moblog-card').filter({ hasText: 'يوميات من القاهرة' })
    await card.waitFor()
    const byline = await startOf(card.locator('.soft'))
    expect(await startOf(card.locator('.title'))).toBe(byline)
    expect(await startOf(card.locator('.about'))).toBe(await startOf(card.locator('.newest [dir]')))
    await card.click()
    const author = page.locator('moblog-moblog-screen moblog-post-card .who')
    await author.waitFor()
    expect(await startOf(author.locator('strong'))).toBe(await startOf(author.locator('.when')))
    await page.context().close()
  })

  it('turns arrows around and keeps handles as they are where text runs from right to left', async () => {
    const [ima, moe] = await signUpAll(product.url, ['Ima', 'Moe'])
    await befriend(ima, moe)
    await publishFor(ima, { text: 'An arrow leads here' })
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US' })
    await keepSignedIn(context, moe)
    const page = await context.newPage()
    await page.goto(new URL('/#/inbox', product.url).href)
    await page.evaluate(`document.documentElement.dir = 'rtl'`)
    const arrow = page
      .getByRole('link', { name: /An arrow leads here/ })
      .locator('svg')
      .last()
    const isTurned = (arrow: Locator) =>
      arrow.locator('.along').evaluate((icon: Placed) => icon.getScreenCTM().a < 0)
    await eventually(() => isTurned(arrow), 20_000)
    await open(page, '#/settings')
    const forward = page.getByRole('link', { name: 'Profile' }).locator('svg').last()
    expect(await isTurned(forward)).toBe(true)
    await open(page, '#/friends')
    const handle = page.locator('moblog-person-row .note').filter({ hasText: `@${ima.handle}` })
    await handle.waitFor()
    expect(await handle.evaluate((text: Matchable) => text.matches(':dir(ltr)'))).toBe(true)
    await context.close()
  })

  it.each(['light', 'dark'] as const)('has no accessibility problems in %s colours', async (colorScheme) => {
    const page = await openClient()
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    await signUp(page, `axe_${colorScheme}`, 'Axe Tester')
    const screens = ['', 'discover', 'inbox', 'friends', 'me', 'write', 'settings', 'settings/profile']
    for (const name of [
      ...screens,
      'settings/sessions',
      'settings/storage',
      'settings/blocked',
      'settings/muted',
      'lists',
    ]) {
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
    await open(page, '#/')
    await page.getByRole('tab', { name: 'Hot' }).click()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('tab', { name: 'Newest', selected: true }).waitFor()
    await page.getByRole('tabpanel', { name: 'Newest' }).waitFor()
    expect(await violations(page)).toEqual([])
    await publish(page, 'A quiet day')
    await cardWith(page, 'A quiet day')
      .getByRole('link', { name: /comment/i })
      .click()
    await page.getByLabel('Write a comment').fill('Here too')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('button', { name: 'Reply to Axe Tester' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })

  it('shows what is chosen, on, unread or unseen in forced colours', async () => {
    const [uma, kai] = await signUpFriends(['Uma', 'Kai'])
    await publish(kai, 'Fog')
    await uma.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
    /** Whether a place looks different after something was done. */
    const changes = async (place: Locator, act: () => Promise<unknown>) => {
      await place.waitFor()
      const look = async () => {
        await uma.mouse.move(0, 0)
        await uma.evaluate('document.querySelector("moblog-shell").shadowRoot.querySelector("main").focus()')
        return place.screenshot({ animations: 'disabled' })
      }
      const before = await look()
      await act()
      return eventually(async () => !before.equals(await look()), 10_000)
    }

    await open(uma, '#/')
    const hot = uma.getByRole('tab', { name: 'Hot' })
    await changes(hot, async () => {
      await uma.getByRole('tab', { name: 'Newest' }).click()
      await uma.getByRole('tab', { name: 'Newest', selected: true }).waitFor()
    })
    const ring = uma.locator('moblog-stories .ring').nth(1)
    await changes(ring, () =>
      ring.evaluate((each: { className: string }) => {
        each.className = 'ring'
      }),
    )
    const avatar = uma.locator('nav moblog-avatar')
    await changes(uma.getByRole('link', { name: 'My moblog' }), async () => {
      await open(uma, '#/me')
      await avatar.waitFor()
    })
    await open(uma, '#/inbox')
    const row = uma.locator('moblog-inbox-screen li').first()
    await changes(row, () => uma.getByRole('button', { name: 'Mark all as read' }).click())
    await open(uma, '#/settings')
    const receipts = uma.getByRole('switch', { name: 'Read receipts' })
    await changes(receipts, () => Promise.all([answerTo(uma, 'UpdateReadReceipts'), receipts.click()]))
    await open(uma, '#/write')
    const audience = uma.locator('.choice').filter({ hasText: 'Everyone' })
    await changes(audience, () => audience.click())
    await Promise.all([uma, kai].map((page) => page.context().close()))
  })

  it('has logged no error in the console', () => {
    // Some tests are offline on purpose.
    const unexpected = complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))
    expect(unexpected).toEqual([])
  })
})
