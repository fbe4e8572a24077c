import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { layoutProblems } from '../testing/product/layout-problems.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

// The part of elements that these tests read; the types of a page are not known here.
type Matchable = { matches(selector: string): boolean }
type Ranged = {
  ownerDocument: {
    createRange(): { selectNodeContents(element: Ranged): void; getBoundingClientRect(): { right: number } }
  }
}
type Coloured = {
  ownerDocument: { defaultView: { getComputedStyle(element: Coloured): { color: string } } }
}
type Pictured = { naturalWidth: number }

/** Where the text of an element ends on the right. */
const endOfText = (element: Ranged): number => {
  const range = element.ownerDocument.createRange()
  range.selectNodeContents(element)
  return range.getBoundingClientRect().right
}

type Styled = {
  ownerDocument: { defaultView: { getComputedStyle(element: Styled, part: string): { content: string } } }
}

/** What the style adds before the content of an element. */
const addedBefore = (element: Styled) =>
  element.ownerDocument.defaultView.getComputedStyle(element, '::before').content

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'en-US' }

describeInBrowser()('what users do with each other in the web client', () => {
  let product: Product
  let browser: Browser
  let ada: Person
  let bob: Person

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
    const people = await signUpAll(product.url, ['Ada', 'Bob', 'Noor'])
    ;[ada, bob] = people
    await befriend(ada, bob)
    const [, , noor] = people
    await noor.client.ask('update-moblog', { input: { title: 'Noor', about: 'عن المدينة' } })
    await publish(noor, { text: 'صباح', audience: 'PUBLIC' })
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  async function openAs(
    person: Person | null,
    fragment: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const context = await browser.newContext({ ...PHONE, ...options })
    if (person) await keepSignedIn(context, person)
    const page = await context.newPage()
    await page.goto(new URL(`/${fragment}`, product.url).href)
    return page
  }

  /** Waits until an element is on the screen and has stopped moving, not below the bars at its top and bottom. */
  const isSeen = async (element: Locator) => {
    let before = Number.NaN
    await eventually(async () => {
      const { y = Number.NaN } = (await element.boundingBox()) ?? {}
      const rests = y === before && y >= 50 && y < 700
      before = y
      return rests
    }, 8_000)
  }

  /** Waits until an element ends above another one, and begins on the lower half of the screen. */
  const isAbove = async (upper: Locator, lower: Locator) =>
    eventually(async () => {
      const [above, below] = await Promise.all([upper.boundingBox(), lower.boundingBox()])
      return above !== null && below !== null && above.y > below.y / 2 && above.y + above.height <= below.y
    })

  /** Waits until an element has the focus. */
  const isFocused = (element: Locator) =>
    eventually(() =>
      element.evaluate((each: { matches(selector: string): boolean }) => each.matches(':focus')),
    )

  const open = (page: Page, fragment: string) => page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)

  it('reads a screen by itself when the connection is back', async () => {
    const page = await openAs(bob, '#/')
    await page.getByRole('link', { name: 'Friends' }).first().waitFor()
    // The code of the screens is kept by the service worker.
    await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    await page.context().setOffline(true)
    await open(page, '#/friends')
    await page.getByText('this device has not kept this').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('link', { name: /^Ada/ }).waitFor({ timeout: 10_000 })
    expect(await page.getByText('this device has not kept this').count()).toBe(0)
    await page.context().close()
  })

  it('offers the newest version if the server does not accept this one, and does not blame the connection', async () => {
    const page = await openAs(null, '', { serviceWorkers: 'block' })
    const code = 'PERSISTED_QUERY_NOT_IN_LIST'
    await page.route('**/graphql', (route) =>
      route.fulfill({ status: 400, json: { errors: [{ message: 'refused', extensions: { code } }] } }),
    )
    await page.locator('input[name=handle]').fill('ada')
    await page.locator('input[name=password]').fill('a long password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page
      .getByRole('alert')
      .filter({ hasText: 'This version of the app is no longer accepted.' })
      .waitFor()
    const isLoaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Load again' }).click()
    await isLoaded
    await page.context().close()
  })

  it.each(['calmly', 'smoothly'])(
    'opens a post at its comments, and shows the one that is sent, %s',
    async (how) => {
      const { id } = await publish(ada, { text: `A long story, told ${how}.\n${'More of it.\n'.repeat(60)}` })
      for (let number = 1; number <= 40; number += 1)
        await ada.client.ask('comment-on-post', { input: { postId: id, text: `Chapter ${number}` } })
      const reducedMotion = how === 'calmly' ? 'reduce' : 'no-preference'
      const page = await openAs(bob, '#/', { reducedMotion })
      const card = page.locator('moblog-home-screen moblog-post-card').filter({ hasText: `told ${how}` })
      await card.getByRole('link', { name: '40 comments' }).click()
      await isSeen(page.getByRole('heading', { name: '40 comments' }))
      expect(await page.evaluate('scrollY')).toBeGreaterThan(800)
      const field = page.getByRole('textbox', { name: 'Write a comment' })
      await field.fill('Chapter 1')
      await page.getByRole('button', { name: 'Send' }).click()
      await isSeen(page.locator('moblog-comment').filter({ hasText: /Bob\s*Chapter 1/ }))

      // Back leads to where the user was, and not to the comments again.
      await page.evaluate('scrollTo({ top: 300 })')
      await sleep(200)
      await page
        .locator('moblog-comment a')
        .first()
        .evaluate((link: { click(): void }) => link.click())
      await page.locator('moblog-moblog-screen .hero').waitFor()
      await page.goBack()
      await page.getByRole('heading', { name: '41 comments' }).waitFor()
      await eventually(async () => (await page.evaluate<number>('scrollY')) === 300, 5_000)
      await page.context().close()
    },
  )

  it('shows all of a comment and of a reply that were just sent above the field', async () => {
    const { id } = await publish(ada, { text: 'A story.\n'.repeat(40) })
    const page = await openAs(bob, `#/post/${id}`, { reducedMotion: 'reduce' })
    const form = page.locator('moblog-post-screen form')
    const isWhole = async (text: string) => {
      const comment = page.locator('moblog-comment').filter({ hasText: text })
      await comment.getByRole('button', { name: 'Reply' }).waitFor()
      await sleep(500)
      const [above, below] = await Promise.all([comment.boundingBox(), form.boundingBox()])
      expect((above?.y ?? 0) + (above?.height ?? Number.NaN)).toBeLessThan((below?.y ?? 0) + 1)
    }
    const field = form.getByRole('textbox')
    await field.fill(`First ${'and so on '.repeat(30)}`)
    await page.getByRole('button', { name: 'Send' }).click()
    await isWhole('First')
    await page.locator('moblog-comment').getByRole('button', { name: 'Reply' }).click()
    await field.fill(`Second ${'and so on '.repeat(30)}`)
    await page.getByRole('button', { name: 'Send' }).click()
    await isWhole('Second')
    await page.context().close()
  })

  it('cuts no text that is too long, says how long it is and may be, and sends it when it is short enough', async () => {
    const [person] = await signUpAll(product.url, ['Lin'])
    const { id } = await publish(person, { text: 'For long comments' })
    const input = { name: 'Family' }
    const { createAudienceList } = await person.client.ask('create-audience-list', { input })
    const { audienceList } = expectMember(createAudienceList, 'CreateAudienceListPayload')
    const page = await openAs(person, `#/post/${id}`)
    const alert = page.getByRole('alert')
    const comment = page.getByPlaceholder('Write a comment')
    const longest = '😀'.repeat(2_000)
    await comment.click()
    await page.keyboard.insertText(`${longest}END`)
    await alert.getByText('2,003 of 2,000 characters. Shorten the text.').waitFor()
    expect(await comment.inputValue()).toBe(`${longest}END`)
    const smallest = { width: 320, height: 568, text: '100%', colorScheme: 'light' } as const
    expect(await layoutProblems(page, [smallest])).toEqual([])
    await page.keyboard.press('ControlOrMeta+Enter')
    expect(await comment.inputValue()).toBe(`${longest}END`)
    for (const _ of 'END') await page.keyboard.press('Backspace')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('moblog-comment').getByText(longest).waitFor()
    await page.locator('moblog-comment').getByRole('button', { name: 'Reply' }).waitFor()

    for (const [fragment, name, most, act] of [
      [`#/edit/${id}`, 'Content warning', 200, 'Save'],
      ['#/settings/profile', 'Name', 50, 'Save'],
      ['#/settings/profile', 'About you', 500, 'Save'],
      ['#/settings/profile', 'Title of your moblog', 100, 'Save'],
      ['#/settings/profile', 'About your moblog', 1_000, 'Save'],
      ['#/lists', 'New list', 50, 'Create'],
      [`#/lists/${audienceList.id}`, 'Name', 50, 'Save'],
      ['#/discover', 'Search', 100, null],
    ] as const) {
      await open(page, fragment)
      const field = page.getByLabel(name, { exact: true })
      const button = act && page.getByRole('button', { name: act, exact: true })
      const before = await field.inputValue()
      await field.fill('😀'.repeat(most + 1))
      await alert
        .getByText(`${(most + 1).toLocaleString('en')} of ${most.toLocaleString('en')} characters.`)
        .waitFor()
      expect([fragment, name, (await button?.isDisabled()) ?? true]).toEqual([fragment, name, true])
      await field.fill('😀'.repeat(most))
      await alert.waitFor({ state: 'detached' })
      expect([fragment, name, (await button?.isEnabled()) ?? true]).toEqual([fragment, name, true])
      await field.fill(before)
    }
    await page.context().close()
  })

  it('leads to the field if a post has no comments', async () => {
    const { id } = await publish(ada, { text: 'Nothing to say' })
    const page = await openAs(bob, `#/post/${id}/comments`)
    const field = page.getByRole('textbox', { name: 'Write a comment' })
    await field.waitFor()
    await eventually(() => field.evaluate((each: Matchable) => each.matches(':focus')))
    await page.context().close()
  })

  it('shows at once and in words who sees an own post that is not for all friends', async () => {
    const { createAudienceList } = await ada.client.ask('create-audience-list', { input: { name: 'Party' } })
    const { audienceList } = expectMember(createAudienceList, 'CreateAudienceListPayload')
    const list = { audienceListId: audienceList.id }
    await publish(ada, { text: 'For all friends' })
    await publish(ada, { text: 'For everyone', audience: 'PUBLIC' })
    await publish(ada, { text: 'For the list', audience: 'ONLY_LIST', ...list })
    await publish(ada, { text: 'For the others', audience: 'EXCEPT_LIST', ...list })
    await publish(ada, { text: 'For myself', audience: 'ONLY_ME' })
    const page = await openAs(ada, '#/', { viewport: { width: 320, height: 568 } })
    await page.locator('moblog-home-screen').getByText('For myself').waitFor()
    await open(page, '#/me')
    const audienceOf = async (text: string) => {
      const mark = page
        .locator('moblog-moblog-screen moblog-post-card')
        .filter({ hasText: text })
        .locator('.audience')
      return [(await mark.textContent())?.trim(), await mark.getAttribute('aria-label')]
    }
    await page.locator('moblog-moblog-screen').getByText('For all friends').waitFor()
    expect(await audienceOf('For all friends')).toEqual(['', 'Visible to: Friends'])
    expect(await audienceOf('For everyone')).toEqual(['Everyone', 'Visible to: Everyone'])
    expect(await audienceOf('For the list')).toEqual(['Party', 'Visible to: Party'])
    expect((await audienceOf('For the others'))[0]).toBe('Friends except “Party”')
    expect((await audienceOf('For myself'))[0]).toBe('Only you')
    // The dot before the audience is on its line.
    const line = page.locator('moblog-moblog-screen moblog-post-card .when').first()
    expect(await line.textContent()).not.toContain('·')
    expect(await line.locator('.audience').evaluate(addedBefore)).toBe('"·"')

    // A post that waits for the connection has it too.
    await open(page, '#/write')
    await page.getByRole('textbox', { name: 'Text of the post' }).fill('For the list, later')
    await page.getByRole('radio', { name: 'Only a list' }).check()
    await page.getByRole('combobox', { name: 'List' }).selectOption({ label: 'Party' })
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Publish' }).click()
    const waiting = page.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'later' })
    await waiting.getByText('Party').waitFor()
    await page.context().close()
  })

  it('opens a post from its text and from its time', async () => {
    await publish(ada, { text: 'Press me', audience: 'PUBLIC' })
    const page = await openAs(bob, `#/moblog/${ada.id}`)
    const card = page.locator('moblog-moblog-screen moblog-post-card').filter({ hasText: 'Press me' })
    for (const part of ['.text', '.when time']) {
      await card.locator(part).click()
      await page.locator('moblog-post-screen').getByText('Press me').waitFor()
      await page.goBack()
    }
    await card.locator('.who strong').click()
    await sleep(300)
    expect(await page.evaluate('location.hash')).toBe(`#/moblog/${ada.id}`)
    await page.context().close()
  })

  it('says that a user was blocked, unblocked, muted or is no longer a friend, with the way back', async () => {
    const [jun] = await signUpAll(product.url, ['Jun'])
    await befriend(ada, jun)
    await publish(jun, { text: 'Hello from Jun' })
    const page = await openAs(ada, `#/moblog/${jun.id}`, { viewport: { width: 320, height: 568 } })
    const notice = page.locator('moblog-notice')
    const press = (name: string) => notice.getByRole('button', { name }).click()
    const chooseAbout = async (name: string) => {
      await page.locator('header.top').getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('dialog').getByRole('button', { name }).click()
    }
    await page.locator('.hero').getByText('Friends', { exact: true }).waitFor()

    await chooseAbout('Mute Jun')
    await notice.getByText('New posts of Jun are no longer in your feeds.').waitFor()
    const navigation = page.getByRole('navigation', { name: 'Main navigation' })
    await isAbove(notice.locator('.notice'), navigation)
    // It covers what can be scrolled above it, but no bar.
    const problems = await layoutProblems(page)
    expect(problems.filter((problem) => !problem.includes('covered: moblog-post-card'))).toEqual([])
    await page.setViewportSize({ width: 320, height: 568 })
    await page.locator('.hero .muted').waitFor()
    await press('Undo')
    await notice.getByText('New posts of Jun are in your feeds again.').waitFor()
    await page.locator('.hero .muted').waitFor({ state: 'detached' })

    await chooseAbout('Block')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Block', exact: true })
      .locator('svg')
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByRole('heading', { name: 'You blocked Jun' }).waitFor()
    // The screen says it, with the way back. A notice would say the same, and the one before is about the past.
    expect(await notice.count()).toBe(0)
    expect(await page.getByText('This moblog does not exist').count()).toBe(0)
    expect(await page.locator('header.top').getByRole('heading', { name: 'Jun' }).count()).toBe(1)
    await page.locator('moblog-empty').getByRole('link', { name: 'Blocked users' }).click()
    await page.getByRole('button', { name: 'Unblock: Jun' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'You blocked Jun' }).waitFor()
    await page.locator('moblog-empty').getByRole('button', { name: 'Unblock' }).click()
    await notice.getByText('You no longer block Jun.').waitFor()
    await page.getByRole('button', { name: 'Add friend' }).waitFor()
    await press('Undo')
    await page.getByRole('heading', { name: 'You blocked Jun' }).waitFor()
    expect(await notice.count()).toBe(0)
    await page.locator('moblog-empty').getByRole('button', { name: 'Unblock' }).click()
    await page.getByRole('button', { name: 'Add friend' }).waitFor()

    await befriend(jun, ada)
    await page.reload()
    await page.locator('.hero').getByText('Friends', { exact: true }).waitFor()
    await chooseAbout('End friendship')
    await page.getByRole('dialog').getByRole('button', { name: 'End friendship' }).click()
    await notice.getByText('You and Jun are no longer friends.').waitFor()
    await press('Add friend')
    await page.getByRole('button', { name: 'Withdraw request' }).waitFor()
    await page.context().close()
  })

  it('closes what it has said with its button and with Escape, and does not cover the field for comments', async () => {
    const { id } = await publish(ada, { text: 'Quiet, please.\n'.repeat(60) })
    const page = await openAs(bob, `#/post/${id}`)
    const notice = page.locator('moblog-notice')
    const menu = page.locator('moblog-post-card').getByRole('button', { name: 'More actions' })
    await menu.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mute Ada' }).click()
    await notice.getByRole('button', { name: 'Undo' }).waitFor()
    await isAbove(notice.locator('.notice'), page.locator('moblog-post-screen form'))
    await notice.getByRole('button', { name: 'Undo' }).click()
    await notice.getByText('in your feeds again').waitFor()
    await notice.getByRole('button', { name: 'Close' }).click()
    await notice.waitFor({ state: 'detached' })
    await menu.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mute Ada' }).click()
    await notice.getByRole('button', { name: 'Undo' }).click()
    await notice.getByText('in your feeds again').waitFor()
    await page.keyboard.press('Escape')
    await notice.waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('says that the author of a post on the screen was blocked', async () => {
    const [kai] = await signUpAll(product.url, ['Kai'])
    const { id } = await publish(kai, { text: 'Hello from Kai', audience: 'PUBLIC' })
    const page = await openAs(ada, `#/post/${id}`, { viewport: { width: 320, height: 568 } })
    await page.locator('moblog-post-card').getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
    const notice = page.locator('moblog-notice')
    await notice.getByText('You blocked Kai.').waitFor()
    // Its actions are in one row, and what closes it is beside the text.
    const [text, close, ...acts] = await Promise.all(
      [
        notice.getByText('You blocked Kai.'),
        ...['Close', 'Unblock', 'Blocked users'].map((name) =>
          notice.getByRole('button', { name, exact: true }),
        ),
      ].map((part) => part.boundingBox()),
    )
    expect(new Set(acts.map((act) => act?.y)).size).toBe(1)
    expect(close?.y).toBeLessThan((text?.y ?? 0) + (text?.height ?? 0))
    await page.getByText('You can no longer see this post').waitFor()
    await page.context().close()
  })

  it('shows at once who was added to a list', async () => {
    const input = { name: 'Closest' }
    const { createAudienceList } = await bob.client.ask('create-audience-list', { input })
    const { audienceList } = expectMember(createAudienceList, 'CreateAudienceListPayload')
    const page = await openAs(bob, `#/lists/${audienceList.id}`, { viewport: { width: 320, height: 568 } })
    await page.getByText('Friends whom you add below appear here.').waitFor()
    // The answer of the server takes its time.
    let answer: 'late' | 'never' = 'late'
    await page.route('**/graphql', async (route) => {
      const isChange = route.request().postData()?.includes('ChangeAudienceListMembers')
      if (isChange && answer === 'never') return route.abort()
      if (isChange) await sleep(1_500)
      await route.continue()
    })
    const add = page.getByRole('button', { name: 'Add Ada to the list' })
    const added = page.getByRole('list', { name: 'Added now' })
    await add.click()
    await added.getByRole('link', { name: 'Ada' }).waitFor({ timeout: 900 })
    await page.getByRole('heading', { name: 'In this list (1)' }).waitFor()
    expect(await added.getByRole('listitem').count()).toBe(1)
    await page.getByRole('button', { name: 'Remove Ada from the list' }).click()
    await added.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'In this list (0)' }).waitFor()
    expect(await page.getByText('Add more friends below.').count()).toBe(0)

    // What the server refuses is not in the list.
    answer = 'never'
    await add.click()
    await page.getByText('You are offline, and this was not done.').waitFor()
    expect(await added.count()).toBe(0)

    answer = 'late'
    await add.click()
    await added.waitFor()
    await page.getByText('Ada is in the list.').waitFor({ state: 'attached' })
    await page.reload()
    await page.getByText('Add more friends below.').waitFor()
    expect(await page.getByText('Friends whom you add below appear here.').count()).toBe(0)
    await page.context().close()
  })

  it('gives the focus back to what opened a menu or a question, or to what is near it when it is gone', async () => {
    const { id } = await publish(ada, { text: 'For the keyboard' })
    const page = await openAs(ada, `#/post/${id}`)
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const more = page.locator('moblog-post-card').getByRole('button', { name: 'More actions' })
    const field = page.getByPlaceholder('Write a comment')
    const dialog = page.getByRole('dialog')
    await more.focus()
    await press('Enter')
    await dialog.getByRole('button', { name: 'Delete post' }).focus()
    await press('Enter')
    // The safe answer has the focus.
    await isFocused(dialog.getByRole('button', { name: 'Cancel' }))
    await press('Enter')
    await isFocused(more)

    for (const text of ['First', 'Second']) {
      await field.fill(text)
      await page.getByRole('button', { name: 'Send' }).click()
      await isFocused(field)
      await page.locator('moblog-comment', { hasText: text }).getByRole('button', { name: 'Reply' }).waitFor()
    }
    const remove = async (text: string) => {
      await page.locator('moblog-comment', { hasText: text }).getByRole('button', { name: 'Delete' }).focus()
      await press('Enter')
      await dialog.getByRole('button', { name: 'Delete comment' }).focus()
      await press('Enter')
    }
    await remove('First')
    await isFocused(page.locator('moblog-comment', { hasText: 'Second' }).getByRole('link', { name: 'Ada' }))
    await remove('Second')
    await isFocused(page.getByRole('heading', { name: 'Post', exact: true }))
    await page.context().close()

    // What brings a post back that was hidden takes its place.
    await publish(ada, { text: 'Not for everyone to see twice' })
    const reader = await openAs(bob, '#/')
    const card = reader.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'to see twice' })
    await card.getByRole('button', { name: 'More actions' }).focus()
    await reader.keyboard.press('Enter')
    await reader.getByRole('dialog').getByRole('button', { name: 'Hide post' }).focus()
    await reader.keyboard.press('Enter')
    await isFocused(reader.locator('moblog-home-screen').getByRole('button', { name: 'Show again' }))
    await reader.context().close()
  })

  it('says goodbye after an account was deleted, and what was deleted', async () => {
    const [eve] = await signUpAll(product.url, ['Eve'])
    await publish(eve, { text: 'Soon gone' })
    const page = await openAs(null, '', { viewport: { width: 320, height: 568 } })
    await page.locator('input[name=handle]').fill(eve.handle)
    await page.locator('input[name=password]').fill(eve.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    await open(page, '#/settings/delete')
    await page.getByRole('button', { name: 'Delete account' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
    await dialog.locator('input').fill(eve.password)
    await dialog.getByRole('button', { name: 'Delete account' }).click()
    await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor()
    await page.getByText('your moblog with all posts').waitFor()
    await page.getByText(`Nobody can take the handle @${eve.handle} again.`).waitFor()
    await page.getByText('Everything is erased.').waitFor()
    await page.getByRole('button', { name: 'To the start page' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
    await page.context().close()
  })

  it('says on the start page that the session was ended, and if nobody can sign in there', async () => {
    const [uma] = await signUpAll(product.url, ['Uma'])
    const page = await openAs(null, '', { viewport: { width: 320, height: 568 } })
    await page.locator('input[name=handle]').fill(uma.handle)
    await page.locator('input[name=password]').fill(uma.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    await uma.client.ask('sign-out-everywhere', {})
    const ended = page.getByRole('alert').filter({ hasText: 'ended on another device or has expired' })
    await ended.waitFor()
    await page.route('**/sample-accounts.json', (route) =>
      route.fulfill({ json: [], headers: { 'moblog-signs-in-elsewhere': 'true' } }),
    )
    await page.reload()
    await page.getByText('The accounts of this server belong to another app.').waitFor()
    expect(await page.locator('form').count()).toBe(0)
    await page.context().close()
  })

  it('answers a friend request in the inbox, and does not ask again', async () => {
    const [gil, hoa, ida] = await signUpAll(product.url, ['Gil', 'Hoa', 'Ida'])
    for (const asking of [hoa, ida]) await asking.client.ask('request-friend', { input: { userId: gil.id } })
    const page = await openAs(gil, '#/inbox', { viewport: { width: 320, height: 568 } })
    const row = (name: string) => page.locator('moblog-inbox-screen li').filter({ hasText: name })
    await row('Hoa').getByText('would like to be your friend.').waitFor()
    await row('Hoa').getByRole('button', { name: 'Accept: Hoa' }).click()
    await row('Hoa').getByText('is your friend now.').waitFor()
    expect(await row('Hoa').getByRole('button').count()).toBe(0)
    await row('Ida').getByRole('button', { name: 'Decline: Ida' }).click()
    const question = page.getByRole('dialog', { name: 'Decline the request of Ida?' })
    await question.getByText('Ida is not told').waitFor()
    await question.getByRole('button', { name: 'Decline' }).click()
    await row('Ida').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('marks a notification as read when it or its post is opened, and leads to the comment that it is about', async () => {
    const [pia, rex] = await signUpAll(product.url, ['Pia', 'Rex'])
    await befriend(pia, rex)
    const post = await publish(pia, { text: 'A walk' })
    const other = await publish(pia, { text: 'A swim' })
    await rex.client.ask('comment-on-post', { input: { postId: post.id, text: 'Where was it?' } })
    for (const { id: postId } of [post, other]) await rex.client.ask('like-post', { input: { postId } })
    const unread = async () => (await pia.client.ask('notifications', {})).viewer?.notifications?.unreadCount
    // That of the friendship, too.
    await eventually(unread, (count) => count === 4)
    const page = await openAs(pia, '#/inbox')
    await page.getByText('Where was it?').click()
    await page.getByRole('heading', { name: '1 comment' }).waitFor()
    expect(new URL(page.url()).hash).toBe(`#/post/${post.id}/comments`)
    // The like of the same post as well, which is on the screen too.
    await eventually(unread, (count) => count === 2)
    await page.goBack()
    const row = (text: string) => page.locator('moblog-inbox-screen li').filter({ hasText: text })
    await row('A swim').locator('.unread').waitFor()
    for (const text of ['Where was it?', 'A walk']) expect(await row(text).locator('.unread').count()).toBe(0)
    // From elsewhere, too.
    await page.goto(new URL(`/#/post/${other.id}`, product.url).href)
    await eventually(unread, (count) => count === 1)
    await page.context().close()
  })

  it('counts unread notifications anew when one arrives, because another device may have read some', async () => {
    const [leo, mia, noa, ole] = await signUpAll(product.url, ['Leo', 'Mia', 'Noa', 'Ole'])
    const page = await openAs(leo, '#/')
    const badge = (name: string) => page.getByRole('link', { name, exact: true })
    for (const asking of [mia, noa]) await asking.client.ask('request-friend', { input: { userId: leo.id } })
    await badge('Notifications, 2 unread').waitFor()
    const { viewer } = await leo.client.ask('notifications', {})
    const upTo = viewer?.notifications?.edges[0]?.node.id
    await leo.client.ask('mark-notifications-read', { input: { upTo } })
    await ole.client.ask('request-friend', { input: { userId: leo.id } })
    await badge('Notifications, 1 unread').waitFor()
    // On a wide screen, the name of the link also holds the text that is seen.
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.evaluate(AXE)
    const rules = { runOnly: ['label-content-name-mismatch'] }
    const found = await page.evaluate<string[]>(
      `axe.run(${JSON.stringify(rules)}).then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))`,
    )
    expect(found.filter((html) => html.includes('#/inbox'))).toEqual([])
    await page.context().close()
  })

  it('counts unread notifications anew when those of a blocked user have disappeared', async () => {
    const [una, vic, wes] = await signUpAll(product.url, ['Una', 'Vic', 'Wes'])
    for (const asking of [vic, wes]) await asking.client.ask('request-friend', { input: { userId: una.id } })
    const page = await openAs(una, `#/moblog/${vic.id}`)
    const badge = (name: string) => page.getByRole('link', { name, exact: true })
    await badge('Notifications, 2 unread').waitFor()
    await page.locator('header.top').getByRole('button', { name: 'More actions' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Block' }).click()
    await dialog.getByRole('button', { name: 'Block', exact: true }).locator('svg').waitFor()
    await dialog.getByRole('button', { name: 'Block', exact: true }).click()
    await badge('Notifications, 1 unread').waitFor({ timeout: 10_000 })
    await page.context().close()
  })

  it('gives the frame of the browser the colour of the theme, and prints in light colours without navigation', async () => {
    const page = await openAs(ada, '#/settings', { colorScheme: 'light' })
    const text = page.getByRole('heading').first()
    const colours = () =>
      page.evaluate(`({
        frame: [...document.querySelectorAll('[name=theme-color]')].find(({ media }) => matchMedia(media).matches).content,
        paper: getComputedStyle(document.documentElement).backgroundColor,
      })`)
    const light = { frame: '#faf6f0', paper: 'rgb(250, 246, 240)' }
    const dark = { frame: '#131110', paper: 'rgb(19, 17, 16)' }
    await text.waitFor()
    expect(await colours()).toEqual(light)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await colours()).toEqual(dark)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.locator('select:has(option[value=dark])').selectOption('dark')
    await eventually(async () => JSON.stringify(await colours()) === JSON.stringify(dark))
    await page.reload()
    await text.waitFor()
    expect(await colours()).toEqual(dark)
    const navigation = page.getByRole('navigation')
    await navigation.waitFor()
    const ink = () =>
      text.evaluate((each: Coloured) => each.ownerDocument.defaultView.getComputedStyle(each).color)
    expect(await ink()).toBe('rgb(243, 237, 230)')
    await page.emulateMedia({ media: 'print' })
    expect([await colours(), await ink()]).toEqual([
      expect.objectContaining({ paper: light.paper }),
      'rgb(31, 27, 24)',
    ])
    expect(await navigation.isVisible()).toBe(false)
    expect(await page.locator('main').isVisible()).toBe(true)
    await page.context().close()
  })

  it('shows how long ago something was while the time passes, by the clock of the server', async () => {
    const [pia] = await signUpAll(product.url, ['Pia'])
    await publish(pia, { text: 'A story', lifetimeSeconds: 6 * 3_600 })
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, pia)
    const page = await context.newPage()
    await page.clock.install({ time: new Date() })
    await page.goto(new URL('/', product.url).href)
    const card = page.locator('moblog-post-card').filter({ hasText: 'A story' })
    const shows = async (age: string, rest: string) => {
      await card.locator('time').getByText(age, { exact: true }).waitFor({ timeout: 5_000 })
      await card.getByText(rest).waitFor({ timeout: 5_000 })
    }
    await shows('now', 'in 6 hr.')
    await page.clock.runFor(60_000)
    await shows('1 min. ago', 'in 6 hr.')
    await page.clock.fastForward('03:00:00')
    await shows('3 hr. ago', 'in 3 hr.')
    // The device has slept: no timer has run when the user looks at the page.
    await page.clock.setSystemTime(new Date(Date.now() + 4 * 3_600_000))
    const look = () => page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await look()
    await shows('4 hr. ago', 'in 2 hr.')
    await page.evaluate(`localStorage.setItem('moblog-session', JSON.stringify({
      ...JSON.parse(localStorage.getItem('moblog-session')), clockAheadMs: 3 * 3600000,
    }))`)
    await look()
    await shows('1 hr. ago', 'in 5 hr.')
    await context.close()
  })

  it.each([
    ['ahead', 1],
    ['behind', -1],
  ])(
    'shows pictures although the clock of the device is a day %s, and asks for no new addresses',
    async (_how, days) => {
      const [sam] = await signUpAll(product.url, ['Sam'])
      const [photo, film] = [
        await uploadByTus(sam, await mediaFile('photo.jpg')),
        await uploadByTus(sam, await mediaFile('clip.mp4')),
      ]
      await publish(sam, { text: 'Seen', mediaIds: [photo.id] })
      await publish(sam, { text: 'Played', mediaIds: [film.id] })
      await sam.client.ask('update-profile', { input: { avatarMediaId: photo.id } })
      for (const { id } of [photo, film])
        await eventually(
          async () => (await sam.client.ask('media', { id })).media?.state,
          (state) => state === 'READY',
          60_000,
        )
      const context = await browser.newContext(PHONE)
      await keepSignedIn(context, sam)
      const clockAheadMs = days * 24 * 3_600_000
      await context.addInitScript(`{
      const now = Date.now
      Date.now = () => now() + ${clockAheadMs}
      const session = JSON.parse(localStorage.getItem('moblog-session'))
      const expiresAt = new Date(Date.now() + 600_000).toISOString()
      localStorage.setItem('moblog-session', JSON.stringify({ ...session, expiresAt, clockAheadMs: ${clockAheadMs} }))
    }`)
      const page = await context.newPage()
      let renewals = 0
      page.on('request', (request) => {
        if (/\bquery Media\b/.test(request.postData() ?? '')) renewals += 1
      })
      await page.goto(new URL('/', product.url).href)
      const cards = page.locator('moblog-post-card')
      const isLoaded = (picture: Locator) =>
        eventually(
          async () =>
            picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
          10_000,
        )
      await isLoaded(cards.filter({ hasText: 'Seen' }).locator('moblog-gallery img').first())
      await isLoaded(cards.filter({ hasText: 'Seen' }).locator('moblog-avatar img').first())
      await isLoaded(cards.filter({ hasText: 'Played' }).locator('moblog-player img').first())
      expect(renewals).toBe(0)
      await context.close()
    },
  )

  it('tells of own files together, in everyday words, and not as news after they were posted', async () => {
    const [kim] = await signUpAll(product.url, ['Kim'])
    const files = await Promise.all([mediaFile('photo.jpg'), mediaFile('photo.jpg')])
    const ids: string[] = []
    for (const [index, file] of files.entries()) {
      const { id } = await uploadByTus(kim, { ...file, name: `beach ${index + 1}.jpg` })
      ids.push(id)
      await eventually(
        async () => (await kim.client.ask('media', { id })).media?.state,
        (state) => state === 'READY',
        60_000,
      )
    }
    const page = await openAs(kim, '#/inbox', { viewport: { width: 320, height: 568 } })
    await page.getByText('2 files are ready to post.').waitFor()
    await page.getByText('beach 2.jpg · beach 1.jpg').waitFor()
    expect(await page.locator('moblog-inbox-screen li').count()).toBe(1)
    expect(await page.locator('moblog-inbox-screen .unread').count()).toBe(1)
    await page.getByRole('link', { name: 'Notifications, 2 unread' }).waitFor()
    await page.context().close()

    await publish(kim, { text: 'At the beach', mediaIds: ids })
    await eventually(
      async () =>
        (await kim.client.ask('media-library', {})).viewer?.mediaLibrary?.edges[0]?.node.postCount === 1,
    )
    // The badge goes by itself, also if the user does not look into the inbox.
    const other = await openAs(kim, '#/')
    await other.getByRole('link', { name: /Notifications, \d+ unread/ }).waitFor()
    await other.getByRole('link', { name: 'Notifications', exact: true }).waitFor()
    await open(other, '#/inbox')
    await other.getByText('2 files are ready.').waitFor()
    expect(await other.locator('moblog-inbox-screen .unread').count()).toBe(0)
    await other.context().close()
  })

  it('leads from an empty start page and from its search straight to the field of the search', async () => {
    const [lea] = await signUpAll(product.url, ['Lea'])
    const page = await openAs(lea, '#/')
    const field = page.getByRole('searchbox', { name: 'Search' })
    for (const name of ['Find friends', 'Search']) {
      await page.locator('moblog-home-screen').getByRole('link', { name }).click()
      await eventually(() => field.evaluate((each: Matchable) => each.matches(':focus')))
      expect(await page.getByRole('link', { name: 'Discover' }).getAttribute('aria-current')).toBe('page')
      await page.goBack()
    }
    // The row that leads to a hashtag is a result.
    await open(page, '#/discover')
    await field.fill('#周末')
    await page.getByRole('status').filter({ hasText: '1 result' }).waitFor({ state: 'attached' })
    await page.goBack()
    // The tab shows moblogs, and no keyboard over them.
    await page.getByRole('link', { name: 'Discover' }).click()
    await page.getByText('Popular now').waitFor()
    expect(await field.evaluate((each: Matchable) => each.matches(':focus'))).toBe(false)
    await page.context().close()
  })

  it('shows without a connection neither broken pictures nor a switch whose state is not known', async () => {
    const { id } = await uploadByTus(ada, await mediaFile('photo.jpg'))
    const { id: postId } = await publish(ada, { text: 'A public photo', audience: 'PUBLIC', mediaIds: [id] })
    await eventually(
      async () => (await ada.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
    const page = await openAs(bob, '#/settings', { serviceWorkers: 'block' })
    const receipts = page.locator('moblog-receipts-row')
    await receipts.getByRole('switch').waitFor()
    await page.route(/\/v\//, (route) => route.abort('internetdisconnected'))
    await open(page, '#/discover')
    const picture = page
      .locator('moblog-card')
      .filter({ hasText: 'A public photo' })
      .locator('img.small')
      .first()
    await picture.waitFor()
    await eventually(() => picture.evaluate((image: Matchable) => image.matches(':not([src])')))
    await page.unroute(/\/v\//)
    await page.evaluate(`dispatchEvent(new Event('online'))`)
    await eventually(
      () => picture.evaluate((image: Pictured) => image.naturalWidth),
      (width) => width > 0,
      10_000,
    )
    await page.context().close()

    await bob.client.ask('like-post', { input: { postId } })
    const own = await openAs(ada, '#/settings/storage', { serviceWorkers: 'block' })
    await own.route(/\/v\//, (route) => route.abort('internetdisconnected'))
    await own.reload()
    const hidden = 'img:not([src])'
    await own.locator(`moblog-stored-media .picture:has(${hidden}) svg`).first().waitFor()
    await open(own, '#/inbox')
    await own.locator(`moblog-inbox-screen ${hidden}`).first().waitFor()
    await own.context().close()

    const [mae] = await signUpAll(product.url, ['Mae'])
    const fresh = await openAs(mae, '#/', { serviceWorkers: 'block' })
    await fresh.route('**/graphql', (route) =>
      route.request().postData()?.includes('ReadReceipts')
        ? route.abort('internetdisconnected')
        : route.continue(),
    )
    await open(fresh, '#/settings')
    await fresh.locator('moblog-receipts-row').getByText('Not known without a connection').waitFor()
    expect(await fresh.locator('moblog-receipts-row').getByRole('switch').count()).toBe(0)
    await fresh.context().close()
  })

  it('begins the text about a moblog where its script begins', async () => {
    const page = await openAs(bob, '#/discover')
    const card = page.locator('moblog-card').filter({ hasText: 'عن المدينة' })
    const { x: start = 0, width = 0 } = (await card.locator('.owner').boundingBox()) ?? {}
    for (const part of ['.about', '.newest [dir]']) {
      const end = await card.locator(part).evaluate(endOfText)
      expect(Math.abs(end - start - width)).toBeLessThan(4)
    }
    await page.context().close()
  })
})
