import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { publish as publishPost } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser, startBrowserIn } from '../testing/product/browser.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-US' }

/** Makes the first attempt to open the outbox fail. `closeAll()` closes all databases as browsers do, without telling. */
const LOSING_DATABASES = `
  const { open } = IDBFactory.prototype
  const opened = []
  let hasFailed = false
  IDBFactory.prototype.open = function (name, version) {
    const mustFail = name.startsWith('moblog-outbox') && !hasFailed
    if (mustFail) hasFailed = true
    const request = open.call(this, mustFail ? name + '-fails' : name, version)
    if (mustFail) request.addEventListener('upgradeneeded', () => request.transaction.abort())
    request.addEventListener('success', () => opened.push(request.result))
    return request
  }
  window.closeAll = () => { for (const each of opened.splice(0)) each.close() }
`

describeInBrowser()('the web client in trouble', () => {
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  const addressOf = (fragment: string) => new URL(`/${fragment}`, product.url).href
  const textOf = async (page: Page) => page.locator('moblog-post-text textarea').inputValue()
  const write = (page: Page, text: string) => page.locator('moblog-post-text textarea').fill(text)
  const publish = (page: Page) => page.getByRole('button', { name: 'Publish', exact: true }).click()

  async function postsOf({ id, client }: Person): Promise<string[]> {
    const { moblog } = await client.ask('moblog-posts', { id })
    return moblog?.posts.edges.map(({ node }) => node.text) ?? []
  }

  it('keeps the drafts of two tabs apart, and publishes both', async () => {
    const [ada] = await signUpAll(product.url, ['Ada'])
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, ada)
    const one = await context.newPage()
    await one.goto(addressOf('#/write'))
    await write(one, 'From one tab')
    const other = await context.newPage()
    await other.goto(addressOf('#/write'))
    await write(other, 'From the other tab')
    await one.reload()
    await eventually(async () => (await textOf(one)) === 'From one tab', 10_000)
    await publish(one)
    await eventually(async () => (await postsOf(ada)).length === 1, 10_000)
    expect(await textOf(other)).toBe('From the other tab')
    await other.reload()
    await eventually(async () => (await textOf(other)) === 'From the other tab', 10_000)
    await publish(other)
    await eventually(async () => (await postsOf(ada)).length === 2, 10_000)
    expect(await postsOf(ada)).toEqual(['From the other tab', 'From one tab'])
    await context.close()
  })

  it('keeps the comments apart that are typed in two tabs at the same post', async () => {
    const [ida] = await signUpAll(product.url, ['Ida'])
    const { id } = await publishPost(ida, { text: 'Seen in two tabs' })
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, ida)
    const tabs = [await context.newPage(), await context.newPage()] as const
    const [one, other] = tabs
    const field = (page: Page) => page.getByPlaceholder('Write a comment')
    const shows = (page: Page, text: string) =>
      eventually(async () => (await field(page).inputValue()) === text, 5_000)
    for (const tab of tabs) {
      await tab.goto(addressOf(`#/post/${id}`))
      await field(tab).waitFor()
    }
    await field(one).fill('A long comment')
    await field(other).fill('B')
    await one.goto(addressOf('#/'))
    await one.goto(addressOf(`#/post/${id}`))
    await shows(one, 'A long comment')
    await other.getByRole('button', { name: 'Send' }).click()
    await other.getByRole('listitem').filter({ hasText: 'B' }).waitFor()
    for (const tab of tabs) await tab.reload()
    await shows(one, 'A long comment')
    await shows(other, '')
    await one.close()
    const next = await context.newPage()
    await next.goto(addressOf(`#/post/${id}`))
    await shows(next, 'A long comment')
    await context.close()
  })

  it('opens the draft of a tab that was closed in the next one', async () => {
    const [bob] = await signUpAll(product.url, ['Bob'])
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, bob)
    const one = await context.newPage()
    await one.goto(addressOf('#/write'))
    await write(one, 'Begun')
    await one.close()
    const next = await context.newPage()
    await next.goto(addressOf('#/write'))
    await eventually(async () => (await textOf(next)) === 'Begun', 10_000)
    await publish(next)
    await eventually(async () => (await postsOf(bob)).length === 1, 10_000)
    await next.goto(addressOf('#/write'))
    await next.reload()
    await next.waitForTimeout(500)
    expect(await textOf(next)).toBe('')
    await context.close()
  })

  it('works in seven tabs at once, which all hear of what happens, also after one of them is closed', async () => {
    const [ada, bea, cyd] = await signUpAll(product.url, ['Ada', 'Bea', 'Cyd'])
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, ada)
    const tabs: Page[] = []
    for (let count = 0; count < 7; count += 1) {
      const tab = await context.newPage()
      tabs.push(tab)
      await tab.goto(addressOf('#/inbox'))
      await tab.getByText('All quiet').waitFor()
    }
    // Browsers open six connections to a server over HTTP/1.1, of which a stream takes one.
    const isReady = `fetch('readyz', { cache: 'no-store', signal: AbortSignal.timeout(10000) }).then(({ ok }) => ok)`
    for (const tab of tabs) expect(await tab.evaluate(isReady)).toBe(true)
    const hear = async ({ client, displayName }: Person) => {
      await client.ask('request-friend', { input: { userId: ada.id } })
      for (const tab of tabs)
        await tab.locator('moblog-inbox-screen li').filter({ hasText: displayName }).waitFor()
    }
    await hear(bea)
    await tabs.shift()?.close()
    await hear(cyd)
    await context.close()
  })

  it('shows each of several likes and unlikes without a connection, and sends all of them', async () => {
    const [ben, eve] = await signUpAll(product.url, ['Ben', 'Eve'])
    await befriend(ben, eve)
    const { id } = await publishPost(ben, { text: 'Like it or not' })
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, eve)
    const page = await context.newPage()
    await page.goto(addressOf(`#/post/${id}`))
    const button = page.getByRole('button', { name: /^Like/ })
    await button.waitFor()
    await context.setOffline(true)
    for (const isLiked of [true, false, true, false, true]) {
      await button.click()
      await eventually(async () => (await button.getAttribute('aria-pressed')) === `${isLiked}`, 5_000)
    }
    await context.setOffline(false)
    await eventually(async () => (await eve.client.ask('post', { id })).post?.likeCount === 1, 20_000)
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    await context.close()
  })

  it('goes on when the browser has closed its databases, and when it cannot open one at once', async () => {
    const [leo, mia] = await signUpAll(product.url, ['Leo', 'Mia'])
    await befriend(leo, mia)
    const { id } = await publishPost(leo, { text: 'Still here' })
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, mia)
    await context.addInitScript(LOSING_DATABASES)
    const page = await context.newPage()
    await page.goto(addressOf(`#/post/${id}`))
    const button = page.getByRole('button', { name: /^Like/ })
    await button.click()
    await eventually(async () => (await mia.client.ask('post', { id })).post?.likeCount === 1, 20_000)
    await page.evaluate('closeAll()')
    await button.click()
    await eventually(async () => (await mia.client.ask('post', { id })).post?.likeCount === 0, 20_000)
    await context.close()
  })

  it('says so if the file of a screen cannot be loaded twice, and shows the screen after another try', async () => {
    const [cleo] = await signUpAll(product.url, ['Cleo'])
    const context = await browser.newContext({ ...PHONE, serviceWorkers: 'block' })
    await keepSignedIn(context, cleo)
    const page = await context.newPage()
    let isBroken = true
    await page.route(/files\/(settings|lists)-screen/, (route) =>
      isBroken ? route.abort('connectionreset') : route.continue(),
    )
    await page.goto(addressOf('#/settings'))
    // The first time, the page is loaded again.
    const notice = page.getByText('This part of Moblog could not be loaded.')
    await notice.waitFor()
    await page.evaluate(`location.hash = '#/'`)
    await page.locator('moblog-home-screen').waitFor()
    expect(await notice.count()).toBe(0)
    await page.evaluate(`location.hash = '#/lists'`)
    await notice.waitFor()
    isBroken = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await notice.count()).toBe(0)
    await context.close()
  })

  it('says so without a connection, and shows the screen when the connection is back', async () => {
    const [dora] = await signUpAll(product.url, ['Dora'])
    const context = await browser.newContext({ ...PHONE, serviceWorkers: 'block' })
    await keepSignedIn(context, dora)
    const page = await context.newPage()
    await page.goto(addressOf('#/'))
    await page.locator('moblog-home-screen').waitFor()
    await context.setOffline(true)
    await page.evaluate(`location.hash = '#/settings'`)
    await page.getByText('This part of Moblog could not be loaded.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('This part of Moblog could not be loaded.').waitFor()
    await context.setOffline(false)
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await context.close()
  })

  it('says so if not even its frame can be loaded', async () => {
    const context = await browser.newContext({ ...PHONE, serviceWorkers: 'block' })
    const page = await context.newPage()
    await page.route(/files\/welcome-screen/, (route) => route.abort('connectionreset'))
    await page.goto(addressOf(''))
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await page.locator('.start').isVisible()).toBe(false)
    await context.close()
  })

  it('says why it cannot start if the browser denies its storage, in both languages', async () => {
    const context = await browser.newContext(PHONE)
    await context.addInitScript(`Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('Access is denied for this document.', 'SecurityError') },
    })`)
    const page = await context.newPage()
    await page.goto(addressOf(''))
    await page.getByText('because this browser does not let it store anything').waitFor()
    await page.getByText('因为浏览器不允许它保存数据').waitFor()
    expect(await page.locator('moblog-app').count()).toBe(0)
    await context.close()
  })

  it('starts with a connection although what the browser keeps of it is damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moblog-browser-'))
    try {
      const first = await startBrowserIn(folder)
      const page = await first.newPage()
      await page.goto(addressOf(''))
      await page.evaluate('navigator.serviceWorker.ready')
      await first.close()
      // As on a damaged disk.
      const [cache = ''] = globSync('**/CacheStorage', { cwd: folder })
      await rm(join(folder, cache), { recursive: true })
      await writeFile(join(folder, cache), 'damaged')
      const again = await startBrowserIn(folder)
      const other = await again.newPage()
      await other.goto(addressOf(''))
      await other.getByRole('button', { name: 'I am new here' }).waitFor()
      expect(await other.evaluate('navigator.serviceWorker.controller !== null')).toBe(true)
      await again.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('leaves the Enter that ends the choice of a Chinese word in Safari to the input method', async () => {
    const [eve] = await signUpAll(product.url, ['Eve'])
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, eve)
    const page = await context.newPage()
    await page.goto(addressOf('#/discover'))
    const field = page.getByRole('searchbox')
    await field.fill('#美食')
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: false })
    expect(await page.evaluate('location.hash')).toBe('#/discover')
    await field.press('Enter')
    await eventually(async () => decodeURI(await page.evaluate('location.hash')).includes('美食'), 5_000)
    await context.close()
  })

  it('searches when a word of an input method is complete, and not for the letters it is composed of', async () => {
    const [fay, gus] = await signUpAll(product.url, ['Fay', 'Gus'])
    await gus.client.ask('update-profile', { input: { displayName: '你好' } })
    await befriend(fay, gus)
    await fay.client.ask('create-audience-list', { input: { name: 'Close' } })
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, fay)
    const page = await context.newPage()
    const searched: unknown[] = []
    page.on('request', (request) => {
      const text = request.postData() ?? ''
      if (text.includes('query SearchUsers')) searched.push(JSON.parse(text).variables.query)
    })
    const session = await context.newCDPSession(page)
    const compose = async (text: string) => {
      const selection = { selectionStart: text.length, selectionEnd: text.length }
      await session.send('Input.imeSetComposition', { text, ...selection })
      await page.waitForTimeout(400)
    }
    await page.goto(addressOf('#/discover'))
    await page.getByRole('searchbox').click()
    for (const text of ['n', 'ni', 'ni h', 'ni hao']) await compose(text)
    expect(searched).toEqual([])
    await session.send('Input.insertText', { text: '你好' })
    const found = page.getByRole('link', { name: /^你好/ })
    await found.waitFor()
    expect(searched).toEqual(['你好'])

    await page.goto(addressOf('#/lists'))
    await page.getByRole('link', { name: /^Close/ }).click()
    await page.getByRole('searchbox').click()
    await page.getByRole('button', { name: /你好/ }).waitFor()
    await compose('ni hao')
    expect(await page.getByRole('button', { name: /你好/ }).count()).toBe(1)
    await session.send('Input.insertText', { text: 'nobody' })
    await page.getByRole('button', { name: /你好/ }).waitFor({ state: 'detached' })
    await context.close()
  })
})
