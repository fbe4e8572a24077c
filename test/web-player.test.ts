import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, namelessControls } from '../testing/product/browser.ts'
import { madeFile, portraitFilm } from '../testing/product/media-files.ts'
import {
  playing,
  reloadPage,
  showPlayer,
  untilPlaying,
  useMediaStage,
} from '../testing/product/media-stage.ts'
import { MODES } from '../testing/product/product.ts'

type Session = { state: string; title: string | null; position: number | null; actions: string[] }
type Gaps = { longest: number; position: number; renewals: number }

/** Notes what a page tells the controls of the operating system, which cannot be read. */
const WATCH_SESSION = `{
  const session = navigator.mediaSession
  const handlers = {}
  let position = null
  session.setActionHandler = (action, handler) => { handlers[action] = handler }
  session.setPositionState = (state) => { position = state?.position ?? null }
  globalThis.shown = () => ({
    title: session.metadata?.title ?? null,
    position,
    actions: Object.keys(handlers).filter((action) => handlers[action] !== null),
  })
}`

/** A photo of a size, at an address with a mark. */
const photoOf = (width: number, height: number, mark = '') => ({
  id: `${width} x ${height}`,
  kind: 'IMAGE',
  width,
  height,
  access: {
    url: `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='${width}' height='${height}'>${mark}</svg>`,
  },
})

/** How many text tracks the browser itself shows in the first player. */
const SHOWN_TRACKS = `[...mediaPage.element().textTracks].filter(({ mode }) => mode === 'showing').length`

describeInBrowser().each(MODES)('the player of the client, %s', (mode) => {
  const stage = useMediaStage(mode)

  /** Waits until a media file of Mei has all its variants, and returns it with its addresses for a viewer. */
  async function readyMedia(id: string, viewer: Person = stage.mei) {
    await eventually(
      async () => (await stage.mei.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      // An encoder takes turns with others on a busy machine.
      100_000,
    )
    const { media } = await viewer.client.ask('media', { id })
    if (!media?.access) throw new Error('the viewer may not play the media')
    return { ...media, access: media.access }
  }

  let film: Promise<string> | null = null
  /** The id of a film of a minute and a half that Mei's friends may see. */
  function friendsFilm(): Promise<string> {
    film ??= (async () => {
      const { id } = await uploadByTus(stage.mei, await madeFile('long.mp4', 'video/mp4', portraitFilm(90)))
      await publish(stage.mei, { mediaIds: [id] })
      await readyMedia(id)
      return id
    })()
    return film
  }

  const play = (page: Page, index = 0) => page.evaluate(`void mediaPage.play(${index})`)

  /** Simulates a browser that plays no streams without hls.js. */
  async function forgetHls(page: Page): Promise<void> {
    await page.addInitScript(`HTMLMediaElement.prototype.canPlayType = () => ''`)
    await reloadPage(page)
  }

  it.each([
    ['hls.js', 'at once', 0],
    ['hls.js', 'late', 5_000],
    ['the browser itself', 'late', 5_000],
  ])(
    'with %s explains within a second of a revocation that the viewer may no longer see it, if the API answers %s',
    async (source, _when, delayMs) => {
      const id = await friendsFilm()
      const page = await stage.open(stage.jun)
      if (source === 'hls.js') await forgetHls(page)
      const media = await readyMedia(id, stage.jun)
      let refused = false
      page.on('response', (response) => {
        refused ||= response.status() === 403
      })
      await showPlayer(page, media)
      await page.getByRole('button', { name: /^Play/ }).first().click()
      await untilPlaying(page)
      await page.route('**/graphql', async (route) => {
        await sleep(delayMs)
        await route.continue()
      })
      await stage.mei.client.ask('unfriend', { input: { userId: stage.jun.id } })
      const revokedAt = Date.now()
      // A place that is not loaded yet.
      await page.evaluate('mediaPage.seek(85)')
      const explainedAt = await page.evaluate<number>(`mediaPage.shownAt('You can no longer see this.')`)
      expect(refused).toBe(true)
      expect(explainedAt - revokedAt).toBeLessThan(1_000)
      await eventually(
        () => page.evaluate<unknown[]>('mediaPage.ended'),
        ({ length }) => length > 0,
        10_000,
      )
      expect(await page.evaluate('mediaPage.ended')).toEqual([{ mediaId: id, reason: 'ENDED' }])
      expect((await playing(page))?.paused).toBe(true)
      await befriend(stage.mei, stage.jun)
    },
  )

  it.each(['file', 'stream'])('stops a %s that is loaded already soon after a revocation', async (kind) => {
    const id = await friendsFilm()
    const page = await stage.open(stage.jun)
    const media = await readyMedia(id, stage.jun)
    const access = kind === 'file' ? { ...media.access, streamUrl: null } : media.access
    await showPlayer(page, { ...media, access })
    await play(page)
    await untilPlaying(page)
    await stage.mei.client.ask('unfriend', { input: { userId: stage.jun.id } })
    const revokedAt = Date.now()
    const explainedAt = await page.evaluate<number>(`mediaPage.shownAt('You can no longer see this.')`)
    const state = await playing(page)
    await befriend(stage.mei, stage.jun)
    expect(state).toMatchObject({ paused: true })
    // A second, and more on a busy machine. What is loaded already would play for at least twenty.
    expect(explainedAt - revokedAt).toBeLessThan(3_000)
  })

  it.each([
    ['hls.js', true],
    ['the browser itself', false],
  ])('renews its addresses while %s plays, without an interruption', async (_what, withoutHls) => {
    const id = await friendsFilm()
    const page = await stage.open(stage.jun)
    if (withoutHls) await forgetHls(page)
    const { access, ...media } = await readyMedia(id, stage.jun)
    // Other addresses of the same media, which also show by which of them segments are loaded.
    const renewed = JSON.parse(
      JSON.stringify(access).replaceAll(stage.proxy.address, stage.product.addresses.storage),
    )
    const soon = new Date(Date.now() + 4_000).toISOString()
    await showPlayer(page, { ...media, access: { ...access, expiresAt: soon } }, renewed)
    await page.getByRole('button', { name: /^Play/ }).first().click()
    await untilPlaying(page)
    const gaps = await page.evaluate<Gaps>('mediaPage.longestGap(7_000)')
    expect(gaps.renewals).toBe(1)
    expect(gaps.position).toBeGreaterThan(4)
    expect(gaps.longest).toBeLessThan(1_000)
  })

  it('keeps the picture of a paused film when its addresses change, and plays on with the new ones', async () => {
    const page = await stage.open(stage.jun)
    const { access, ...media } = await readyMedia(await friendsFilm(), stage.jun)
    await showPlayer(page, { ...media, access })
    await play(page)
    await untilPlaying(page)
    await page.evaluate('mediaPage.element().pause()')
    const before = (await playing(page))?.currentTime ?? 0
    const other = stage.product.addresses.storage
    const renewed = JSON.parse(JSON.stringify(access).replaceAll(stage.proxy.address, other))
    await page.evaluate(`mediaPage.take(${JSON.stringify({ ...media, access: renewed })})`)
    await page.waitForTimeout(500)
    expect(await page.evaluate('mediaPage.element().readyState')).toBeGreaterThanOrEqual(2)
    await play(page)
    await eventually(async () => ((await playing(page))?.currentTime ?? 0) > before + 0.5, 10_000)
    expect((await playing(page))?.currentSrc.startsWith(other)).toBe(true)
  })

  it('plays only one media at a time', async () => {
    const media = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    await showPlayer(page, media)
    await showPlayer(page, media)
    for (const index of [0, 1]) {
      await play(page, index)
      await untilPlaying(page, index)
    }
    expect((await playing(page, 0))?.paused).toBe(true)
  })

  it('keeps the picture of a film that is paused when its addresses are renewed', async () => {
    const media = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    await showPlayer(page, media)
    await play(page)
    await untilPlaying(page)
    await page.evaluate('mediaPage.focus()')
    await page.keyboard.press('k')
    await eventually(
      () => playing(page),
      (state) => state?.paused === true,
    )
    const access = JSON.parse(
      JSON.stringify(media.access).replaceAll(stage.proxy.address, stage.product.addresses.storage),
    )
    await page.evaluate(
      `document.querySelector('moblog-player').media = ${JSON.stringify({ ...media, access })}`,
    )
    // A film without its picture has no data of the position.
    await sleep(500)
    expect(await page.evaluate('mediaPage.element().readyState')).toBeGreaterThan(1)
    const before = await playing(page)
    await page.keyboard.press('k')
    await eventually(
      () => playing(page),
      (state) => state !== null && state.currentTime > (before?.currentTime ?? 0) + 0.3,
    )
    expect((await playing(page))?.currentSrc).toContain(stage.product.addresses.storage)
  })

  it.each(['has ended', 'was paused by a sound'])(
    'shows its controls on a touch screen after a film %s',
    async (cause) => {
      const media = await readyMedia(await friendsFilm(), stage.jun)
      const page = await stage.open(stage.jun)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      await showPlayer(page, media)
      await showPlayer(page, { ...media, id: 'sound', kind: 'AUDIO' })
      await play(page)
      await untilPlaying(page)
      const opacity = () =>
        page.evaluate(
          `getComputedStyle(document.querySelector('moblog-player').shadowRoot.querySelector('.bar')).opacity`,
        )
      await eventually(opacity, (value) => value === '0')
      if (cause === 'has ended') await page.evaluate('mediaPage.seek(89.5)')
      else await play(page, 1)
      await eventually(
        () => playing(page),
        (state) => state?.paused === true,
      )
      await eventually(opacity, (value) => value === '1')
    },
  )

  it('shows in the controls of the operating system only the player that plays, and nothing when it is gone', async () => {
    const media = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    await page.evaluate(WATCH_SESSION)
    const session = () =>
      page.evaluate<Session>('({ state: navigator.mediaSession.playbackState, ...shown() })')
    await showPlayer(page, { ...media, title: 'First' })
    await showPlayer(page, { ...media, title: 'Second' })
    for (const [index, title] of ['First', 'Second', 'First'].entries()) {
      await play(page, index % 2)
      await untilPlaying(page, index % 2)
      // The one that was paused tells so a moment later.
      await sleep(200)
      expect(await session()).toMatchObject({ state: 'playing', title })
    }
    await page.evaluate('mediaPage.seek(50)')
    await eventually(session, ({ position }) => position === 50)
    await page.evaluate('mediaPage.clear()')
    expect(await session()).toEqual({ state: 'none', title: null, position: null, actions: [] })
  })

  it('downloads with a progress bar and then plays the downloaded file', async () => {
    const page = await stage.open(stage.jun)
    await showPlayer(page, await readyMedia(await friendsFilm(), stage.jun))
    await play(page)
    await untilPlaying(page)
    await page.getByRole('button', { name: /^Download/ }).click()
    await page.getByRole('button', { name: /^Play the downloaded file/ }).click()
    await eventually(
      () => playing(page),
      (state) => /^blob:/.test(state?.currentSrc ?? '') && !state?.paused,
    )
  })

  it('is used with the keyboard and heard by readers of the screen', async () => {
    const page = await stage.open(stage.jun, { locale: 'zh-CN' })
    await showPlayer(page, await readyMedia(await friendsFilm(), stage.jun))
    expect(await namelessControls(page)).toEqual([])
    await page.evaluate('mediaPage.focus()')
    await page.keyboard.press('k')
    await untilPlaying(page)
    await page.keyboard.press('5')
    await eventually(
      () => playing(page),
      (state) => (state?.currentTime ?? 0) >= 45,
    )
    await page.keyboard.press('k')
    await eventually(
      () => playing(page),
      (state) => state?.paused === true,
    )
    // Also if what is there has not arrived yet.
    expect(await page.getByRole('slider', { name: '播放位置' }).getAttribute('aria-valuetext')).toMatch(
      /^0:[45]\d \/ 1:30$/,
    )
  })

  it('names films, sounds and photos by what they show, or else by their title, and photos by their place', async () => {
    const page = await stage.open(stage.jun)
    const media = await readyMedia(await friendsFilm(), stage.jun)
    await showPlayer(page, { ...media, title: 'meadow.mp4', altText: 'A green meadow' })
    await showPlayer(page, { ...media, id: 'sound', kind: 'AUDIO', title: 'Rain', altText: null })
    const names = (role: 'button' | 'group', name: RegExp) =>
      page
        .getByRole(role, { name })
        .evaluateAll((all: { ariaLabel: string }[]) => all.map(({ ariaLabel }) => ariaLabel))
    expect(new Set(await names('button', /^Play:/))).toEqual(new Set(['Play: A green meadow', 'Play: Rain']))
    expect(await names('button', /meadow\.mp4/)).toEqual([])
    const photos = [null, 'A boat'].map((altText, index) => ({
      ...media,
      id: `${index}`,
      kind: 'IMAGE',
      title: null,
      altText,
    }))
    await page.evaluate(`{
      const gallery = document.createElement('moblog-gallery')
      gallery.items = ${JSON.stringify(photos)}
      document.body.append(gallery)
    }`)
    expect(await names('button', /^Show larger/)).toEqual([
      'Show larger: Photo (1 of 2)',
      'Show larger: A boat (2 of 2)',
    ])
  })

  const showPhotos = (page: Page, ...photos: unknown[]) =>
    page.evaluate(`mediaPage.showPhotos(...${JSON.stringify(photos)})`)
  const large = (page: Page) => page.locator('moblog-gallery dialog img')
  /** How far the middle of the large photo is below that of the screen. */
  const offset = async (page: Page) => {
    const box = await large(page).boundingBox()
    return Math.round((box?.y ?? Number.NaN) + ((box?.height ?? 0) - (page.viewportSize()?.height ?? 0)) / 2)
  }

  it('joins what a button does and its photo with the colon of its language', async () => {
    const page = await stage.open(stage.jun, { locale: 'zh-CN' })
    await page.evaluate(`document.documentElement.lang = 'zh-Hans'`)
    await showPhotos(page, { ...photoOf(600, 600), altText: '湖' })
    await page.getByRole('button', { name: '查看大图：湖', exact: true }).waitFor()
  })

  it('shows at its round corners nothing of what is behind a photo and a film', async () => {
    const page = await stage.open(stage.jun, { deviceScaleFactor: 3 })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const { access, ...photo } = photoOf(320, 240, `<rect width='320' height='240' fill='white'/>`)
    // What is shown before the picture is dark, but the picture is white, as the page is.
    const dark = { ...photo, dominantColor: '#000000', placeholder: 'l0cKHIhWepZ/l3dwiIZVeXC3CA==' }
    await showPhotos(page, { ...dark, access })
    await showPlayer(page, { ...dark, kind: 'VIDEO', access: { url: '', posterUrl: access.url } })
    const images = ['moblog-gallery .photo img', 'moblog-player .poster'].map((each) => page.locator(each))
    for (const image of images) {
      await image.waitFor()
      await eventually(() => image.evaluate(({ complete }: { complete: boolean }) => complete))
      const { x = 0, y = 0, width = 0 } = (await image.boundingBox()) ?? {}
      for (const left of [x, x + width - 16]) {
        const corner = await page.screenshot({ clip: { x: left, y, width: 16, height: 16 } })
        expect(Math.min(...(await sharp(corner).raw().toBuffer()))).toBeGreaterThan(250)
      }
    }
  })

  it('takes the keys on a large photo, also where there is no photo before or after it, and the page behind stays', async () => {
    const page = await stage.open(stage.jun, { isMobile: false, hasTouch: false })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.evaluate(`document.body.style.paddingBottom = '300vh'`)
    const isLarger = async () => /scale\(1\.5\)/.test((await large(page).getAttribute('style')) ?? '')
    const buttons = page.getByRole('button', { name: /^Show larger/ })
    const scrollKeys = ['PageDown', ' ', 'ArrowDown', 'End']
    const expectToStay = async () => {
      const before = await page.evaluate('scrollY')
      for (const key of scrollKeys) await page.keyboard.press(key)
      // A page scrolls in a frame after the key.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      expect(await page.evaluate('scrollY')).toBe(before)
    }

    await showPhotos(page, photoOf(600, 600))
    await buttons.press('Enter')
    await page.keyboard.press('+')
    expect(await isLarger()).toBe(true)
    await expectToStay()
    // A click on a photo does not take the keys from it.
    await page.mouse.click(195, 422)
    await page.keyboard.press('-')
    expect(await isLarger()).toBe(false)
    await expectToStay()
    await page.keyboard.press('Escape')
    await large(page).waitFor({ state: 'detached' })

    await showPhotos(page, photoOf(600, 600), photoOf(700, 600), photoOf(800, 600))
    await buttons.first().press('Enter')
    await page.keyboard.press('ArrowRight')
    await page.getByText('2 / 3').waitFor()
    const viewer = page.getByRole('dialog')
    await viewer.getByRole('button', { name: 'Next photo' }).press('Enter')
    await page.getByText('3 / 3').waitFor()
    await expectToStay()
    // Neither does the key that was pressed on the arrow close the viewer when the arrow is hidden.
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowLeft')
    await page.getByText('2 / 3').waitFor()
    await viewer.getByRole('button', { name: 'Previous photo' }).press(' ')
    await page.getByText('1 / 3').waitFor()
    await page.keyboard.press('+')
    expect(await isLarger()).toBe(true)
    await expectToStay()
    await viewer.getByRole('button', { name: 'Close' }).press(' ')
    await large(page).waitFor({ state: 'detached' })
  })

  it('leaves shortcuts to the browser on a large photo', async () => {
    const page = await stage.open(stage.jun)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await showPhotos(page, ...[600, 700, 800].map((width) => photoOf(width, 600)))
    await page
      .getByRole('button', { name: /^Show larger/ })
      .nth(1)
      .click()
    await page.getByText('2 / 3').waitFor()
    // After this, the browser does nothing by itself.
    await page.evaluate(`{
      globalThis.taken = []
      addEventListener('keydown', (event) => {
        taken.push(event.defaultPrevented)
        event.preventDefault()
      })
    }`)
    const before = await large(page).getAttribute('style')
    const shortcuts = ['Alt', 'Control', 'Meta'].flatMap((modifier) =>
      ['ArrowLeft', 'ArrowRight', '+', '-', 'Home'].map((key) => [modifier, key]),
    )
    for (const [modifier = '', key = ''] of shortcuts) {
      await page.keyboard.down(modifier)
      await page.keyboard.press(key)
      await page.keyboard.up(modifier)
      expect([modifier, key, await page.getByText('2 / 3').count()]).toEqual([modifier, key, 1])
      expect([modifier, key, await large(page).getAttribute('style')]).toEqual([modifier, key, before])
    }
    // The modifiers are keys too.
    expect(await page.evaluate('taken')).toEqual(shortcuts.flatMap(() => [false, false]))
    await page.keyboard.press('ArrowLeft')
    await page.getByText('1 / 3').waitFor()
  })

  it('leaves the second button of a mouse to the browser on a large photo', async () => {
    const page = await stage.open(stage.jun)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await showPhotos(page, photoOf(600, 600), photoOf(700, 600))
    await page
      .getByRole('button', { name: /^Show larger/ })
      .first()
      .click()
    await page.evaluate(`{
      globalThis.menus = []
      addEventListener('contextmenu', ({ defaultPrevented }) => menus.push(defaultPrevented))
    }`)
    const style = () => large(page).getAttribute('style')
    const before = await style()
    for (const [keys, button] of [
      [[], 'right'],
      [['Control'], 'left'],
    ] as const) {
      for (const key of keys) await page.keyboard.down(key)
      await page.mouse.dblclick(195, 422, { button })
      expect(await style()).toBe(before)
      await page.mouse.move(300, 422)
      await page.mouse.down({ button })
      await page.mouse.move(60, 422, { steps: 5 })
      await page.mouse.up({ button })
      for (const key of keys) await page.keyboard.up(key)
      expect(await page.getByText('1 / 2').count()).toBe(1)
    }
    expect(await page.evaluate('menus')).toEqual([false, false, false])
    // The first one swipes.
    await page.mouse.move(300, 422)
    await page.mouse.down()
    await page.mouse.move(60, 422, { steps: 5 })
    await page.mouse.up()
    await page.getByText('2 / 2').waitFor()
  })

  it('keeps a zoomed photo on the screen, also a wide one, and when the phone is turned', async () => {
    const page = await stage.open(stage.jun)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await showPhotos(page, photoOf(2_400, 600), photoOf(600, 2_400))
    await page
      .getByRole('button', { name: /^Show larger/ })
      .first()
      .click()
    const dragDown = async () => {
      await page.mouse.dblclick(195, 422)
      await page.mouse.move(195, 20)
      await page.mouse.down()
      await page.mouse.move(195, 820, { steps: 5 })
      await page.mouse.up()
    }
    await dragDown()
    expect(await offset(page)).toBe(0)
    await page.keyboard.press('ArrowRight')
    await page.getByText('2 / 2').waitFor()
    await dragDown()
    // It is 2.5 times as high as the screen.
    expect(await offset(page)).toBe((1.5 * 844) / 2)
    await page.setViewportSize({ width: 844, height: 390 })
    await eventually(async () => (await offset(page)) === Math.round((1.5 * 390) / 2))
  })

  it('keeps photos where they are, also the large one, when their addresses are renewed', async () => {
    const page = await stage.open(stage.jun)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const photos = (mark: string) => [600, 700, 800].map((width) => photoOf(width, 600, mark))
    await showPhotos(page, ...photos('<!-- 1 -->'))
    const buttons = page.getByRole('button', { name: /^Show larger/ })
    const row = page.locator('moblog-gallery .row')
    const shown = (element: { scrollLeft: number; clientWidth: number }) =>
      Math.round(element.scrollLeft / element.clientWidth)
    await buttons.last().scrollIntoViewIfNeeded()
    await eventually(async () => (await row.evaluate(shown)) === 2)
    await buttons.last().click()
    await page.keyboard.press('+')
    const style = await large(page).getAttribute('style')
    const described = { ...photoOf(600, 600, '<!-- 2 -->'), altText: 'A boat' }
    await showPhotos(page, described, ...photos('<!-- 2 -->').slice(1))
    expect(await large(page).getAttribute('style')).toBe(style)
    expect(style).toContain('scale(1.5)')
    // What is loaded with the new address is shown in the same place.
    await page.keyboard.press('ArrowLeft')
    await page.getByText('2 / 3').waitFor()
    expect(await large(page).getAttribute('src')).toContain('<!-- 2 -->')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Escape')
    await large(page).waitFor({ state: 'detached' })
    expect(await row.evaluate(shown)).toBe(2)
    expect(await buttons.first().getAttribute('aria-label')).toBe('Show larger: A boat (1 of 3)')
    await showPhotos(page, ...photos('<!-- 3 -->').slice(1))
    expect(await buttons.count()).toBe(2)
  })

  it('loads a photo that was not loaded yet from its new address, and the whole photo instead of its poster', async () => {
    const page = await stage.open(stage.jun)
    const { access, ...photo } = photoOf(600, 600)
    const addresses = (mark: string, isMade: boolean) => ({
      url: access.url,
      progressiveUrl: isMade ? `${access.url}<!-- ${mark} -->` : null,
      posterUrl: `${access.url}<!-- poster -->`,
    })
    const images = page.locator('moblog-gallery .photo img')
    const sources = () =>
      images.evaluateAll((all: { src: string }[]) => all.map(({ src }) => /<!-- (.+) -->/.exec(src)?.[1]))
    const show = (...all: unknown[]) =>
      showPhotos(page, ...all.map((each, index) => ({ ...photo, id: `${index}`, access: each })))
    const missing = { url: 'data:image/svg+xml,<!-- none -->' }
    await show(addresses('old', false), addresses('old', true), missing)
    await eventually(async () => `${await sources()}` === 'poster,old,none')
    const widths = (all: { naturalWidth: number }[]) => all.map(({ naturalWidth }) => naturalWidth)
    await eventually(async () => `${await images.evaluateAll(widths)}` === '600,600,0')
    await page.locator('moblog-gallery .photo img[hidden]').waitFor({ state: 'attached' })
    await show(addresses('new', true), addresses('new', true), addresses('new', true))
    await eventually(async () => `${await sources()}` === 'new,old,new')
  })

  it('says that a film is still being made, asks for nothing that is not there, and plays it when it is', async () => {
    const { access, ...media } = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const early = { ...access, progressiveUrl: null, streamUrl: null, posterUrl: null }
    await showPlayer(page, { ...media, state: 'PROCESSING', byteSize: null, access: early }, access)
    await page.getByText('Still being prepared').waitFor()
    expect(asked.filter((url) => url.startsWith(access.url))).toEqual([])
    expect(await namelessControls(page)).toEqual([])
    await page.getByText('Still being prepared').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: /^Play: / }).click()
    await untilPlaying(page)
  })

  it('plays a film of which nothing is made yet as soon as it is made, if the viewer has asked for that', async () => {
    const { access, ...media } = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    const early = { ...access, progressiveUrl: null, streamUrl: null, posterUrl: null }
    for (let count = 0; count < 2; count++)
      await showPlayer(page, { ...media, state: 'PROCESSING', byteSize: null, access: early }, early)
    const [first, second] = [page.locator('moblog-player').first(), page.locator('moblog-player').last()]
    await first.getByRole('button', { name: 'Play when ready' }).click()
    await first.getByText('It plays as soon as it is ready.').waitFor()
    await second.getByRole('button', { name: 'Play when ready' }).click()
    await second.getByRole('button', { name: 'Do not play' }).click()
    const made = JSON.stringify(access)
    await page.evaluate(
      `for (const each of document.querySelectorAll('moblog-player')) each.renew = async () => (${made})`,
    )
    await untilPlaying(page)
    await second.getByText('Still being prepared').waitFor({ state: 'hidden' })
    expect(await playing(page, 1)).toMatchObject({ paused: true, currentSrc: '' })
  })

  it.each([
    ['hls.js', true],
    ['the browser itself', false],
  ])(
    'waits for a stream that is not there yet, and plays it with %s when it is',
    async (_what, withoutHls) => {
      const { access, ...media } = await readyMedia(await friendsFilm(), stage.jun)
      const page = await stage.open(stage.jun)
      if (withoutHls) await forgetHls(page)
      let isThere = false
      const files: string[] = []
      await page.route(/\/stream\/index\.m3u8/, (route) =>
        isThere
          ? route.continue()
          : route.fulfill({
              status: 503,
              headers: {
                'access-control-allow-origin': '*',
                'access-control-expose-headers': 'Retry-After',
                'retry-after': '1',
              },
            }),
      )
      page.on('request', (request) => {
        if (/\/(original|progressive)$/.test(request.url())) files.push(request.url())
      })
      const early = { ...access, progressiveUrl: null }
      await showPlayer(page, { ...media, state: 'PROCESSING', byteSize: null, access: early }, early)
      await page.getByRole('button', { name: /^Play/ }).first().click()
      await page.getByText('Still being prepared').waitFor()
      await sleep(4_000)
      await page.getByText('Still being prepared').waitFor()
      isThere = true
      await untilPlaying(page)
      expect(await page.getByText('Still being prepared').isVisible()).toBe(false)
      expect(files).toEqual([])
    },
  )

  it('shows the captions that the user chooses from its menu', async () => {
    const { access, ...media } = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    const track = (language: string, label: string, text: string) => {
      const file = Buffer.from(`WEBVTT\n\n00:00.000 --> 00:30.000\n${text}\n`).toString('base64')
      return { language, label, url: `data:text/vtt;base64,${file}` }
    }
    const captions = [track('en', 'English', 'A test picture'), track('zh-Hans', '中文', '测试图')]
    await showPlayer(page, { ...media, access: { ...access, captions } })
    await play(page)
    await untilPlaying(page)
    const menu = page.getByRole('combobox', { name: 'Captions' })
    await menu.selectOption({ label: '中文' })
    await page.getByText('测试图').waitFor()
    // The key goes on to the next ones: after the last ones, there are none.
    await page.evaluate('mediaPage.focus()')
    await page.keyboard.press('c')
    await page.getByText('测试图').waitFor({ state: 'hidden' })
    await page.keyboard.press('c')
    await page.getByText('A test picture').waitFor()
    expect(await menu.inputValue()).toBe('0')
  })

  it('switches captions of a stream that hls.js plays on and off', async () => {
    const { id } = await uploadByTus(
      stage.mei,
      await madeFile('captioned.mp4', 'video/mp4', portraitFilm(12)),
    )
    for (const [language, label, text] of [
      ['en', 'English', 'A test picture'],
      ['zh-Hans', '中文', '测试图'],
    ] as const) {
      const file = `WEBVTT\n\n00:00.000 --> 00:12.000\n${text}\n`
      await stage.mei.client.ask('add-captions', { input: { mediaId: id, language, label, content: file } })
    }
    await publish(stage.mei, { mediaIds: [id] })
    const media = await readyMedia(id, stage.jun)
    expect(media.access.captions).toHaveLength(2)
    const page = await stage.open(stage.jun)
    await forgetHls(page)
    await showPlayer(page, media)
    await page.getByRole('button', { name: /^Play/ }).first().click()
    await untilPlaying(page)
    // hls.js feeds the element from memory.
    expect((await playing(page))?.currentSrc).toMatch(/^blob:/)
    const menu = page.getByRole('combobox', { name: 'Captions' })
    const shown = page.locator('moblog-player .cue')
    for (const label of ['English', '中文']) {
      await menu.selectOption({ label })
      await shown.filter({ hasText: label === 'English' ? 'A test picture' : '测试图' }).waitFor()
    }
    await menu.selectOption({ label: 'Off' })
    await shown.waitFor({ state: 'hidden' })
    await page.evaluate('mediaPage.focus()')
    await page.keyboard.press('c')
    await shown.filter({ hasText: 'A test picture' }).waitFor()
    // They stay through a seek, and each text is shown once: the stream lists them too, and the browser shows none of these.
    await page.evaluate('mediaPage.seek(9)')
    await untilPlaying(page)
    expect(await shown.count()).toBe(1)
    expect(await page.evaluate(SHOWN_TRACKS)).toBe(0)
  })

  it('draws the waveform along the whole seek bar', async () => {
    const media = await readyMedia(await friendsFilm(), stage.jun)
    const page = await stage.open(stage.jun)
    const waveform = Array.from({ length: 100 }, (_, index) => index)
    await showPlayer(page, { ...media, kind: 'AUDIO', waveform })
    const widthOf = async (selector: string) =>
      (await page.locator(`moblog-player ${selector}`).first().boundingBox())?.width
    const bar = await widthOf('.seek')
    expect(bar).toBeGreaterThan(60)
    expect(await widthOf('.wave')).toBe(bar)
    expect(await widthOf('[data-do=download] svg')).toBe(24)
  })

  it('fits a portrait film onto the screen', async () => {
    const page = await stage.open(stage.jun)
    await showPlayer(page, await readyMedia(await friendsFilm(), stage.jun))
    const box = await page.locator('moblog-player').boundingBox()
    expect(box?.height).toBeLessThanOrEqual(844 * 0.8 + 1)
  })
})
