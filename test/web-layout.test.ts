import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, Locator, Page } from 'playwright-core'
import { createClient } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { layoutProblems, type Reading, readAs } from '../testing/product/layout-problems.ts'
import { madeFile, mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

const LONG_NAME = 'WolfeschlegelsteinhausenbergerdorffWelcheVorAlte'
const LONG_WORD = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'
const ARABIC_NAME = 'محمد عبد الرحمن بن إبراهيم السعيد الهاشمي'
const FILE_NAME = 'IMG_20261127_201512345_HDR_portrait_mode_edited_final.jpg'
const CAPTIONS = 'WEBVTT\n\n00:00.000 --> 00:04.000\nA test picture\n'
const SENTENCES = 'The ferry leaves at six, and the harbour is still asleep. '.repeat(30)

const usual = { width: 390, height: 844, text: '100%', colorScheme: 'light' } as const
const smallest = { ...usual, width: 320, height: 568 }
const sideways = { ...usual, width: 844, height: 390 }

// The parts of elements that these tests read; the types of a page are not known here.
type Film = { currentTime: number; pause(): void }
type Styled = { style: { cssText: string } }
type Matchable = { matches(selector: string): boolean }

type Computed = {
  ownerDocument: { defaultView: { getComputedStyle(element: unknown): { outlineStyle: string } } }
}

type Range = {
  selectNodeContents(node: unknown): void
  getClientRects(): Iterable<{ left: number }>
}
type Ranged = { ownerDocument: { createRange(): Range } }

/** Where the lines of a text begin, from the left. */
const lineStarts = (element: Ranged): number[] => {
  const range = element.ownerDocument.createRange()
  range.selectNodeContents(element)
  return [...range.getClientRects()].map(({ left }) => Math.round(left))
}

const outlineOf = (element: Computed): string =>
  element.ownerDocument.defaultView.getComputedStyle(element).outlineStyle

describeInBrowser()('the layout of the web client on phones', () => {
  let product: Product
  let browser: Browser
  let page: Page
  let viewer: Person
  let long: Person
  let arab: Person
  const posts = { film: '', sound: '', long: '' }
  const mediaIds = { film: '' }

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
    const [own, one, other, blocked, muted] = await signUpAll(product.url, [
      'Own',
      'Long',
      'Arab',
      'Blocked',
      'Muted',
    ])
    ;[long, arab] = [one, other]
    for (const [person, displayName] of [
      [long, LONG_NAME],
      [arab, ARABIC_NAME],
      [blocked, ARABIC_NAME],
      [muted, 'Bartholomew Featherstonehaugh-Cholmondeley'],
    ] as const) {
      await person.client.ask('update-profile', { input: { displayName } })
      if (person !== blocked) await befriend(own, person)
    }
    await own.client.ask('block-user', { input: { userId: blocked.id } })
    await own.client.ask('mute-user', { input: { userId: muted.id } })
    await long.client.ask('update-moblog', { input: { title: LONG_WORD } })

    const portrait = ['-f', 'lavfi', '-i', 'testsrc=size=180x320:rate=15', '-t', '4', '-pix_fmt', 'yuv420p']
    const panorama = ['-f', 'lavfi', '-i', 'testsrc=size=800x100:rate=1', '-frames:v', '1']
    const mediaOf = async (owner: Person, file: Parameters<typeof uploadByTus>[1]) =>
      (await uploadByTus(owner, file)).id
    const [film, sound, flat, photo] = await Promise.all([
      mediaOf(long, await madeFile('portrait.mp4', 'video/mp4', portrait)),
      mediaOf(long, await mediaFile('tone.mp3')),
      mediaOf(long, await madeFile('panorama.jpg', 'image/jpeg', panorama)),
      mediaOf(own, await mediaFile('photo.jpg')),
    ])
    for (const id of [film, sound])
      await eventually(
        async () => (await long.client.ask('media', { id })).media?.state,
        (state) => state === 'READY',
        60_000,
      )
    mediaIds.film = film
    const input = { mediaId: film, language: 'en', label: 'English', content: CAPTIONS }
    await long.client.ask('add-captions', { input })
    await publish(muted, { text: LONG_WORD })
    const hidden = await publish(long, { text: `${LONG_WORD} ${LONG_WORD}` })
    await own.client.ask('hide-post', { input: { postId: hidden.id } })
    await publish(own, { text: LONG_WORD, mediaIds: [photo] })
    await publish(long, { text: 'Warned', contentWarning: `${LONG_WORD} of a film`, lifetimeSeconds: 3_600 })
    await publish(long, { text: 'Flat', mediaIds: [flat] })
    posts.sound = (await publish(long, { text: 'Sound', mediaIds: [sound] })).id
    posts.film = (await publish(long, { text: 'Upright', mediaIds: [film] })).id
    const ownPost = await publish(own, { text: `Long. ${SENTENCES}`, audience: 'PUBLIC' })
    posts.long = ownPost.id
    await publish(arab, { text: 'صباح الخير', audience: 'PUBLIC' })
    await arab.client.ask('comment-on-post', {
      input: { postId: posts.long, text: 'مرحبا يا @mei كيف حالك' },
    })
    await long.client.ask('comment-on-post', { input: { postId: posts.long, text: LONG_WORD } })
    await own.client.ask('create-audience-list', { input: { name: LONG_WORD.slice(0, 50) } })
    const { handle, password } = own
    for (const deviceName of ['W'.repeat(100), 'Phone of Mei', 'جهاز'])
      await createClient(product.url).ask('sign-in', { input: { handle, password, deviceName } })

    page = await openAs(own, 'en-US')
    viewer = own
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })
  beforeEach(() => readAs(page, usual))

  async function openAs(person: Person, locale: string): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      locale,
      permissions: ['camera', 'microphone'],
    })
    await keepSignedIn(context, person)
    const opened = await context.newPage()
    opened.setDefaultTimeout(15_000)
    await opened.goto(new URL('/', product.url).href)
    return opened
  }

  const open = (address: string) => page.evaluate(`location.hash = ${JSON.stringify(address)}`)
  const boxOf = async (place: Locator) => {
    const box = await place.boundingBox()
    if (!box) throw new Error(`${place} is not shown`)
    return { ...box, right: box.x + box.width, bottom: box.y + box.height }
  }

  it.each([
    ['English', 'en-US'],
    ['Chinese', 'zh-CN'],
  ])(
    'fits on each screen, with each control within reach and no broken words, in %s',
    async (_, locale) => {
      const page = await openAs(viewer, locale)
      const open = (address: string) => page.evaluate(`location.hash = ${JSON.stringify(address)}`)
      const problems: string[] = []
      const screens: [address: string, filled: string][] = [
        ['', 'moblog-home-feed moblog-player'],
        ['discover', 'moblog-suggestions moblog-card'],
        ['inbox', 'moblog-inbox-screen .row'],
        ['friends', 'moblog-friends-screen moblog-person-row'],
        ['me', 'moblog-moblog-screen moblog-post-card'],
        [`moblog/${long.id}`, 'moblog-moblog-screen moblog-player'],
        [`post/${posts.long}`, 'moblog-post-screen moblog-comment'],
        ['write', 'moblog-composer textarea'],
        ['settings', 'moblog-settings-screen select'],
        ['settings/profile', 'moblog-profile-part input'],
        ['settings/storage', 'moblog-stored-media .row'],
        ['settings/sessions', 'moblog-sessions-part .row'],
        ['settings/hidden', 'moblog-hidden-part .row'],
        ['settings/blocked', 'moblog-blocked-part moblog-person-row'],
        ['settings/muted', 'moblog-muted-part moblog-person-row'],
        ['lists', 'moblog-all-lists .row'],
      ]
      for (const [address, filled] of screens) {
        await readAs(page, usual)
        await open(`#/${address}`)
        await page.locator(filled).first().waitFor()
        for (const problem of await layoutProblems(page)) problems.push(`${address} ${problem}`)
      }
      await open('#/lists')
      await page.locator('moblog-all-lists .row').click()
      await page.locator('moblog-friend-picker moblog-person-row').first().waitFor()
      expect(await layoutProblems(page)).toEqual([])
    },
    120_000,
  )

  it('finds what is cut off, covered, too small and broken', async () => {
    const page = await openAs(viewer, 'en-US')
    await page.evaluate(`location.hash = '#/settings/password'`)
    const button = page.locator('moblog-password-part .button')
    await button.waitFor()
    const foundWith = async (style: string): Promise<string> => {
      await button.evaluate((element: Styled, text) => {
        element.style.cssText = text
      }, style)
      return (await layoutProblems(page, [smallest])).join('\n')
    }
    expect(await foundWith('')).toBe('')
    expect(await foundWith('position: relative; inset-inline-start: 200px')).toMatch(
      /cut off: .*"Change password"/,
    )
    expect(await foundWith('position: relative; z-index: -1')).toMatch(/covered: .*"Change password"/)
    expect(await foundWith('min-block-size: 0; padding: 0')).toMatch(/too small: .*"Change password"/)
    expect(await foundWith('inline-size: 40px; overflow-wrap: anywhere')).toMatch(
      /broken word: .*password on \d lines/,
    )
    expect(await foundWith('position: absolute; inline-size: 500px; max-inline-size: none')).toMatch(
      /the page is \d+ px wide instead of 320/,
    )
    await page.context().close()
  })

  it('shows a file with a long name, and one that cannot be used, within the screen', async () => {
    await open('#/write')
    const photo = await mediaFile('photo.jpg')
    await page
      .locator('moblog-composer input[type=file]')
      .first()
      .setInputFiles([
        { name: FILE_NAME, mimeType: 'image/jpeg', buffer: photo.bytes },
        { name: 'bad.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture '.repeat(50)) },
      ])
    const [good, bad] = [
      page.locator('moblog-composer-item').first(),
      page.locator('moblog-composer-item').last(),
    ]
    await bad.getByRole('alert').waitFor()
    await good.getByText('Uploaded').waitFor()
    expect(await layoutProblems(page)).toEqual([])
    // It is no picture, it says once what to do, and it needs no description.
    expect(await bad.locator('.thumb img').count()).toBe(0)
    expect(await bad.getByText('Choose another file').count()).toBe(1)
    expect(await bad.getByRole('textbox').count()).toBe(0)
    expect(await good.getByRole('textbox').count()).toBe(1)
    for (const name of ['bad.jpg', FILE_NAME])
      await page.getByRole('button', { name: `Remove ${name}` }).click()
  })

  it.each([
    ['a usual phone', usual, 40],
    ['a phone with its keyboard', { ...usual, height: 430 }, 14],
    ['a phone that is held sideways', sideways, 14],
  ] as const)('shows the caret and whom to mention in a long text on %s', async (_, reading, lines) => {
    await readAs(page, reading)
    await open('#/write')
    const field = page.locator('moblog-composer textarea.text')
    await field.fill('')
    await field.click()
    for (let line = 1; line <= lines; line += 1) await page.keyboard.type(`${line}\n`)
    // Also in a new line, before the first letter of it.
    await page.keyboard.press('Enter')
    await eventually(
      async () => {
        const [text, end, bar] = await Promise.all(
          [field, page.locator('moblog-composer .end'), page.locator('nav')].map(boxOf),
        )
        return { text, free: Math.min(bar?.y ?? 0, reading.height > 544 ? (end?.y ?? 0) : Infinity) }
      },
      ({ text, free }) => (text?.bottom ?? 0) - 13 < free + 2 && (text?.bottom ?? 0) > 100,
      3_000,
    )
    await page.keyboard.type('@')
    const list = page.locator('moblog-composer .mentions')
    await list.waitFor()
    const bars = page.locator('moblog-composer .end, nav')
    await eventually(
      async () => {
        const [text, shown, end, navigation] = await Promise.all(
          [field, list, page.locator('moblog-composer .end'), bars.last()].map(boxOf),
        )
        const isSticky = reading.height > 544
        return { text, shown, free: Math.min(navigation?.y ?? 0, isSticky ? (end?.y ?? 0) : Infinity) }
      },
      ({ text, shown, free }) => {
        // The caret is in the last line of the field, with a space of 12 px below it.
        const caret = (text?.bottom ?? 0) - 13
        const isBeside = Math.abs((shown?.y ?? 0) - caret) < 40 || Math.abs((shown?.bottom ?? 0) - caret) < 40
        return (
          caret < free + 2 &&
          caret > 60 &&
          (shown?.y ?? 0) >= 0 &&
          (shown?.bottom ?? 0) < free + 2 &&
          isBeside
        )
      },
    )
    await field.fill('')
  })

  it.each([
    ['the smallest phone', smallest],
    ['a usual phone', usual],
    ['a phone that is held sideways', sideways],
  ])('keeps the button that ends a recording within reach on %s', async (_, reading: Reading) => {
    await readAs(page, reading)
    await open('#/write')
    await page.getByRole('button', { name: 'Record video' }).click()
    await page.getByRole('button', { name: 'Start recording' }).click()
    const finish = page.getByRole('button', { name: 'Finish recording' })
    await finish.waitFor()
    // Its upload appears in the composer behind, with the name of the recording.
    await page.locator('moblog-composer-item').waitFor({ state: 'attached' })
    expect(await layoutProblems(page, [reading])).toEqual([])
    expect((await boxOf(finish)).bottom).toBeLessThanOrEqual(reading.height)
    await finish.click()
    await page.getByRole('button', { name: 'Use it' }).waitFor()
    expect(await layoutProblems(page, [reading])).toEqual([])
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Cancel' }).last().click()
  })

  /** Opens the post with the film, and plays it. */
  async function playFilm(reading: Reading) {
    await readAs(page, reading)
    await open(`#/post/${posts.film}`)
    const player = page.locator('moblog-post-screen moblog-player')
    await player
      .getByRole('button', { name: /^Play: / })
      .first()
      .click()
    return player
  }

  it.each([
    ['the smallest phone', smallest],
    ['a usual phone', usual],
    ['a phone that is held sideways', sideways],
  ])(
    'shows a portrait film whole, with all of its controls and its time, on %s',
    async (_, reading: Reading) => {
      const player = await playFilm(reading)
      await eventually(
        () => player.locator('video').evaluate((film: Film) => film.currentTime > 0),
        (plays) => plays,
        20_000,
      )
      await player.locator('video').evaluate((film: Film) => film.pause())
      // The one on the picture is for a finger only, as soon as there is one in the bar.
      const pauses = player.getByRole('button', { name: /^Pause: / })
      await pauses.waitFor({ state: 'hidden' })
      expect(await player.getByRole('button', { name: /^Play: / }).count()).toBe(1)
      expect(await layoutProblems(page, [reading])).toEqual([])
      const [stage, film, bar] = await Promise.all(
        ['.stage', 'video', '.bar'].map((part) => boxOf(player.locator(part).first())),
      )
      const [navigation, card] = await Promise.all([
        boxOf(page.getByRole('navigation', { name: 'Main navigation' })),
        boxOf(page.locator('moblog-post-screen moblog-post-card')),
      ])
      // Between the top of the screen and the navigation there is room for the whole film.
      expect(film?.height).toBeLessThan(navigation.y)
      // The controls have the width of the card, and the film is in its middle.
      expect(bar?.width).toBeGreaterThan(card.width - 2)
      const centre = ({ x = 0, width = 0 } = {}) => Math.round(x + width / 2)
      expect(centre(film)).toBe(centre(stage))
      expect((film?.width ?? 0) / (film?.height ?? 1)).toBeCloseTo(180 / 320, 1)
      for (const name of ['Play', 'Download', 'Mute', 'Full screen', 'Position']) {
        const control = player
          .locator('.bar')
          .getByLabel(['Play', 'Download'].includes(name) ? new RegExp(`^${name}: `) : name, { exact: true })
          .first()
        const { x, right, width, height } = await boxOf(control)
        expect([name, x >= card.x && right <= card.right, width >= 44 && height >= 44]).toEqual([
          name,
          true,
          true,
        ])
      }
      expect(await player.locator('.time').innerText()).toMatch(/^0:0\d \/ 0:0[34]$/)
    },
  )

  it('gives the position of a film with captions a line of its own on the smallest phone', async () => {
    const { media } = await long.client.ask('media', { id: mediaIds.film })
    expect(media?.access?.captions).toHaveLength(1)
    const player = await playFilm(smallest)
    const menu = player.locator('.bar .menu')
    await menu.waitFor()
    await player.locator('video').evaluate((film: Film) => film.pause())
    expect(await layoutProblems(page, [smallest])).toEqual([])
    const [seek, time, ...others] = await Promise.all(
      [
        ...['.seek', '.time', '.menu', '.small'].map((part) => player.locator(`.bar ${part}`)),
        ...['Mute', 'Full screen'].map((name) => player.getByRole('button', { name })),
      ].map(boxOf),
    )
    expect(seek?.width).toBeGreaterThan(160)
    expect(time?.x).toBeGreaterThanOrEqual(seek?.right ?? 0)
    expect(new Set(others.map(({ y }) => Math.round(y))).size).toBe(1)
    expect(others[0]?.y).toBeGreaterThanOrEqual(seek?.bottom ?? 0)
  })

  it('shows how long a sound is, and how much of it has been played, on the smallest phone', async () => {
    await readAs(page, smallest)
    await open(`#/post/${posts.sound}`)
    const player = page.locator('moblog-post-screen moblog-player')
    const time = player.locator('.time')
    await time.waitFor()
    expect(await time.innerText()).toBe('0:01')
    await player.getByRole('button', { name: 'Play' }).click()
    await eventually(
      () => time.innerText(),
      (text) => /^0:0\d \/ 0:01$/.test(text),
      20_000,
    )
    expect(await layoutProblems(page, [smallest])).toEqual([])
  })

  it.each([
    ['the smallest phone', { ...smallest, text: '200%' }],
    ['a usual phone', usual],
  ] as const)(
    'keeps the bar at the top below the one that says that there is no connection, on %s',
    async (_, reading: Reading) => {
      await readAs(page, reading)
      await open(`#/post/${posts.long}`)
      await page.locator('moblog-post-screen moblog-comment').first().waitFor()
      await page.context().setOffline(true)
      try {
        const notice = page.locator('.offline')
        await notice.waitFor()
        await page.evaluate('scrollTo(0, 900)')
        const [said, top] = await Promise.all([boxOf(notice), boxOf(page.locator('moblog-post-screen .top'))])
        expect(said.y).toBe(0)
        expect(Math.round(top.y)).toBe(Math.round(said.bottom))
      } finally {
        await page.context().setOffline(false)
      }
      await page.locator('.offline').waitFor({ state: 'detached' })
      expect((await boxOf(page.locator('moblog-post-screen .top'))).y).toBe(0)
    },
  )

  it('leads to the first field of a new account that has to be corrected, on the smallest phone', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 568 }, locale: 'en-US' })
    const visitor = await context.newPage()
    await visitor.goto(new URL('/', product.url).href)
    await visitor.getByRole('button', { name: 'I am new here' }).click()
    for (const [name, text] of Object.entries({ handle: '1x', displayName: 'Wanda', password: 'short' }))
      await visitor.locator(`input[name=${name}]`).fill(text)
    await visitor.getByRole('button', { name: 'Create account' }).click()
    const field = visitor.locator('input[name=handle]')
    await eventually(
      () => field.evaluate((input: Matchable) => input.matches(':focus')),
      (isFocused) => isFocused,
    )
    expect((await boxOf(field)).y).toBeGreaterThan(0)
    await context.close()
  })

  it.each([
    ['English', 'en-US', usual],
    ['Chinese', 'zh-CN', smallest],
  ] as const)('shows choices of the settings beside their names in %s', async (_, locale, reading) => {
    const page = await openAs(viewer, locale)
    await page.evaluate(`location.hash = '#/settings'`)
    await page.locator('moblog-settings-screen select').first().waitFor()
    await readAs(page, reading)
    for (const name of ['language', 'theme']) {
      const [label, choice] = await Promise.all(
        [page.locator(`label[for=${name}]`), page.locator(`select#${name}`)].map(boxOf),
      )
      expect(choice?.x).toBeGreaterThanOrEqual(label?.right ?? Infinity)
    }
    await page.context().close()
  })

  it.each([usual, smallest])(
    'covers with a short message neither a bar nor what it is about, on $width x $height',
    async (reading) => {
      await readAs(page, reading)
      const message = page.locator('moblog-shell .toast p')
      const tell = (detail: string) =>
        page.evaluate(`dispatchEvent(new CustomEvent('moblog-toast', { detail: ${JSON.stringify(detail)} }))`)
      const bars = [page.locator('header.top'), page.getByRole('navigation', { name: 'Main navigation' })]
      const coversNone = async (text: string, ...places: Locator[]) => {
        await message.filter({ hasText: text }).waitFor()
        const shown = await boxOf(message)
        expect([shown.y > 0, shown.bottom < reading.height]).toEqual([true, true])
        for (const place of [...bars, ...places]) {
          const { y, bottom } = await boxOf(place)
          const isCovered = Math.min(shown.bottom, bottom) > Math.max(shown.y, y)
          expect(`${place} is covered: ${isCovered}`).toBe(`${place} is covered: false`)
        }
      }
      await open('#/settings/profile')
      const save = page.locator('moblog-profile-part').getByRole('button', { name: 'Save' })
      // Right above the navigation, which is where messages are that are about something else.
      await save.evaluate((button: { scrollIntoView(isAtStart: boolean): void }) =>
        button.scrollIntoView(false),
      )
      await save.click()
      await coversNone('Saved.', save)

      await open('#/write')
      const [text, publishing] = [
        page.locator('moblog-composer textarea').first(),
        page.getByRole('button', { name: 'Publish' }),
      ]
      await text.click()
      await tell('Ten files are the most.')
      await coversNone('Ten files are the most.', text, publishing)

      await open(`#/post/${posts.film}`)
      const form = page.locator('moblog-post-screen form')
      const field = form.getByRole('textbox')
      const card = page.locator('moblog-post-screen moblog-post-card')
      await card.getByRole('button', { name: /^Play/ }).first().waitFor()
      await field.waitFor()
      // As long as the post is not there, the field is higher up, with room for the message below it.
      const showCard = (display: string) =>
        card.evaluate((each: Styled, style: string) => {
          each.style.cssText = style
        }, `display: ${display}`)
      await showCard('none')
      await page.getByRole('heading', { level: 1 }).click()
      await tell('The post is on its way.')
      await message.filter({ hasText: 'on its way' }).waitFor()
      expect((await boxOf(message)).y).toBeGreaterThan((await boxOf(form)).bottom)
      await showCard('block')
      await eventually(async () => (await boxOf(message)).bottom <= (await boxOf(form)).y)
      await field.click()
      await page.evaluate('scrollTo(0, 1e6)')
      await tell('The comment was not sent.')
      await coversNone('The comment was not sent.', form)
      const like = page.locator('moblog-post-screen').getByRole('button', { name: /^Like/ }).first()
      for (let times = 0; times < 2; times += 1) await like.click()
      await tell('It was not liked.')
      await coversNone('It was not liked.', form, like)
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Mute' }).click()
      const notice = page.locator('moblog-notice .notice')
      await notice.waitFor()
      await page.getByRole('heading', { level: 1 }).click()
      await tell('The link was copied.')
      await coversNone('The link was copied.', form, notice)
      await page.evaluate('scrollTo(0, 0)')
      await page.evaluate('scrollTo(0, 1e6)')
      await eventually(async () => (await boxOf(notice)).bottom <= (await boxOf(form)).y)
      await notice.getByRole('button', { name: 'Undo' }).click()
      await notice.getByRole('button', { name: 'Close' }).click()
    },
  )

  it('draws no ring around the heading at which a post is opened', async () => {
    // A link elsewhere leads there. The page itself leads to the comments only once.
    await page.goto('about:blank')
    await page.goto(new URL(`/#/post/${posts.long}/comments`, product.url).href)
    const heading = page.locator('moblog-post-screen h2.heading')
    await heading.waitFor()
    await eventually(
      () => heading.evaluate((element: Matchable) => element.matches(':focus')),
      (isFocused) => isFocused,
    )
    await page.keyboard.press('Shift')
    expect(await heading.evaluate(outlineOf)).toBe('none')
  })

  it('opens a text that a list has cut, from the text and from the link below it', async () => {
    await open('#/')
    const card = page.locator('moblog-home-screen moblog-post-card').filter({ hasText: 'The ferry leaves' })
    const text = card.locator('.text')
    await card.getByRole('link', { name: 'Read more' }).click()
    await page.locator('moblog-post-screen moblog-comment').first().waitFor()
    expect(await page.locator('moblog-post-screen').getByText('Read more').count()).toBe(0)
    await open('#/')
    await text.click({ position: { x: 40, y: 60 } })
    await page.locator('moblog-post-screen moblog-comment').first().waitFor()
  })

  it('moves no row while the user adds friends to a list and removes them again', async () => {
    await open('#/lists')
    await page.locator('moblog-all-lists .row').click()
    const rows = page.locator('moblog-friend-picker moblog-person-row')
    await rows.first().waitFor()
    const placesOf = async () => Promise.all((await rows.all()).map(async (row) => (await boxOf(row)).y))
    const places = await placesOf()
    const add = page.getByRole('button', { name: `Add ${LONG_NAME} to the list` })
    const remove = page.getByRole('button', { name: `Remove ${LONG_NAME} from the list` })
    await add.click()
    await page.getByRole('heading', { name: 'In this list (1)' }).waitFor()
    expect(await placesOf()).toEqual(places)
    await remove.click()
    await page.getByRole('heading', { name: 'In this list (0)' }).waitFor()
    expect(await placesOf()).toEqual(places)
    await add.click()
    await page.getByRole('heading', { name: 'In this list (1)' }).waitFor()

    // The next time, the members are above the other friends, and not among them.
    await open('#/lists')
    await page.locator('moblog-all-lists .row').click()
    await eventually(
      () => rows.count(),
      (count) => count === places.length - 1,
    )
    await remove.click()
    await page.getByRole('heading', { name: 'In this list (0)' }).waitFor()
    // The row stays where it was, so that a mistake can be undone.
    await add.waitFor()
    expect(await rows.count()).toBe(places.length - 1)
  })

  it('begins names that run from right to left where their row begins, also on the second line', async () => {
    await readAs(page, smallest)
    await open('#/settings/blocked')
    const name = page.locator('moblog-blocked-part moblog-person-row strong')
    await name.waitFor()
    const starts = await name.evaluate(lineStarts)
    expect(starts.length).toBe(2)
    expect(new Set(starts).size).toBe(1)

    // The sign stays before a handle in a text that runs from right to left.
    await open(`#/post/${posts.long}`)
    const handle = page.locator('moblog-comment bdi').filter({ hasText: '@mei' })
    await handle.waitFor()
    expect(await handle.evaluate((text: Matchable) => text.matches(':dir(ltr)'))).toBe(true)

    const reader = await page.context().newPage()
    await reader.goto(new URL(`/@${arab.handle}`, product.url).href)
    const head = reader.locator('article .head')
    expect(Math.round((await boxOf(head.locator('strong'))).x)).toBe(
      Math.round((await boxOf(head.locator('time'))).x),
    )
    await reader.close()
  })

  it('says that a moblog is muted beside its sign', async () => {
    await open('#/friends')
    await page.getByRole('link', { name: /Bartholomew/ }).click()
    const notice = page.locator('moblog-moblog-screen .muted')
    await notice.waitFor()
    const sign = await boxOf(notice.locator('svg'))
    // The first line begins with the sign, and the first word follows it.
    const [, start = 0] = await notice.evaluate(lineStarts)
    expect(start - sign.right).toBeGreaterThanOrEqual(0)
    expect(start - sign.right).toBeLessThan(16)
  })
})
