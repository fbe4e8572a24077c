import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { friendMoblog, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, namelessControls, startBrowser } from '../testing/product/browser.ts'
import { type CuttingProxy, startCuttingProxy } from '../testing/product/cutting-proxy.ts'
import { madeFile } from '../testing/product/media-files.ts'
import { type BuiltMediaPage, buildMediaPage } from '../testing/product/media-page.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

/** What the page says about an upload, see `MediaPage` in web/test/media-page.ts. */
type ShownUpload = {
  id: string
  name: string
  state: string
  progress: number | null
  sentBytes: number
  mediaId: string | null
}
type Gaps = { longest: number; position: number; renewals: number }
type Playing = { currentTime: number; paused: boolean; currentSrc: string; frames: number }

const FILM = ['-f', 'lavfi', '-i', 'testsrc=size=180x320:rate=15', '-f', 'lavfi', '-i', 'sine=frequency=440']
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', '30']

describeInBrowser().each(MODES)('media in the client, %s', (mode) => {
  let product: Product
  let proxy: CuttingProxy
  let browser: Browser
  let built: BuiltMediaPage
  let mei: Person
  let jun: Person
  const pages: Page[] = []

  beforeAll(async () => {
    // The address of the bytes is that of the proxy, which is started behind the product.
    proxy = await startCuttingProxy()
    ;[product, browser] = await Promise.all([
      startProduct(mode, { env: { STORAGE_PUBLIC_URL: proxy.address } }),
      startBrowser(),
    ])
    proxy.target(new URL(product.addresses.storage).port)
    built = await buildMediaPage(product)
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
  }, 240_000)
  afterEach(async () => {
    proxy.cutEvery(0)
    for (const page of pages.splice(0)) await page.context().close()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.close()
    await proxy?.close()
    await built?.remove()
  })

  async function open(person: Person, options?: BrowserContextOptions): Promise<Page> {
    const page = await built.open(browser, person, options)
    pages.push(page)
    return page
  }

  const uploads = (page: Page) => page.evaluate<ShownUpload[]>('mediaPage.uploads()')
  const playing = (page: Page, index = 0) => page.evaluate<Playing | null>(`mediaPage.playing(${index})`)
  const untilPlaying = (page: Page, index = 0) =>
    eventually(
      () => playing(page, index),
      (state) => state !== null && state.currentTime > 0.3 && state.frames > 0,
      20_000,
    )

  /** Waits until a media file of Mei has all its variants, and returns it with its addresses for a viewer. */
  async function readyMedia(id: string, viewer: Person = mei) {
    await eventually(
      async () => (await mei.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      // An encoder takes turns with others on a busy machine.
      100_000,
    )
    const { media } = await viewer.client.ask('media', { id })
    if (!media?.access) throw new Error('the viewer may not play the media')
    return { ...media, access: media.access }
  }

  let film: Promise<string> | null = null
  /** The id of a film of half a minute that Mei's friends may see. */
  function friendsFilm(): Promise<string> {
    film ??= (async () => {
      const { id } = await uploadByTus(mei, await madeFile('long.mp4', 'video/mp4', [...FILM, ...H264]))
      await publish(mei, { mediaIds: [id] })
      await readyMedia(id)
      return id
    })()
    return film
  }

  const show = (page: Page, ...media: unknown[]) =>
    page.evaluate(`mediaPage.show(...${JSON.stringify(media)})`)
  const play = (page: Page, index = 0) => page.evaluate(`void mediaPage.play(${index})`)
  /** Simulates a browser that plays no streams without hls.js. */
  async function forgetHls(page: Page): Promise<void> {
    await page.addInitScript(`HTMLMediaElement.prototype.canPlayType = () => ''`)
    await reload(page)
  }
  async function reload(page: Page): Promise<void> {
    await page.reload()
    await page.waitForFunction('globalThis.mediaPage')
  }

  describe('the recorder', () => {
    async function openRecorder(kind: 'video' | 'sound'): Promise<Page> {
      const page = await open(mei)
      await page.evaluate('mediaPage.compose()')
      await page.getByRole('button', { name: `Record ${kind}` }).click()
      await page.getByRole('button', { name: 'Start recording' }).waitFor()
      await page.evaluate(`mediaPage.setRecorder('countdown', '1')`)
      await page.getByRole('button', { name: 'Start recording' }).click()
      await page.getByRole('button', { name: 'Finish recording' }).waitFor()
      return page
    }

    it.each(['video', 'sound'] as const)(
      'uploads %s while it is recorded; the post is published and plays',
      async (kind) => {
        const page = await openRecorder(kind)
        expect(await namelessControls(page)).toEqual([])
        await eventually(
          () => uploads(page),
          ([upload]) => upload !== undefined && upload.state === 'SENDING' && upload.sentBytes > 0,
          20_000,
        )
        await page.getByRole('button', { name: 'Finish recording' }).click()
        await page.getByRole('button', { name: 'Use it' }).click()
        const [stored] = await eventually(
          () => uploads(page),
          ([upload]) => upload?.state === 'STORED',
          30_000,
        )
        await page.getByRole('textbox', { name: 'Text of the post' }).fill(`Recorded ${kind}`)
        await page.getByRole('button', { name: 'Publish' }).click()
        await eventually(
          async () => (await friendMoblog(jun.client, mei.handle))?.moblog?.posts.edges[0]?.node.text,
          (text) => text === `Recorded ${kind}`,
          10_000,
        )
        const media = await readyMedia(stored?.mediaId ?? '', jun)
        const friend = await open(jun)
        await show(friend, media)
        await friend.getByRole('button', { name: /^Play/ }).first().click()
        await eventually(
          () => playing(friend),
          (state) => state !== null && state.currentTime > 0.3 && (kind === 'sound' || state.frames > 0),
          20_000,
        )
      },
    )

    it('keeps what was recorded when the page is closed, and offers it again', async () => {
      const page = await openRecorder('video')
      await page.waitForTimeout(2_500)
      await reload(page)
      await page.evaluate('mediaPage.compose()')
      await page.getByRole('button', { name: 'Record video' }).click()
      await page.getByText(/A recording from .* was not finished/).waitFor()
      await page.getByRole('button', { name: 'Keep' }).click()
      await page.locator('moblog-recorder video[controls]').waitFor()
      const shown = await eventually(
        () => uploads(page),
        (all) => all.length === 1 && all[0]?.state === 'STORED',
        30_000,
      )
      expect((await readyMedia(shown[0]?.mediaId ?? '')).durationSeconds).toBeGreaterThan(0.5)
    })

    it('keeps what was recorded when the camera is taken away', async () => {
      const page = await openRecorder('video')
      await page.waitForTimeout(1_500)
      await page.evaluate('mediaPage.loseCamera()')
      await page.getByText('The recording was interrupted.').waitFor()
      await eventually(
        () => uploads(page),
        ([upload]) => upload?.state === 'STORED',
        30_000,
      )
    })

    it('ends at its limit, and uploads nothing that the user cancels', async () => {
      const page = await openRecorder('sound')
      await page.getByRole('button', { name: 'Cancel', exact: true }).last().click()
      await page.getByRole('button', { name: 'Start recording' }).waitFor()
      expect(await uploads(page)).toEqual([])
      await page.evaluate(`mediaPage.setRecorder('limit', '2')`)
      await page.getByRole('button', { name: 'Start recording' }).click()
      await page.getByText('The longest time is reached.').waitFor()
    })

    it('shortens a recording, which takes the place of the longer one', async () => {
      const page = await openRecorder('sound')
      await page.waitForTimeout(3_000)
      await page.getByRole('button', { name: 'Finish recording' }).click()
      await eventually(
        () => uploads(page),
        ([upload]) => upload?.state === 'STORED',
        30_000,
      )
      const [whole] = await uploads(page)
      await page.getByRole('button', { name: 'Shorten', exact: true }).click()
      await page.getByRole('slider', { name: 'End' }).fill('1.5')
      await page.getByRole('button', { name: 'Shorten to this part' }).click()
      const [shorter] = await eventually(
        () => uploads(page),
        ([upload]) => upload?.state === 'STORED' && upload.mediaId !== whole?.mediaId,
        30_000,
      )
      expect((await readyMedia(shorter?.mediaId ?? '')).durationSeconds).toBeCloseTo(1.5, 0)
      expect((await mei.client.ask('media', { id: whole?.mediaId ?? '' })).media).toBeNull()
    })
  })

  describe('an upload', () => {
    const add = (page: Page, bytes: Buffer, name: string) =>
      page.evaluate(`mediaPage.addFile('${bytes.toString('base64')}', '${name}')`)
    // The title makes each file another one, so that none is stored already.
    const largeFilm = async (title: string) => {
      const noisy = ['-f', 'lavfi', '-i', 'nullsrc=size=320x320:rate=10,geq=random(1)*255:128:128']
      const recipe = [
        ...noisy,
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-crf',
        '10',
        '-pix_fmt',
        'yuv420p',
      ]
      return (
        await madeFile(`${title}.mp4`, 'video/mp4', [...recipe, '-t', '10', '-metadata', `title=${title}`])
      ).bytes
    }

    it('is stored although the connection breaks every second', async () => {
      const page = await open(mei)
      const bytes = await largeFilm('cut')
      const before = proxy.received()
      proxy.cutEvery(1_000)
      await add(page, bytes, 'cut.mp4')
      const [upload] = await eventually(
        () => uploads(page),
        ([each]) => each?.state === 'STORED',
        60_000,
      )
      proxy.cutEvery(0)
      expect(proxy.cuts()).toBeGreaterThanOrEqual(2)
      // What had arrived was not sent again.
      expect(proxy.received() - before).toBeLessThan(bytes.length * 1.8)
      const { media } = await mei.client.ask('media', { id: upload?.mediaId ?? '' })
      expect(media?.byteSize).toBe(bytes.length)
    })

    it('continues after a reload where it was', async () => {
      const page = await open(mei)
      const bytes = await largeFilm('reload')
      const before = proxy.received()
      await add(page, bytes, 'reload.mp4')
      await eventually(
        () => uploads(page),
        ([each]) => (each?.sentBytes ?? 0) > 1_000_000,
        20_000,
      )
      await reload(page)
      await eventually(
        () => uploads(page),
        ([each]) => each?.state === 'STORED',
        60_000,
      )
      expect(proxy.received() - before).toBeLessThan(bytes.length * 1.5)
    })

    it('waits without a connection, and continues when it is back', async () => {
      const page = await open(mei)
      await page.context().setOffline(true)
      await add(page, await largeFilm('offline'), 'offline.mp4')
      await eventually(
        () => uploads(page),
        ([each]) => each?.state === 'OFFLINE',
        20_000,
      )
      await page.context().setOffline(false)
      await eventually(
        () => uploads(page),
        ([each]) => each?.state === 'STORED',
        60_000,
      )
    })

    it('of something that is no media is explained with a next step', async () => {
      const page = await open(mei, { locale: 'zh-CN' })
      await page.evaluate('mediaPage.compose()')
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles({
          name: 'notes.mp4',
          mimeType: 'video/mp4',
          buffer: Buffer.from('these are notes and no film'),
        })
      await page.getByRole('alert').filter({ hasText: '这不是可以显示的视频' }).waitFor()
      expect(await page.getByRole('button', { name: '发布' }).isDisabled()).toBe(true)
    })
  })

  describe('the player', () => {
    it('explains within a second of a refusal that the viewer may no longer see it', async () => {
      const id = await friendsFilm()
      const page = await open(jun)
      await forgetHls(page)
      const media = await readyMedia(id, jun)
      let refusedAt = 0
      page.on('response', (response) => {
        if (response.status() === 403 && refusedAt === 0) refusedAt = Date.now()
      })
      await show(page, media)
      await page.getByRole('button', { name: /^Play/ }).first().click()
      await untilPlaying(page)
      await mei.client.ask('unfriend', { input: { userId: jun.id } })
      // A place that is not loaded yet.
      await page.evaluate('mediaPage.seek(28)')
      await page.getByText('You can no longer see this.').waitFor()
      const explainedAt = Date.now()
      expect(refusedAt).toBeGreaterThan(0)
      expect(explainedAt - refusedAt).toBeLessThan(1_000)
      expect(await page.evaluate('mediaPage.ended')).toEqual([{ mediaId: id, reason: 'ENDED' }])
      await befriend(mei, jun)
    })

    it.each([
      ['hls.js', true],
      ['the browser itself', false],
    ])('renews its addresses while %s plays, without an interruption', async (_what, withoutHls) => {
      const id = await friendsFilm()
      const page = await open(jun)
      if (withoutHls) await forgetHls(page)
      const { access, ...media } = await readyMedia(id, jun)
      // Other addresses of the same media, which also show by which of them segments are loaded.
      const renewed = JSON.parse(JSON.stringify(access).replaceAll(proxy.address, product.addresses.storage))
      const soon = new Date(Date.now() + 4_000).toISOString()
      await show(page, { ...media, access: { ...access, expiresAt: soon } }, renewed)
      await page.getByRole('button', { name: /^Play/ }).first().click()
      await untilPlaying(page)
      const gaps = await page.evaluate<Gaps>('mediaPage.longestGap(7_000)')
      expect(gaps.renewals).toBe(1)
      expect(gaps.position).toBeGreaterThan(4)
      expect(gaps.longest).toBeLessThan(1_000)
    })

    it('plays only one media at a time', async () => {
      const media = await readyMedia(await friendsFilm(), jun)
      const page = await open(jun)
      await show(page, media)
      await show(page, media)
      for (const index of [0, 1]) {
        await play(page, index)
        await untilPlaying(page, index)
      }
      expect((await playing(page, 0))?.paused).toBe(true)
    })

    it('downloads with a progress bar and then plays the downloaded file', async () => {
      const page = await open(jun)
      await show(page, await readyMedia(await friendsFilm(), jun))
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
      const page = await open(jun, { locale: 'zh-CN' })
      await show(page, await readyMedia(await friendsFilm(), jun))
      expect(await namelessControls(page)).toEqual([])
      await page.evaluate('mediaPage.focus()')
      await page.keyboard.press('k')
      await untilPlaying(page)
      await page.keyboard.press('5')
      await eventually(
        () => playing(page),
        (state) => (state?.currentTime ?? 0) >= 15,
      )
      await page.keyboard.press('k')
      await eventually(
        () => playing(page),
        (state) => state?.paused === true,
      )
      expect(await page.getByRole('slider', { name: '播放位置' }).getAttribute('aria-valuetext')).toMatch(
        /^0:1\d \/ 0:30$/,
      )
    })

    it('says that a film is still being made, asks for nothing that is not there, and plays it when it is', async () => {
      const { access, ...media } = await readyMedia(await friendsFilm(), jun)
      const page = await open(jun)
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      const early = { ...access, progressiveUrl: null, streamUrl: null, posterUrl: null }
      await show(page, { ...media, state: 'PROCESSING', byteSize: null, access: early }, access)
      await page.getByText('Still being prepared').waitFor()
      expect(asked.filter((url) => url.startsWith(access.url))).toEqual([])
      expect(await namelessControls(page)).toEqual([])
      await page.getByText('Still being prepared').waitFor({ state: 'hidden' })
      await page.getByRole('button', { name: /^Play/ }).first().click()
      await untilPlaying(page)
    })

    it('shows the captions that the user chooses from its menu', async () => {
      const { access, ...media } = await readyMedia(await friendsFilm(), jun)
      const page = await open(jun)
      const track = (language: string, label: string, text: string) => {
        const file = Buffer.from(`WEBVTT\n\n00:00.000 --> 00:30.000\n${text}\n`).toString('base64')
        return { language, label, url: `data:text/vtt;base64,${file}` }
      }
      const captions = [track('en', 'English', 'A test picture'), track('zh-Hans', '中文', '测试图')]
      await show(page, { ...media, access: { ...access, captions } })
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

    it('fits a portrait film onto the screen', async () => {
      const page = await open(jun)
      await show(page, await readyMedia(await friendsFilm(), jun))
      const box = await page.locator('moblog-player').boundingBox()
      expect(box?.height).toBeLessThanOrEqual(844 * 0.8 + 1)
    })
  })
})
