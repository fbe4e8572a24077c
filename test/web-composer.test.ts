import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { expectMember } from '../scripts/client/client.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { layoutProblems } from '../testing/product/layout-problems.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

const SCREEN = { width: 390, height: 844 }
const NAVIGATION = 56

/** Puts a picture into the clipboard, with text and HTML. Runs in a page. */
const copy = `async ({ text, page }) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 20, height: 20 })
  canvas.getContext('2d').fillRect(0, 0, 9, 9)
  const kinds = { 'text/html': page, ...(text && { 'text/plain': text }) }
  const texts = Object.entries(kinds).map(([type, content]) => [type, new Blob([content], { type })])
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
  await navigator.clipboard.write([new ClipboardItem({ ...Object.fromEntries(texts), 'image/png': picture })])
}`

/** Drops a file onto an element of the client, and returns whether the browser opens it. Runs in a page. */
const drop = (selector: string) => `(() => {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
  const within = (root) =>
    root.querySelector('${selector}') ??
    [...root.querySelectorAll('*')].reduce((found, { shadowRoot }) => found ?? (shadowRoot && within(shadowRoot)), null)
  const dispatch = (name) =>
    within(document).dispatchEvent(
      new DragEvent(name, { dataTransfer, bubbles: true, composed: true, cancelable: true }),
    )
  return [dispatch('dragover'), dispatch('drop')].includes(true)
})()`

describeInBrowser()('the composer of the web client', () => {
  let product: Product
  let browser: Browser
  let names = 0

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  /** Opens the client of a new user. */
  async function openAsNew(fragment: string): Promise<{ page: Page; person: Person }> {
    names += 1
    const [person] = await signUpAll(product.url, [`writer${names}`])
    const context = await browser.newContext({ viewport: SCREEN, locale: 'en-US' })
    await keepSignedIn(context, person)
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(new URL(`/${fragment}`, product.url).href)
    return { page, person }
  }

  const open = (page: Page, fragment: string) => page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)
  /** Waits until the client works without a connection. */
  const load = async (page: Page) => {
    await page.locator('moblog-home-screen moblog-empty').waitFor()
    await page.evaluate('navigator.serviceWorker.ready.then(() => {})')
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const text = (page: Page) => page.getByRole('textbox', { name: 'Text of the post' })
  const items = (page: Page) => page.locator('moblog-composer-item')
  const add = async (page: Page, ...files: { name: string; mimeType: string; bytes: Buffer }[]) =>
    page
      .locator('moblog-composer .sources input')
      .setInputFiles(files.map(({ bytes, ...file }) => ({ ...file, buffer: bytes })))
  const mediaOf = async ({ client }: Person) =>
    (await client.ask('media-library', {})).viewer?.mediaLibrary?.edges.map(({ node }) => node.id) ?? []
  const textsOf = async ({ client }: Person) =>
    (await client.ask('home-posts', {})).feed?.edges.map(({ node }) => node.text) ?? []
  const choose = (page: Page, name: string) =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

  it('says beside the button that a file was not uploaded, and leads to it', async () => {
    const { page } = await openAsNew('#/write')
    const photo = await mediaFile('photo.jpg')
    await text(page).fill('With many files')
    const good = ['a', 'b', 'c', 'd'].map((name) => ({ ...photo, name: `${name}.jpg` }))
    await add(page, { ...photo, name: 'broken.jpg', bytes: Buffer.from('not a picture') }, ...good)
    const reason = page.locator('moblog-composer #why')
    await reason.getByText('One file was not uploaded.').waitFor()
    expect(await button(page, 'Publish').isDisabled()).toBe(true)
    await page.evaluate('scrollTo(0, 0)')
    const box = await button(page, 'Publish').boundingBox()
    expect((box?.y ?? Number.NaN) + (box?.height ?? Number.NaN)).toBeLessThanOrEqual(
      SCREEN.height - NAVIGATION,
    )
    expect(await layoutProblems(page)).toEqual([])
    await page.setViewportSize(SCREEN)
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await button(page, 'Show the file').click()
    const broken = items(page).first()
    await eventually(async () => {
      const place = await broken.boundingBox()
      return place !== null && place.y >= 0 && place.y < SCREEN.height / 2
    })
    expect(
      await broken.evaluate((item: { matches(selector: string): boolean }) => item.matches(':focus')),
    ).toBe(true)
    await button(page, 'Move a.jpg down').click()
    await button(page, 'Remove broken.jpg').click()
    await eventually(() => button(page, 'Publish').isEnabled())
    expect(await reason.textContent()).toBe('')
    await page.context().close()
  })

  it.each([
    [
      'text with its picture, as Word copies it, as text',
      { text: 'Copied', page: '<p>Copied</p>' },
      'Copied',
      0,
    ],
    ['a picture of a page as a file', { page: '<img src="https://a.example/1.png">' }, '', 1],
  ])('pastes %s', async (_, copied, written, files) => {
    const { page } = await openAsNew('#/write')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await text(page).click()
    await page.evaluate(`(${copy})(${JSON.stringify(copied)})`)
    await page.keyboard.press('ControlOrMeta+v')
    await eventually(
      async () =>
        [await text(page).inputValue(), await items(page).count()].join() === [written, files].join(),
    )
    await page.context().close()
  })

  it('says at the file what is wrong with captions, and until it is closed which ones were not added', async () => {
    const { page } = await openAsNew('#/write')
    await add(page, await mediaFile('clip.mp4'))
    const choose = (name: string, content: string) =>
      page
        .getByLabel('Add captions: clip.mp4')
        .setInputFiles([{ name, mimeType: 'text/vtt', buffer: Buffer.from(content) }])
    const languages = () =>
      items(page)
        .getByRole('combobox', { name: 'Language' })
        .evaluateAll((fields: { value: string }[]) => fields.map(({ value }) => value))
    await choose('bad.vtt', 'WEBVTT\n\nnot a caption\n')
    const problem = items(page).getByRole('alert')
    await problem.getByText('“bad.vtt” was not added. Line 4: a line such as 00:00:01.000').waitFor()
    expect(await languages()).toEqual([])
    for (const count of [1, 2]) {
      await choose('good.vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nA beep\n')
      await eventually(async () => (await languages()).length === count)
    }
    expect(await problem.count()).toBe(0)
    expect(await languages()).toEqual(['en', 'es'])
    // In the order of their names, which is not that of their codes.
    const offered = await items(page)
      .getByRole('combobox', { name: 'Language' })
      .first()
      .locator('option')
      .allInnerTexts()
    expect(offered).toEqual(offered.toSorted(new Intl.Collator('en').compare))

    // The server knows more than the client, for example how much room the user has.
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('addCaptions')) return route.fallback()
      const failure = { __typename: 'RequestFailed', code: 'QUOTA_EXCEEDED', message: 'No room.' }
      return route.fulfill({ json: { data: { addCaptions: failure } } })
    })
    await page.getByText('Uploaded', { exact: true }).waitFor({ timeout: 60_000 })
    await button(page, 'Publish').click()
    const notice = page.locator('moblog-notice')
    await notice.getByText('The captions “good.vtt” of “clip.mp4” were not added.').waitFor()
    await open(page, '#/inbox')
    await button(page, 'Show the post').click()
    await page.locator('moblog-post-screen moblog-player').waitFor()
    expect(await notice.count()).toBe(0)
    await page.context().close()
  })

  it('publishes no texts beside the post that are too long, and says so at their fields', async () => {
    const { page } = await openAsNew('#/write')
    await add(page, await mediaFile('clip.mp4'))
    await page.getByLabel('Add captions: clip.mp4').setInputFiles([
      {
        name: 'a.vtt',
        mimeType: 'text/vtt',
        buffer: Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nA beep\n'),
      },
    ])
    const publish = button(page, 'Publish')
    for (const [name, most] of [
      ['Content warning', 200],
      ['Description for users who cannot see or hear it: clip.mp4', 1_500],
      ['Name in the menu', 60],
    ] as const) {
      const field = page.getByLabel(name)
      await field.click()
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.insertText('😀'.repeat(most + 1))
      await page
        .getByRole('alert')
        .getByText(/^[\d,]+ of [\d,]+ characters\. Shorten the text\.$/)
        .waitFor()
      expect([...(await field.inputValue())].length).toBe(most + 1)
      expect(await publish.isDisabled()).toBe(true)
      await page.keyboard.press('Backspace')
      await eventually(() => publish.isEnabled())
    }
    await page.context().close()
  })

  it('takes a file that is dropped onto it, and no file that is dropped beside it replaces the client', async () => {
    const { page } = await openAsNew('#/write')
    await text(page).waitFor()
    expect([await page.evaluate(drop('header.top')), await page.evaluate(drop('nav'))]).toEqual([
      false,
      false,
    ])
    expect(await items(page).count()).toBe(0)
    expect(await page.evaluate(drop('textarea'))).toBe(false)
    await items(page).getByText('dropped.txt').waitFor()
    await page.context().close()
  })

  it('moves a file by keyboard, the focus with it', async () => {
    const { page } = await openAsNew('#/write')
    const photo = await mediaFile('photo.jpg')
    await add(page, ...['a', 'b', 'c'].map((name) => ({ ...photo, name: `${name}.jpg` })))
    const isFocused = (name: string) =>
      eventually(() =>
        button(page, name).evaluate((each: { matches(selector: string): boolean }) => each.matches(':focus')),
      )
    await button(page, 'Move a.jpg down').focus()
    await page.keyboard.press('Enter')
    await isFocused('Move a.jpg down')
    await page.keyboard.press('Enter')
    await isFocused('Move a.jpg up')
    expect(await items(page).locator('.name').allTextContents()).toEqual(['b.jpg', 'c.jpg', 'a.jpg'])
    await page.context().close()
  })

  it('keeps or discards the draft with Cancel, and what is discarded is not stored', async () => {
    const { page, person } = await openAsNew('#/')
    await open(page, '#/write')
    await button(page, 'Cancel').click()
    await text(page).waitFor({ state: 'detached' })
    await open(page, '#/write')
    await text(page).fill('Begun')
    await add(page, await mediaFile('photo.jpg'))
    await items(page).getByText('Uploaded').waitFor()
    expect((await mediaOf(person)).length).toBe(1)
    await button(page, 'Cancel').click()
    await choose(page, 'Cancel')
    expect(await text(page).inputValue()).toBe('Begun')
    await button(page, 'Cancel').click()
    await choose(page, 'Keep draft')
    await text(page).waitFor({ state: 'detached' })
    await open(page, '#/write')
    expect([await text(page).inputValue(), await items(page).count()]).toEqual(['Begun', 1])
    await button(page, 'Cancel').click()
    await choose(page, 'Discard draft')
    await text(page).waitFor({ state: 'detached' })
    await eventually(async () => (await mediaOf(person)).length === 0)
    await open(page, '#/write')
    expect([await text(page).inputValue(), await items(page).count()]).toEqual(['', 0])
    await page.context().close()
  })

  it('chooses the audience list by itself if there is only one', async () => {
    const { page, person } = await openAsNew('#/write')
    await text(page).fill('For a few')
    const result = await person.client.ask('create-audience-list', { input: { name: 'Close' } })
    const { audienceList } = expectMember(result.createAudienceList, 'CreateAudienceListPayload')
    await page.getByRole('radio', { name: 'Only a list' }).check()
    const list = page.getByRole('combobox', { name: 'List' })
    await eventually(async () => (await list.inputValue()) === audienceList.id)
    expect(await button(page, 'Publish').isEnabled()).toBe(true)
    await page.context().close()
  })

  it('leads to the first audience list, and chooses it when the user comes back', async () => {
    const { page } = await openAsNew('#/write')
    await text(page).fill('For a few')
    await page.getByRole('radio', { name: 'Only a list' }).check()
    const way = page.getByRole('link', { name: 'Make a list' })
    const bar = page.locator('moblog-composer .end')
    await eventually(async () => {
      const [above, below] = await Promise.all([way.boundingBox(), bar.boundingBox()])
      return above !== null && below !== null && above.y + above.height <= below.y
    })
    await way.click()
    await page.getByRole('textbox', { name: 'New list' }).fill('Close')
    await button(page, 'Create').click()
    await page.getByRole('heading', { name: 'Close' }).waitFor()
    await page.goBack()
    await page.goBack()
    const chosen = page.getByRole('combobox', { name: 'List' }).locator('option:checked')
    await eventually(async () => (await chosen.textContent()) === 'Close')
    expect(await button(page, 'Publish').isEnabled()).toBe(true)
    await page.context().close()
  })

  it('gives a post that waits for its uploads back, or discards it with them, also after a reload', async () => {
    const { page, person } = await openAsNew('#/')
    const isPatch = (method: string) => method === 'PATCH' || method === 'HEAD'
    await page.route('**', (route) =>
      isPatch(route.request().method()) ? route.abort('internetdisconnected') : route.fallback(),
    )
    await open(page, '#/write')
    await text(page).fill('Not now')
    await add(page, await mediaFile('photo.jpg'))
    await button(page, 'Publish').click()
    const waiting = page.locator('moblog-waiting-posts li')
    await button(page, 'Do not publish').click()
    await choose(page, 'Go on writing')
    await eventually(async () => (await text(page).inputValue()) === 'Not now')
    expect(await items(page).count()).toBe(1)
    await button(page, 'Publish').click()
    await waiting.getByText('Not now').waitFor()
    // Its row says so for as long as it waits. A notice would stay after it has appeared.
    await waiting.getByText('The post appears when its uploads are finished.').waitFor()
    expect(await page.locator('.toast p').count()).toBe(0)
    // Other uploads are continued some seconds after the start. A post that waits is not kept back by that.
    await page.addInitScript(`{
      const start = setTimeout
      globalThis.setTimeout = (act, ms, ...more) => (ms === 3_000 ? 0 : start(act, ms, ...more))
    }`)
    await page.reload()
    await waiting.getByText('Not now').waitFor()
    await button(page, 'Do not publish').click()
    await choose(page, 'Discard post')
    await waiting.waitFor({ state: 'detached' })
    const later = await page.context().newPage()
    await later.goto(new URL('/', product.url).href)
    await later.locator('moblog-home-screen').waitFor()
    await later.waitForTimeout(4_000)
    const stillWaiting = await later.locator('moblog-waiting-posts li').count()
    expect([await mediaOf(person), await textsOf(person), stillWaiting]).toEqual([[], [], 0])
    await page.context().close()
  })

  it('loses a file whose upload is discarded on the storage screen', async () => {
    const { page, person } = await openAsNew('#/write')
    await page.route('**', (route) =>
      route.request().method() === 'PATCH' ? route.abort('internetdisconnected') : route.fallback(),
    )
    await text(page).fill('Without the file')
    await add(page, await mediaFile('photo.jpg'))
    await items(page).waitFor()
    await open(page, '#/settings/storage')
    await page.getByText('Smaller and playable versions').waitFor()
    await button(page, 'Discard photo.jpg').click()
    await page.locator('moblog-unfinished-uploads').waitFor({ state: 'hidden' })
    await page.unroute('**')
    await open(page, '#/write')
    expect([await text(page).inputValue(), await items(page).count()]).toEqual(['Without the file', 0])
    const usage = async () => (await person.client.ask('own-profile', {})).viewer?.storageUsage
    await eventually(async () => (await usage())?.reservedBytes === 0)
    expect(await mediaOf(person)).toEqual([])
    await page.context().close()
  })

  it('shows a file on the storage screen as soon as its upload ends', async () => {
    const { page } = await openAsNew('#/write')
    const isCut = (method: string) => method === 'PATCH' || method === 'HEAD'
    await page.route('**', (route) =>
      isCut(route.request().method()) ? route.abort('internetdisconnected') : route.fallback(),
    )
    await add(page, await mediaFile('photo.jpg'))
    await items(page).waitFor()
    await open(page, '#/settings/storage')
    await button(page, 'Discard photo.jpg').waitFor()
    await page.getByText('Nothing is stored').waitFor()
    await page.unroute('**')
    await page.locator('moblog-stored-media').getByText('photo.jpg').waitFor({ timeout: 40_000 })
    await page.context().close()
  })

  it('takes a post back from its menu that waits for the connection', async () => {
    const { page, person } = await openAsNew('#/')
    await load(page)
    await page.context().setOffline(true)
    const card = page.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'In the tunnel' })
    // The post is not on this tab, so it is not where publishing leads.
    await page.getByRole('tab', { name: 'Hot' }).click()
    for (const answer of ['Go on writing', 'Discard post']) {
      await open(page, '#/write')
      await text(page).fill('In the tunnel')
      await button(page, 'Publish').click()
      await card.getByText('Waiting to be sent').waitFor()
      await card.getByRole('button', { name: 'More actions' }).click()
      await choose(page, answer)
      if (answer === 'Go on writing')
        await eventually(async () => (await text(page).inputValue()) === 'In the tunnel')
      else await card.waitFor({ state: 'detached' })
    }
    await page.context().setOffline(false)
    await open(page, '#/write')
    await text(page).fill('After the tunnel')
    await button(page, 'Publish').click()
    await eventually(
      () => textsOf(person),
      (texts) => texts.length > 0,
      20_000,
    )
    expect(await textsOf(person)).toEqual(['After the tunnel'])
    await page.context().close()
  })

  it.each(['without a connection', 'while the server fails'])(
    'shows a post that waits, and takes it back, where the lists of posts were not read before, %s',
    async (when) => {
      const { page, person } = await openAsNew('#/write')
      await text(page).fill('In the cellar')
      await page.evaluate('navigator.serviceWorker.ready.then(() => {})')
      if (when === 'without a connection') await page.context().setOffline(true)
      else await page.route('**/graphql', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }))
      await button(page, 'Publish').click()
      const home = page.locator('moblog-home-feed')
      await home.locator('moblog-unsent-posts').getByText('In the cellar').waitFor()
      await home.getByText('Waiting to be sent').waitFor()
      await open(page, '#/me')
      const own = page.locator('moblog-moblog-screen moblog-unsent-posts li')
      await own.getByText('In the cellar').waitFor()
      await own.getByRole('button', { name: 'Do not publish' }).click()
      await choose(page, 'Go on writing')
      await eventually(async () => (await text(page).inputValue()) === 'In the cellar')
      await button(page, 'Publish').click()
      await home.locator('moblog-unsent-posts').getByText('In the cellar').waitFor()
      await page.context().setOffline(false)
      await page.unroute('**/graphql')
      await home.locator('moblog-post-card').getByText('In the cellar').waitFor({ timeout: 40_000 })
      await home.locator('moblog-unsent-posts').waitFor({ state: 'hidden' })
      expect(await textsOf(person)).toEqual(['In the cellar'])
      await page.context().close()
    },
  )

  it('says that a post which is taken back may have been published if its answer was lost', async () => {
    const { page, person } = await openAsNew('#/')
    await page.addInitScript(() => {
      const { fetch } = globalThis
      let isLost = false
      globalThis.fetch = async (input, init) => {
        const response = await (isLost ? Promise.reject(new TypeError('no connection')) : fetch(input, init))
        isLost ||= String(init?.body).includes('publishPost')
        if (isLost) throw new TypeError('the answer is lost')
        return response
      }
    })
    await page.reload()
    await load(page)
    await open(page, '#/write')
    await text(page).fill('Said once')
    await button(page, 'Publish').click()
    await eventually(async () => (await textsOf(person)).length === 1)
    await page
      .locator('moblog-home-screen moblog-post-card')
      .getByRole('button', { name: 'More actions' })
      .click()
    await choose(page, 'Discard post')
    await page.getByText('It may have been published already').waitFor()
    await page.context().close()
  })

  it.each(['while the app is open', 'after it was closed'])(
    'keeps a post that the server refuses in view, with the reason, %s',
    async (when) => {
      const { page, person } = await openAsNew('#/')
      await load(page)
      await open(page, '#/write')
      const result = await person.client.ask('create-audience-list', { input: { name: 'Close' } })
      const { audienceList } = expectMember(result.createAudienceList, 'CreateAudienceListPayload')
      await text(page).fill('For a list')
      await page.getByRole('radio', { name: 'Only a list' }).check()
      await eventually(() => button(page, 'Publish').isEnabled())
      await page.context().setOffline(true)
      await button(page, 'Publish').click()
      await page.getByText('Waiting to be sent').waitFor()
      await person.client.ask('delete-audience-list', { input: { listId: audienceList.id } })
      const shown = when === 'after it was closed' ? await page.context().newPage() : page
      if (shown !== page) await page.close()
      await shown.context().setOffline(false)
      if (shown !== page) await shown.goto(new URL('/', product.url).href)
      const refused = shown.locator('moblog-waiting-posts li')
      const reason = 'Your post was not published. Its audience list no longer exists.'
      await refused.getByText(reason).waitFor({ timeout: 30_000 })
      await shown.waitForTimeout(4_500)
      await shown.getByRole('tab', { name: 'Newest' }).click()
      expect(await refused.getByText('For a list').isVisible()).toBe(true)
      await button(shown, 'Go on writing').click()
      await eventually(async () => (await text(shown).inputValue()) === 'For a list')
      await shown.context().close()
    },
  )

  it('shows a password while it is typed, and says that it cannot be reset', async () => {
    const context = await browser.newContext({ viewport: SCREEN, locale: 'en-US' })
    const page = await context.newPage()
    await page.goto(new URL('/', product.url).href)
    const field = page.getByLabel('Password', { exact: true })
    const type = () => field.getAttribute('type')
    const reveal = button(page, 'Show password')
    await field.fill('a long password')
    expect([await type(), await reveal.getAttribute('aria-pressed')]).toEqual(['password', 'false'])
    await reveal.click()
    expect([await type(), await reveal.getAttribute('aria-pressed')]).toEqual(['text', 'true'])
    await button(page, 'I am new here').click()
    await page.getByText('A forgotten password cannot be reset').waitFor()
    expect([await field.inputValue(), await type()]).toEqual(['a long password', 'text'])
    await reveal.click()
    expect(await type()).toBe('password')
    expect(await layoutProblems(page)).toEqual([])
    await context.close()
  })
})
