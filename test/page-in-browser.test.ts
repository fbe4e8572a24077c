import type { Browser, Page } from 'playwright-core'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { friendMoblog, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import {
  describeInBrowser,
  namelessControls,
  openOnPhone,
  plainPlayer,
  startBrowser,
} from '../testing/product/browser.ts'
import { type MediaName, madeFile, mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

const ARABIC = 'مرحبا بالعالم! هذا نص طويل باللغة العربية لكي نرى كيف تظهر الفقرة على شاشة صغيرة.'
const CHINESE = '今天在湖边散步，天气很好。'

const PLAY = 'void document.querySelector("video").play().catch(() => {})'

// Every phone plays it, so the server only copies it. It is larger than what a browser loads in advance.
const LONG_FILM = [
  ...['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=15,noise=alls=100:allf=t', '-t', '60'],
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-b:v',
    '6M',
    '-movflags',
    '+faststart',
  ],
]

const IS_BIG = Boolean(process.env.MOBLOG_TEST_BIG)

type Playing = { currentTime: number; currentSrc: string; paused: boolean; error: string | null }

describeInBrowser().each(MODES)('the page on a phone, %s', (mode) => {
  let product: Product
  let browser: Browser
  let mei: Person
  let jun: Person
  let page: Page | null = null

  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(mode), startBrowser()])
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    await publish(mei, { text: `${ARABIC} https://example.com/a/very/long/address/that/fits/no/phone` })
    for (const name of ['tone.mp3', 'photo.jpg', 'clip.mp4'] as const) {
      await publish(mei, { text: CHINESE, mediaIds: [await readyMedia(name)] })
    }
    for (let index = 0; index < 9; index++)
      await publish(mei, { text: `Before ${index}`, audience: 'PUBLIC' })
    await publish(mei, {
      text: CHINESE,
      mediaIds: [await readyMedia('clip.mp4'), await readyMedia('tone.mp3')],
      audience: 'PUBLIC',
    })
  }, 180_000)
  afterEach(() => page?.context().close())
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  const readyMedia = async (name: MediaName) => ready(await mediaFile(name))

  async function ready(file: MediaFile, owner = mei): Promise<string> {
    const { id } = await uploadByTus(owner, file)
    const stateOf = async () => (await owner.client.ask('media', { id })).media?.state
    await eventually(stateOf, (state) => state === 'READY', 120_000)
    return id
  }

  /** Opens Mei's page, for one viewer or at its public address. */
  async function open(
    viewer: Person | 'everyone',
    options?: Parameters<typeof openOnPhone>[2],
  ): Promise<Page> {
    page = await openOnPhone(browser, await addressFor(viewer), options)
    return page
  }

  async function addressFor(viewer: Person | 'everyone', owner = mei): Promise<string> {
    if (viewer === 'everyone') return `${product.addresses.blog}/m/${mei.id}`
    return (await friendMoblog(viewer.client, owner.handle))?.moblog?.access?.url ?? ''
  }

  const VIEWERS = [
    ['its owner', () => mei],
    ['a friend', () => jun],
    ['everyone', () => 'everyone' as const],
  ] as const

  const playing = (opened: Page) => opened.evaluate<Playing>('inPage.playing()')
  /** Waits until the player plays, and checks that nothing on the page has moved. */
  async function untilPlaying(opened: Page, from: RegExp): Promise<void> {
    await eventually(
      () => playing(opened),
      ({ currentTime, currentSrc, error }) => currentTime > 0.2 && from.test(currentSrc) && error === null,
      10_000,
    )
    expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
  }

  describe.each(['zh-CN', 'ar'])('for a reader of %s', (locale) => {
    // Each reader tests one of the two, unless all are tested.
    const schemes = ['light', 'dark'] as const
    it.each(schemes.filter((scheme) => IS_BIG || (scheme === 'dark') === (locale === 'ar')))(
      'fits the screen and is accessible in %s colours',
      async (scheme) => {
        const opened = await open(mei, { locale, colorScheme: scheme })
        await opened.evaluate('inPage.seeAll()')
        expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
        expect(await opened.evaluate('inPage.faintTexts()')).toEqual([])
        expect(await opened.evaluate('inPage.smallTargets()')).toEqual([])
        expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(390)
        expect(await namelessControls(opened)).toEqual([])
        await opened.getByRole('link', { name: locale === 'ar' ? 'Older posts' : '更早的动态' }).click()
        await opened.getByText(ARABIC).waitFor()
        expect(await opened.evaluate(`inPage.startOf('مرحبا')`)).toBe('right')
        expect(await opened.evaluate(`inPage.startOf('今天')`)).toBe('left')
        expect(await opened.evaluate('document.images.length')).toBe(1)
        await opened.evaluate('inPage.seeAll()')
        expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
      },
    )
  })

  it.each(VIEWERS)(
    'does not shift while it loads on a slow phone with a bad connection, for %s',
    async (_who, viewer) => {
      const opened = await open(viewer(), { slowly: true, locale: 'zh-CN' })
      await opened.evaluate('inPage.seeAll()')
      expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
    },
  )

  it('is readable after one request', async () => {
    const opened = await open(jun, { locale: 'zh-CN' })
    await opened.route(/^/, (route) =>
      route.request().isNavigationRequest() ? route.continue() : route.abort(),
    )
    const blocked: string[] = []
    opened.on('requestfailed', (request) => blocked.push(request.url()))
    await opened.reload()
    expect(await opened.getByText(CHINESE).first().isVisible()).toBe(true)
    expect(await opened.evaluate('inPage.faintTexts()')).toEqual([])
    expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
    // The page contains its style. Only scripts and media are fetched separately.
    expect(blocked.filter((url) => !/\/(moblog\.[0-9a-f]+\.js|poster|progressive)$/.test(url))).toEqual([])
  })

  it('leaves room between the last text or button of a post and the edge of its card', async () => {
    const opened = await open('everyone')
    const rooms = await opened.evaluate<number[]>('inPage.roomsBelow("main > article")')
    expect(rooms).toHaveLength(10)
    for (const room of rooms) expect(room).toBeGreaterThanOrEqual(12)
    expect(Math.max(...rooms)).toBeLessThan(24)
  })

  it('sets the apostrophe of an English title as narrow as Latin punctuation, and Chinese commas in a title as wide as letters', async () => {
    const opened = await open('everyone')
    expect(await opened.getByRole('heading', { level: 1 }).textContent()).toMatch('’')
    expect(await opened.evaluate('inPage.widthOf("h1", "’")')).toBeLessThan(0.5)
    const title = '散步，天气'
    await mei.client.ask('update-moblog', { input: { title } })
    await opened.reload()
    expect(await opened.getByRole('heading', { level: 1 }).textContent()).toBe(title)
    expect(await opened.evaluate('inPage.widthOf("h1", "，")')).toBeGreaterThan(0.9)
    await mei.client.ask('update-moblog', { input: { title: '' } })
  })

  it('fits the narrowest phones', async () => {
    const opened = await open(mei, { viewport: { width: 320, height: 568 }, slowly: true })
    await opened.evaluate('inPage.seeAll()')
    expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBe(320)
    expect(await opened.evaluate('inPage.smallTargets()')).toEqual([])
  })

  it("shows times in the reader's time zone", async () => {
    const opened = await open(jun, { timezoneId: 'Asia/Shanghai', locale: 'zh-CN' })
    const [post] = (await friendMoblog(jun.client, mei.handle))?.moblog?.posts.edges ?? []
    const time = new Intl.DateTimeFormat('zh-Hans', {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'Asia/Shanghai',
    }).format(new Date(post?.node.publishedAt ?? ''))
    expect(await opened.locator('time').first().textContent()).toBe(time)
  })

  it.each(VIEWERS)('is readable and plays without scripts for %s', async (_who, viewer) => {
    const opened = await open(viewer(), { javaScriptEnabled: false })
    expect(await opened.getByText(CHINESE).first().isVisible()).toBe(true)
    for (const kind of ['video', 'audio']) {
      const plain = await plainPlayer(opened, kind)
      expect(plain).toMatchObject({ controls: true, preload: 'none', hasPoster: kind === 'video' })
      expect(plain.type).toBe(`${kind}/mp4`)
      // Uses a key, like a user, because no script may help here.
      await opened.locator(kind).first().focus()
      await opened.keyboard.press('Space')
      await eventually(
        () => plainPlayer(opened, kind),
        ({ currentTime, currentSrc }) => currentTime > 0.2 && /\/progressive$/.test(currentSrc),
      )
    }
  })

  it('plays the stream natively if the browser can', async () => {
    const opened = await open(jun)
    const asked: string[] = []
    opened.on('request', (request) => asked.push(request.url()))
    await opened.evaluate(PLAY)
    await untilPlaying(opened, /index\.m3u8$/)
    expect(asked.filter((url) => /\/hls\./.test(url))).toEqual([])
  })

  it('plays the stream with hls.js in other browsers, and loads hls.js only to play', async () => {
    const scripts: string[] = []
    const opened = await open(jun, { withoutHls: true })
    opened.on('request', (request) => scripts.push(request.url()))
    expect(
      await opened.evaluate('performance.getEntriesByType("resource").map(({ name }) => name).join()'),
    ).not.toMatch(/\/hls\./)
    await opened.evaluate(PLAY)
    await untilPlaying(opened, /^blob:/)
    expect(scripts.filter((url) => /\/m\/-\/hls\.[0-9a-f]+\.js$/.test(url))).toHaveLength(1)
    expect(scripts.some((url) => /\/stream\/[^/]+\.m4s$/.test(url))).toBe(true)
  })

  it('plays the file if the stream does not arrive', async () => {
    const opened = await open(jun, { withoutHls: true })
    await opened.route(/index\.m3u8$/, (route) => route.abort())
    await opened.evaluate(PLAY)
    await untilPlaying(opened, /\/progressive$/)
  })

  it.each([
    ['played', { withoutHls: true }, (opened: Page) => opened.evaluate(PLAY)],
    ['played as a stream', {}, (opened: Page) => opened.evaluate(PLAY)],
    ['downloaded', {}, (opened: Page) => opened.getByRole('link', { name: 'Download: Video' }).click()],
  ] as const)(
    'shows a notice if the address of media to be %s is no longer valid',
    async (_what, options, use) => {
      const opened = await open(jun, options)
      await opened.route(/\/v\//, (route) => route.fulfill({ status: 403, body: 'refused' }))
      await use(opened)
      await opened.getByRole('alert').getByText('This link is no longer valid.').waitFor()
      await opened.waitForTimeout(600)
      expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
      expect(await opened.evaluate('location.pathname')).toMatch(/^\/m\//)
    },
  )

  it('says that the link is no longer valid if a right ends while a film plays, though the browser has kept a part', async () => {
    const [lin] = await signUpAll(product.url, ['Lin'])
    await befriend(lin, jun)
    await publish(lin, { mediaIds: [await ready(await madeFile('long.mp4', 'video/mp4', LONG_FILM), lin)] })
    // A browser that plays files only.
    page = await openOnPhone(browser, 'about:blank', { withoutHls: true })
    await page.addInitScript('delete globalThis.MediaSource; delete globalThis.ManagedMediaSource')
    await page.goto(await addressFor(jun, lin))
    await page.evaluate(PLAY)
    await untilPlaying(page, /\/progressive$/)
    await lin.client.ask('unfriend', { input: { userId: jun.id } })
    const address = (await playing(page)).currentSrc
    await eventually(async () => (await fetch(address, { method: 'HEAD' })).status === 403, 10_000)
    await page.evaluate('document.querySelector("video").currentTime = 57')
    const notice = page.getByRole('alert')
    await notice.waitFor()
    expect(await notice.textContent()).toBe('This link is no longer valid. Open the moblog again in the app.')
  }, 240_000)

  it('shows a notice if neither stream nor file arrives', async () => {
    const opened = await open('everyone')
    await opened.route(/\/v\//, (route) => route.abort())
    await opened.evaluate(PLAY)
    await opened.getByRole('alert').getByText('This file cannot be shown now.').waitFor()
  })

  it('downloads with progress, then offers to play the downloaded file', async () => {
    const opened = await open(jun)
    const link = opened.getByRole('link', { name: 'Download: Video' })
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    await opened.route(/\/progressive\?download$/, async (route) => {
      await held
      await route.continue()
    })
    await link.click()
    expect(await opened.getByRole('progressbar').count()).toBe(1)
    // Shifts shortly after a click count as caused by it. This wait is longer.
    await opened.waitForTimeout(600)
    goOn()
    const play = opened.getByRole('button', { name: 'Play: Video' })
    await play.waitFor()
    expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
    await play.click()
    await untilPlaying(opened, /^blob:/)
  })

  describe('the recorder', () => {
    it('leaves recording to the app that shows the page', async () => {
      const opened = await open(mei)
      await opened.evaluate(`document.addEventListener('moblog-record', (event) => {
        event.preventDefault()
        globalThis.asked = event.detail
      })`)
      await opened.getByRole('link', { name: 'Record audio' }).click()
      expect(await opened.evaluate('globalThis.asked')).toEqual({ kind: 'audio' })
      expect(await opened.getByRole('status').count()).toBe(0)
    })

    it('records in the browser without such an app, shows it, and hands over the recording', async () => {
      const opened = await open(mei)
      await opened.evaluate(`document.addEventListener('moblog-recorded', (event) => {
        event.preventDefault()
        const { kind, blob, seconds } = event.detail
        globalThis.recorded = { kind, size: blob.size, type: blob.type, seconds }
      })`)
      await opened.getByRole('link', { name: 'Record video' }).click()
      await opened.getByText('Recording has started.').waitFor()
      expect(await namelessControls(opened)).toEqual([])
      await opened.waitForTimeout(600)
      await opened.getByRole('button', { name: 'Finish recording' }).click()
      const recorded = await eventually(
        () => opened.evaluate<{ size: number } | undefined>('globalThis.recorded'),
        (value) => value !== undefined,
      )
      expect(recorded).toMatchObject({ kind: 'video', type: expect.stringMatching(/^video\//) })
      expect(recorded?.size).toBeGreaterThan(1_000)
      expect(await opened.getByRole('dialog').count()).toBe(0)
      expect(await opened.getByRole('link', { name: 'Save' }).count()).toBe(0)
    })

    it('ends at the time limit, and lets the user save a recording that no app has taken', async () => {
      const opened = await open(mei)
      await opened.evaluate(`document.querySelector('moblog-recorder').setAttribute('limit', '1')`)
      await opened.getByRole('link', { name: 'Record audio' }).click()
      const save = opened.getByRole('link', { name: 'Save' })
      await save.waitFor()
      expect(await save.getAttribute('download')).toMatch(/^moblog\.(mp4|webm)$/)
      expect(await opened.getByText('This recording is only on this device.').count()).toBe(1)
      expect(await opened.evaluate('inPage.smallTargets()')).toEqual([])
      expect(await opened.evaluate('inPage.faintTexts()')).toEqual([])
      expect(await namelessControls(opened)).toEqual([])
      expect(await opened.evaluate('inPage.layoutShifts()')).toEqual([])
      await opened.getByRole('button', { name: 'Close' }).click()
      expect(await opened.getByRole('dialog').count()).toBe(0)
    })

    it('keeps the recording if the user goes back by mistake', async () => {
      const opened = await open(mei)
      await opened.getByRole('link', { name: 'Record audio' }).click()
      await opened.getByText('Recording has started.').waitFor()
      await opened.keyboard.press('Escape')
      await opened.getByRole('button', { name: 'Finish recording' }).click()
      await opened.getByRole('link', { name: 'Save' }).waitFor()
    })

    it('shows a notice if it may not use the microphone', async () => {
      const opened = await open(mei)
      await opened.evaluate(
        'navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("refused"))',
      )
      await opened.getByRole('link', { name: 'Record audio' }).click()
      await opened.getByText('This page cannot use your camera or microphone.').waitFor()
      await opened.getByRole('button', { name: 'Close' }).click()
      expect(await opened.getByRole('dialog').count()).toBe(0)
    })

    it('exists only on the page of its owner', async () => {
      expect(await (await open(jun)).locator('moblog-recorder').count()).toBe(0)
    })
  })
})
