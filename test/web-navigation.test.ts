import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { Browser, Locator, Page } from 'playwright-core'
import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, INSECURE_HOST, startBrowser } from '../testing/product/browser.ts'
import { madeFile, mediaFile, portraitFilm } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

const PHONE = {
  viewport: { width: 390, height: 844 },
  locale: 'en-US',
  permissions: ['camera', 'microphone'],
}

type Field = { selectionStart: number; selectionEnd: number }
type Picture = { complete: boolean; naturalWidth: number }
type Film = { currentTime: number; ended: boolean }

describeInBrowser()('the web client on a phone', () => {
  let product: Product
  let browser: Browser
  let ada: Person
  let bob: Person

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
    const people = await signUpAll(product.url, ['Ada', 'Bob'])
    ;[ada, bob] = people
    await befriend(ada, bob)
    for (let post = 1; post <= 12; post += 1)
      await publish(ada, { text: `Post ${post}\n\n\nwith lines\n\n\n.` })
    const { id } = await uploadByTus(ada, await mediaFile('photo.jpg'))
    await publish(ada, { text: 'A photo', mediaIds: [id] })
    await eventually(
      async () => (await ada.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  let commented: Promise<void> | null = null
  /** Publishes a photo with a comment. */
  async function publishCommented(): Promise<void> {
    const { id } = await uploadByTus(ada, await mediaFile('photo.jpg'))
    const { id: postId } = await publish(ada, { text: 'A quiet street', mediaIds: [id] })
    await ada.client.ask('comment-on-post', { input: { postId, text: 'At night too' } })
    await eventually(
      async () => (await ada.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
  }

  let filmPost: Promise<string> | null = null
  async function publishFilm(): Promise<string> {
    const { id } = await uploadByTus(ada, await madeFile('walk.mp4', 'video/mp4', portraitFilm(20)))
    const { id: postId } = await publish(ada, { text: 'A film', mediaIds: [id] })
    await eventually(
      async () => (await ada.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
    return postId
  }

  async function openAs(person: Person, fragment: string, locale = PHONE.locale): Promise<Page> {
    const context = await browser.newContext({ ...PHONE, locale })
    await keepSignedIn(context, person)
    const page = await context.newPage()
    // What another site would show.
    await page.goto('about:blank#elsewhere')
    await page.goto(new URL(`/${fragment}`, product.url).href)
    return page
  }

  /** Changes a post of Ada's on another device. */
  async function editElsewhere(fragment: string): Promise<void> {
    const postId = /[\da-f-]{36}/.exec(fragment)?.[0] ?? ''
    const { post } = await ada.client.ask('post', { id: postId })
    const input = { postId, text: 'Post 12, elsewhere', expectedVersion: post?.version ?? null }
    expectMember((await ada.client.ask('edit-post', { input })).editPost, 'EditPostPayload')
  }

  const open = (page: Page, fragment: string) => page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)
  const fragmentOf = (page: Page) => page.evaluate<string>('location.hash')
  const becomes = (page: Page, fragment: string) =>
    eventually(async () => (await fragmentOf(page)) === fragment, 5_000)
  const scrollYOf = (page: Page) => page.evaluate<number>('scrollY')
  /** Scrolls to the last post, which is on the second page of each list. */
  async function scrollToLast(page: Page): Promise<Locator> {
    const last = cardWith(page, 'Post 1 with lines')
    await eventually(async () => {
      await page.evaluate('scrollBy(0, 400)')
      return (await last.count()) > 0
    }, 20_000)
    await last.scrollIntoViewIfNeeded()
    return last
  }
  const arrow = (page: Page) => page.getByRole('link', { name: 'Back', exact: true })
  const cardWith = (page: Page, text: string): Locator =>
    page.locator('moblog-post-card').filter({ hasText: text }).first()

  it('leads back to where the user was, with the arrow as with the browser', async () => {
    const page = await openAs(bob, '#/')
    await cardWith(page, 'Post 4').waitFor()
    const scrollY = () => scrollYOf(page)
    for (const goBack of [() => arrow(page).click(), () => page.goBack()]) {
      await cardWith(page, 'Post 4').scrollIntoViewIfNeeded()
      const before = await scrollY()
      expect(before).toBeGreaterThan(500)
      await cardWith(page, 'Post 4').getByRole('link', { name: '0 comments' }).click()
      await arrow(page).waitFor()
      await eventually(async () => (await scrollY()) === 0, 5_000)
      await goBack()
      await becomes(page, '#/')
      await eventually(async () => Math.abs((await scrollY()) - before) < 2, 5_000)
    }
    await page.context().close()
  })

  it.each([
    { list: 'the feed', fragment: () => '#/' },
    { list: 'a moblog', fragment: () => `#/moblog/${ada.id}` },
  ])('leads back to where the user was in $list after the page was loaded again', async ({ fragment }) => {
    const page = await openAs(bob, fragment())
    const last = await scrollToLast(page)
    const before = await scrollYOf(page)
    const comesBack = () => eventually(async () => Math.abs((await scrollYOf(page)) - before) < 2, 20_000)
    await page.reload()
    await comesBack()
    // As after the browser has discarded the page.
    await page.goto('about:blank')
    await page.goBack()
    await comesBack()
    await last.getByRole('link', { name: '0 comments' }).click()
    await arrow(page).waitFor()
    await page.reload()
    await arrow(page).click()
    await comesBack()
    await page.context().close()
  })

  it('leads to the comments of a post once, and then to where the user was', async () => {
    const [cal, eve] = await signUpAll(product.url, ['Cal', 'Eve'])
    await befriend(cal, eve)
    const { id } = await publish(cal, { text: 'A long one\n'.repeat(60) })
    await cal.client.ask('comment-on-post', { input: { postId: id, text: 'First' } })
    const page = await openAs(eve, '#/friends')
    await open(page, `#/post/${id}/comments`)
    await page.getByRole('listitem').filter({ hasText: 'First' }).waitFor()
    await eventually(async () => (await scrollYOf(page)) > 500, 5_000)
    await page.mouse.move(200, 400)
    await page.mouse.wheel(0, -5_000)
    await eventually(async () => (await scrollYOf(page)) === 0, 5_000)
    const returns = [
      () => page.reload(),
      async () => {
        await open(page, '#/settings')
        await page.reload()
        await page.goBack()
      },
    ]
    for (const goAway of returns) {
      await goAway()
      await page.getByRole('listitem').filter({ hasText: 'First' }).waitFor()
      await page.waitForTimeout(500)
      expect(await scrollYOf(page)).toBe(0)
    }
    await page.context().close()
  })

  it('stays where the user goes while a list is read again', async () => {
    const page = await openAs(bob, '#/')
    const last = await scrollToLast(page)
    const before = await scrollYOf(page)
    const read = new AbortController()
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('"after"')) await once(read.signal, 'abort')
      await route.continue()
    })
    // Without what the device has kept, the second page comes from the server.
    await page.evaluate(`indexedDB.deleteDatabase('moblog-cache-${bob.id}')`)
    await page.reload()
    await cardWith(page, 'Post 4').waitFor()
    await eventually(async () => (await scrollYOf(page)) > 500, 10_000)
    await page.mouse.move(200, 400)
    await page.mouse.wheel(0, -300)
    await page.waitForTimeout(300)
    const place = await scrollYOf(page)
    expect(place).toBeLessThan(before - 300)
    read.abort()
    await last.waitFor()
    await page.waitForTimeout(300)
    expect(await scrollYOf(page)).toBe(place)
    await page.context().close()
  })

  it.each(['the browser itself', 'hls.js'])(
    'continues a film that %s plays where the user has left it on another screen, unless it had ended',
    async (source) => {
      filmPost ??= publishFilm()
      const postId = await filmPost
      const page = await openAs(bob, '#/')
      if (source === 'hls.js') {
        await page.addInitScript(`HTMLMediaElement.prototype.canPlayType = () => ''`)
        await page.reload()
      }
      const film = page.locator('moblog-player video').first()
      const stateOf = () => film.evaluate(({ currentTime, ended }: Film) => ({ currentTime, ended }))
      const play = () =>
        page
          .getByRole('button', { name: /^Play: / })
          .first()
          .click()
      const seek = (to: number) =>
        film.evaluate((element: Film, seconds) => {
          element.currentTime = seconds
        }, to)
      await play()
      await eventually(stateOf, ({ currentTime }) => currentTime > 0, 20_000)
      await seek(12)
      await eventually(stateOf, ({ currentTime }) => currentTime > 12.3, 20_000)
      await open(page, `#/post/${postId}`)
      await page.locator('moblog-post-screen moblog-player').waitFor()
      const { currentTime: left } = await stateOf()
      expect(left).toBeGreaterThan(12)
      const slider = page.locator('moblog-player').first().locator('input')
      expect(await slider.getAttribute('aria-valuetext')).toMatch(/^0:1\d of 0:20$/)
      await play()
      await eventually(stateOf, ({ currentTime }) => currentTime > left + 0.3, 20_000)
      await seek(19.8)
      await eventually(stateOf, ({ ended }) => ended, 20_000)
      await page.goBack()
      await page.locator('moblog-home-screen moblog-player').first().waitFor()
      expect(await stateOf()).toEqual({ currentTime: 0, ended: false })
      await page.context().close()
    },
  )

  it('stays in the app with the arrow if a link elsewhere has opened it', async () => {
    const page = await openAs(bob, '#/settings/blocked')
    await arrow(page).click()
    await becomes(page, '#/settings')
    await arrow(page).click()
    await becomes(page, '#/me')
    await page.goBack()
    expect(page.url()).toBe('about:blank#elsewhere')
    await page.context().close()
  })

  it('closes with Back what is open above a screen, and nothing else', async () => {
    const page = await openAs(bob, '#/friends')
    await arrow(page).waitFor()
    await open(page, `#/moblog/${ada.id}`)
    const dialog = page.locator('dialog[open]')
    const photo = page.getByRole('button', { name: /^Show larger/ }).first()
    const menu = cardWith(page, 'A photo').getByRole('button', { name: 'More actions' })
    for (const opener of [photo, menu]) {
      await opener.click()
      await dialog.waitFor()
      await page.goBack()
      await dialog.waitFor({ state: 'detached' })
      expect(await fragmentOf(page)).toBe(`#/moblog/${ada.id}`)
    }
    // A dialog that was closed in another way does not count.
    for (const close of ['Escape', 'Cancel']) {
      await menu.click()
      await dialog.waitFor()
      if (close === 'Escape') await page.keyboard.press('Escape')
      else await dialog.getByRole('button', { name: close }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await page.goBack()
    await becomes(page, '#/friends')
    await page.goForward()
    await becomes(page, `#/moblog/${ada.id}`)
    await arrow(page).click()
    await becomes(page, '#/friends')
    // A link to the screen that is shown changes nothing.
    await open(page, '#/me')
    await page.getByRole('link', { name: 'My moblog' }).click()
    await page.getByRole('link', { name: 'Home' }).click()
    await becomes(page, '#/')
    await page.goBack()
    await becomes(page, '#/me')
    await page.goBack()
    await becomes(page, '#/friends')
    await page.context().close()
  })

  it('keeps what the user has typed and not sent', async () => {
    const page = await openAs(ada, '#/')
    await cardWith(page, 'Post 12').getByRole('link', { name: '0 comments' }).click()
    const comment = page.getByPlaceholder('Write a comment')
    await comment.fill('half a sent')
    await arrow(page).click()
    await becomes(page, '#/')
    await cardWith(page, 'Post 12').getByRole('link', { name: '0 comments' }).click()
    expect(await comment.inputValue()).toBe('half a sent')
    await comment.fill('a whole sentence')
    await page.getByRole('button', { name: 'Send' }).click()
    const sent = page.getByRole('listitem').filter({ hasText: 'a whole sentence' })
    await sent.getByRole('button', { name: 'Reply to Ada' }).click()
    await page.getByPlaceholder('Write a reply').fill('and yet')
    await page.reload()
    await page.getByText('Replying to Ada').waitFor()
    expect(await page.getByPlaceholder('Write a reply').inputValue()).toBe('and yet')

    await cardWith(page, 'Post 12').getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Edit post' }).click()
    const text = page.getByRole('textbox', { name: 'Text of the post' })
    await text.fill('Post 12, better')
    const edit = await fragmentOf(page)
    await page.goBack()
    await comment.or(page.getByPlaceholder('Write a reply')).waitFor()
    await open(page, edit)
    const unsaved = page.getByText('These changes are not saved yet.')
    await unsaved.waitFor()
    expect(await text.inputValue()).toBe('Post 12, better')
    await editElsewhere(edit)
    await page.reload()
    await unsaved.waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('This post was changed on another device meanwhile.').waitFor()
    expect(await text.inputValue()).toBe('Post 12, better')
    await page.getByRole('button', { name: 'Save' }).click()
    await cardWith(page, 'Post 12, better').waitFor()
    await open(page, edit)
    await text.waitFor()
    expect([await text.inputValue(), await unsaved.count()]).toEqual(['Post 12, better', 0])

    await open(page, '#/settings/profile')
    const about = page.getByRole('textbox', { name: 'About you', exact: true })
    await about.fill('I write')
    await page.goBack()
    await about.waitFor({ state: 'detached' })
    await page.goForward()
    await unsaved.waitFor()
    expect(await about.inputValue()).toBe('I write')
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await unsaved.waitFor({ state: 'detached' })
    expect(await about.inputValue()).toBe('')

    await open(page, '#/discover')
    const search = page.getByRole('searchbox')
    await search.fill(bob.handle)
    const found = page.getByRole('link', { name: `@${bob.handle}` })
    await found.click()
    await arrow(page).click()
    await found.waitFor()
    expect(await search.inputValue()).toBe(bob.handle)
    await open(page, '#/me')
    await open(page, '#/discover')
    await search.waitFor()
    expect(await search.inputValue()).toBe('')
    await page.context().close()
  })

  it('explains at its field why a password is not accepted', async () => {
    const page = await openAs(bob, '#/settings/password')
    const [current, next] = [page.locator('input[name=current]'), page.locator('input[name=new]')]
    await page.getByText('At least 8 characters.').waitFor()
    const isFocused = (field: Locator) =>
      field.evaluate((element: { matches(selector: string): boolean }) => element.matches(':focus'))
    await current.fill('not the password')
    await next.fill('short')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.locator('.field', { has: next }).getByText('A new password has 8 to 256 characters.').waitFor()
    expect([await next.getAttribute('aria-invalid'), await isFocused(next)]).toEqual(['true', true])
    await next.fill('long enough for this')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.locator('.field', { has: current }).getByText('This password is wrong.').waitFor()
    expect([await current.getAttribute('aria-invalid'), await isFocused(current)]).toEqual(['true', true])

    await open(page, '#/settings/delete')
    const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
    await page.getByRole('button', { name: 'Delete account' }).click()
    await current.fill('not the password')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await page.getByText('This password is wrong.').count()).toBe(0)
    await page.getByRole('button', { name: 'Delete account' }).click()
    expect([await current.inputValue(), await isFocused(current)]).toEqual(['', true])
    await current.fill('not the password')
    await dialog.getByRole('button', { name: 'Delete account' }).click()
    // The question is still open, and says what is wrong.
    await dialog.locator('.field', { has: current }).getByText('This password is wrong.').waitFor()
    expect([await current.getAttribute('aria-invalid'), await isFocused(current)]).toEqual(['true', true])
    await page.context().close()
  })

  it('begins without a connection with what it has kept, and says so only where it shows something', async () => {
    const page = await openAs(bob, '#/')
    const badge = page.getByRole('link', { name: /Notifications, \d+ unread/ })
    await badge.waitFor()
    await cardWith(page, 'A photo').waitFor()
    await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    await page.reload()
    await badge.waitFor()
    // The cache writes some moments later.
    await page.waitForTimeout(2_000)
    await page.context().setOffline(true)
    await page.reload()
    await cardWith(page, 'A photo').waitFor()
    await badge.waitFor({ timeout: 5_000 })
    await page.getByText('Showing what this device has kept.').first().waitFor()
    await open(page, '#/settings/blocked')
    await page.getByText('this device has not kept this').waitFor()
    expect(await page.getByText('Showing what this device has kept.').count()).toBe(0)
    await page.context().close()
  })

  it.each([
    {
      list: 'the feed',
      locale: 'en-US',
      fragment: '#/',
      comments: '1 comment',
      offline: 'You are offline. The comments, and the field to write one, come with the connection.',
    },
    {
      list: 'a moblog',
      locale: 'zh-CN',
      fragment: '#/moblog/',
      comments: '1 条评论',
      offline: '当前没有网络。恢复连接后即可查看和发表评论。',
    },
  ])(
    'shows without a connection what $list has shown of a post, and the rest when it is back, in $locale',
    async ({ locale, fragment, comments, offline }) => {
      commented ??= publishCommented()
      await commented
      const page = await openAs(bob, fragment === '#/' ? fragment : `${fragment}${ada.id}`, locale)
      const card = cardWith(page, 'A quiet street')
      const picture = card.locator('moblog-gallery img').first()
      const isPictureShown = () =>
        picture.evaluate(({ complete, naturalWidth }: Picture) => complete && naturalWidth > 0)
      await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
      // The service worker keeps the pictures that are loaded from now on.
      await page.reload()
      await card.scrollIntoViewIfNeeded()
      await eventually(isPictureShown, 10_000)
      await page.context().setOffline(true)
      await card.getByRole('link', { name: comments }).click()
      const screen = page.locator('moblog-post-screen')
      await screen.getByText(offline).waitFor()
      await screen.getByText('A quiet street').waitFor()
      await screen.getByText('Ada').first().waitFor()
      await screen.getByRole('link', { name: comments }).waitFor()
      await eventually(isPictureShown, 10_000)
      // The token in an address is replaced every few minutes.
      const newer = (await picture.getAttribute('src'))?.replace(/\/v\/[^/]+\//, '/v/newer/')
      const load = `Object.assign(new Image(), { src: ${JSON.stringify(newer)} }).decode().then(() => true)`
      expect(await page.evaluate(load)).toBe(true)
      // What can be done with the post works as in the list.
      const heart = screen.locator('[aria-pressed]').first()
      const isLiked = await heart.getAttribute('aria-pressed')
      await heart.click()
      await eventually(async () => (await heart.getAttribute('aria-pressed')) !== isLiked, 5_000)
      await screen.getByText(offline).waitFor()
      await page.context().setOffline(false)
      await screen.locator('moblog-comment').getByText('At night too').waitFor()
      await screen.getByText(offline).waitFor({ state: 'detached' })
      await page.context().close()
    },
  )

  it('shows a sign of life before any other file has arrived', async () => {
    const context = await browser.newContext(PHONE)
    const page = await context.newPage()
    // They never arrive.
    await page.route(/\.(css|js)$/, () => {})
    void page.goto(new URL('/', product.url).href, { waitUntil: 'commit' })
    await page.getByRole('img', { name: 'Moblog' }).waitFor()
    await eventually(
      () => page.evaluate(`performance.getEntriesByName('first-contentful-paint').length === 1`),
      5_000,
    )
    await context.close()

    const started = await openAs(bob, '#/')
    await cardWith(started, 'A photo').waitFor()
    await started.locator('.start').waitFor({ state: 'hidden' })
    await started.context().close()
  })

  it('also works on a plain HTTP address, as developers open it on a phone', async () => {
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, bob)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(`http://${INSECURE_HOST}:${new URL(product.url).port}/#/`)
    expect(await page.evaluate('isSecureContext')).toBe(false)
    const card = cardWith(page, 'Post 11')
    await card.getByRole('button', { name: /like/i }).click()
    await eventually(async () => {
      const { moblog } = await ada.client.ask('moblog-posts', { id: ada.id })
      return moblog?.posts.edges.some(({ node }) => node.likeCount === 1)
    })
    const copyLink = async () => {
      await card.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Copy link' }).click()
    }
    await copyLink()
    await page.getByText('Link copied').waitFor()
    // Not all browsers copy without the clipboard of secure pages.
    await page.evaluate('document.execCommand = () => false')
    await copyLink()
    const byHand = page.getByRole('dialog').getByRole('textbox', { name: 'Copy link' })
    const link = await byHand.inputValue()
    expect(link).toMatch(/\/#\/post\/[\da-f-]{36}$/)
    expect(await byHand.evaluate((field: Field) => field.selectionEnd - field.selectionStart)).toBe(
      link.length,
    )
    await page.keyboard.press('Escape')
    await open(page, '#/write')
    const text = page.getByRole('textbox', { name: 'Text of the post' })
    await text.press('ControlOrMeta+v')
    expect(await text.inputValue()).toBe(link)
    await page.getByRole('button', { name: 'Record sound' }).click()
    await page.getByText('Browsers record only on addresses that begin with https.').waitFor()
    await page.goBack()
    expect(errors).toEqual([])
    await context.close()
  })

  it('ends a recording with Back, keeps it with the next one, and leaves the composer with the third', async () => {
    const page = await openAs(bob, '#/')
    await cardWith(page, 'A photo').waitFor()
    await open(page, '#/write')
    const recorder = page.locator('dialog[open] moblog-recorder')
    await page.getByRole('button', { name: 'Record sound' }).click()
    await recorder.getByRole('button', { name: 'Cancel' }).waitFor()
    await page.goBack()
    await recorder.waitFor({ state: 'detached' })
    expect(await fragmentOf(page)).toBe('#/write')

    await page.getByRole('button', { name: 'Record sound' }).click()
    await recorder.evaluate((element: { countdown: number }) => {
      element.countdown = 0
    })
    await recorder.getByRole('button', { name: 'Start recording' }).click()
    await page.waitForTimeout(1_500)
    await page.goBack()
    await recorder.getByRole('button', { name: 'Use it' }).waitFor()
    await page.goBack()
    await recorder.waitFor({ state: 'detached' })
    await page.locator('moblog-composer-item').waitFor()
    expect(await fragmentOf(page)).toBe('#/write')
    await page.goBack()
    await becomes(page, '#/')
    await page.context().close()
  })
})
