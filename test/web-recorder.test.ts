import type { BrowserContextOptions, Page } from 'playwright-core'
import { friendMoblog } from '../scripts/client/moblogs.ts'
import type { Person } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, namelessControls } from '../testing/product/browser.ts'
import {
  reloadPage,
  shownUploads,
  showPlayer,
  untilPlaying,
  useMediaStage,
} from '../testing/product/media-stage.ts'
import { MODES } from '../testing/product/product.ts'

describeInBrowser().each(MODES)('the recorder of the client, %s', (mode) => {
  const stage = useMediaStage(mode)

  /** Waits until a viewer has something of a media file to play, also while other variants are still being made. */
  async function playableMedia(id: string, viewer: Person) {
    const [media] = await eventually(
      async () => [(await viewer.client.ask('media', { id })).media],
      ([found]) => Boolean(found?.access?.streamUrl ?? found?.access?.progressiveUrl),
      100_000,
    )
    return media
  }

  /** How long a media file of Mei is, which is known before its variants are made. */
  const secondsOf = (id: string) =>
    eventually(async () => (await stage.mei.client.ask('media', { id })).media?.durationSeconds ?? 0, 60_000)

  /** The sizes of the parts of recordings that a browser has kept, in bytes. */
  const keptChunks = (page: Page) =>
    page.evaluate<number[]>(`new Promise((resolve, reject) => {
      const opening = indexedDB.open('moblog-recordings')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const reading = opening.result.transaction('chunks').objectStore('chunks').getAll()
        reading.onsuccess = () => resolve(reading.result.map((chunk) => chunk.size))
        reading.onerror = () => reject(reading.error)
      }
    })`)

  async function openRecorder(kind: 'video' | 'sound', options?: BrowserContextOptions): Promise<Page> {
    const page = await stage.open(stage.mei, options)
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
        () => shownUploads(page),
        ([upload]) => upload !== undefined && upload.state === 'SENDING' && upload.sentBytes > 0,
        20_000,
      )
      await page.getByRole('button', { name: 'Finish recording' }).click()
      await page.getByRole('button', { name: 'Use it' }).click()
      const [stored] = await eventually(
        () => shownUploads(page),
        ([upload]) => upload?.state === 'STORED',
        30_000,
      )
      if (kind === 'video') {
        // The recorder has forgotten what is stored, so the picture is that of the server.
        await playableMedia(stored?.mediaId ?? '', stage.mei)
        await reloadPage(page)
        await page.evaluate('mediaPage.compose()')
        await page.locator('moblog-composer-item .thumb img').waitFor()
      }
      await page.getByRole('textbox', { name: 'Text of the post' }).fill(`Recorded ${kind}`)
      await page.getByRole('button', { name: 'Publish' }).click()
      await eventually(
        async () =>
          (await friendMoblog(stage.jun.client, stage.mei.handle))?.moblog?.posts.edges[0]?.node.text,
        (text) => text === `Recorded ${kind}`,
        10_000,
      )
      const friend = await stage.open(stage.jun)
      await showPlayer(friend, await playableMedia(stored?.mediaId ?? '', stage.jun))
      await friend.getByRole('button', { name: /^Play/ }).first().click()
      await untilPlaying(friend, 0, kind)
    },
  )

  it.each(['video', 'sound'] as const)(
    'keeps the height of its sheet while %s is recorded and shortened, with the main button in the middle',
    async (kind) => {
      const page = await openRecorder(kind, { viewport: { width: 390, height: 844 } })
      const sheet = page.locator('moblog-composer dialog[open]')
      const heightOf = async () => (await sheet.boundingBox())?.height ?? Number.NaN
      const heights = [await heightOf()]
      const button = await page.getByRole('button', { name: 'Finish recording' }).boundingBox()
      expect(Math.abs((button?.x ?? 0) + (button?.width ?? 0) / 2 - 195)).toBeLessThan(1)
      await page.getByRole('button', { name: 'Cancel', exact: true }).last().click()
      await page.getByText('Keep this recording?').waitFor()
      heights.push(await heightOf())
      await page.getByRole('button', { name: 'Discard' }).click()
      const start = page.getByRole('button', { name: 'Start recording' })
      await start.waitFor()
      heights.push(await heightOf())
      const next = await start.boundingBox()
      for (const side of ['x', 'y', 'width', 'height'] as const)
        expect(Math.abs((next?.[side] ?? Number.NaN) - (button?.[side] ?? Number.NaN))).toBeLessThanOrEqual(1)
      await start.click()
      await page.getByText('Recording starts in 1').waitFor()
      heights.push(await heightOf())
      await page.getByRole('button', { name: 'Finish recording' }).waitFor()
      await page.waitForTimeout(1_000)
      await page.getByRole('button', { name: 'Finish recording' }).click()
      await page.getByRole('button', { name: 'Use it' }).waitFor()
      heights.push(await heightOf())
      await page.getByRole('button', { name: 'Shorten', exact: true }).click()
      await page.getByRole('slider', { name: 'End' }).waitFor()
      heights.push(await heightOf())
      // Browsers round parts of pixels, differently from one layout to the next.
      expect([heights, Math.max(...heights) - Math.min(...heights) <= 1]).toEqual([heights, true])
    },
  )

  it('keeps what was recorded when the page is closed, and offers it again', async () => {
    const page = await openRecorder('video')
    // On a slow machine, the first part has only the header, and its pictures follow after seconds.
    await eventually(
      () => keptChunks(page),
      (sizes) => sizes.filter((size) => size > 0).length >= 3,
      30_000,
    )
    await reloadPage(page)
    await page.evaluate('mediaPage.compose()')
    await page.getByRole('button', { name: 'Record video' }).click()
    await page.getByText(/A recording from .* was not finished/).waitFor()
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.locator('moblog-recorder video[controls]').waitFor()
    const shown = await eventually(
      () => shownUploads(page),
      (all) => all.length === 1 && all[0]?.state === 'STORED',
      30_000,
    )
    expect(await secondsOf(shown[0]?.mediaId ?? '')).toBeGreaterThan(0.5)
  })

  it('keeps what was recorded when the camera is taken away', async () => {
    const page = await openRecorder('video')
    await page.waitForTimeout(1_500)
    await page.evaluate('mediaPage.loseCamera()')
    await page.getByText('The recording was interrupted.').waitFor()
    await eventually(
      () => shownUploads(page),
      ([upload]) => upload?.state === 'STORED',
      30_000,
    )
  })

  it('says that the camera was taken away before the recording, keeps nothing, and tries again', async () => {
    const page = await stage.open(stage.mei)
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await page.evaluate('mediaPage.compose()')
    await page.getByRole('button', { name: 'Record video' }).click()
    const start = page.getByRole('button', { name: 'Start recording' })
    const lost = page.getByText('The camera or the microphone stopped working.')
    const tryAgain = page.getByRole('button', { name: 'Try again' })
    const open = async () => {
      await lost.waitFor()
      expect(await start.count()).toBe(0)
      await tryAgain.click()
      await start.waitFor()
      expect(await lost.count()).toBe(0)
    }
    await start.waitFor()
    await page.evaluate('mediaPage.loseCamera()')
    await open()
    // While it counts down.
    await start.click()
    await page.getByText('Recording starts in').waitFor()
    await page.evaluate('mediaPage.loseCamera()')
    await open()
    // Some browsers say nothing, and fail when the recording starts.
    await page.evaluate('mediaPage.loseCamera(false)')
    await page.evaluate(`mediaPage.setRecorder('countdown', '0')`)
    await start.click()
    await open()
    // Others start it, and end it before its first byte.
    await page.evaluate(`globalThis.begin = MediaRecorder.prototype.start
      MediaRecorder.prototype.start = function () { setTimeout(() => this.dispatchEvent(new Event('stop'))) }`)
    await page.evaluate(`mediaPage.setRecorder('countdown', '0')`)
    await start.click()
    await open()
    await page.evaluate('MediaRecorder.prototype.start = begin')
    expect(
      await page.evaluate('navigator.locks.query().then(({ held }) => held.map(({ name }) => name))'),
    ).not.toEqual(expect.arrayContaining([expect.stringMatching(/^moblog-recordings-/)]))
    expect([await shownUploads(page), await keptChunks(page), faults]).toEqual([[], [], []])
    await reloadPage(page)
    await page.evaluate('mediaPage.compose()')
    await page.getByRole('button', { name: 'Record video' }).click()
    await start.waitFor()
    expect(await page.getByText('was not finished').count()).toBe(0)
    await start.click()
    await page.getByRole('button', { name: 'Finish recording' }).waitFor()
  })

  it('asks whether to keep what the user cancels, as with Back, and leaves nothing of what is discarded', async () => {
    const page = await openRecorder('sound')
    for (const leave of ['Cancel', 'Escape']) {
      await page.waitForTimeout(1_500)
      if (leave === 'Escape') await page.keyboard.press(leave)
      else await page.getByRole('button', { name: leave, exact: true }).last().click()
      await page.getByRole('button', { name: 'Use it' }).waitFor()
      expect(await page.getByText('Keep this recording?').isVisible()).toBe(leave === 'Cancel')
      expect((await shownUploads(page)).length).toBe(1)
      await page.getByRole('button', { name: 'Discard' }).click()
      await page.getByRole('button', { name: 'Start recording' }).waitFor()
      expect(await shownUploads(page)).toEqual([])
      await page.getByRole('button', { name: 'Start recording' }).click()
      await page.getByRole('button', { name: 'Finish recording' }).waitFor()
    }
  })

  it('leaves nothing at the server of a recording that is discarded, without a connection as soon as it is back', async () => {
    const page = await openRecorder('sound')
    const library = async () =>
      (await stage.mei.client.ask('media-library', {})).viewer?.mediaLibrary?.edges.map(({ node }) => node.id)
    const before = await library()
    await page.waitForTimeout(1_500)
    await page.getByRole('button', { name: 'Finish recording' }).click()
    const [stored] = await eventually(
      () => shownUploads(page),
      ([upload]) => upload?.state === 'STORED',
      30_000,
    )
    expect(await library()).toEqual([stored?.mediaId, ...(before ?? [])])
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Discard' }).click()
    await eventually(
      () => shownUploads(page),
      (uploads) => uploads.length === 0,
    )
    await page.waitForTimeout(1_000)
    await page.context().setOffline(false)
    await reloadPage(page)
    await eventually(library, (ids) => !ids?.includes(stored?.mediaId ?? ''), 20_000)
    expect(await library()).toEqual(before)
  })

  it('leads the focus from step to step, and asks before it removes the recording', async () => {
    const page = await stage.open(stage.mei)
    await page.evaluate('mediaPage.compose()')
    const record = page.getByRole('button', { name: 'Record sound' })
    const isFocused = (name: string) =>
      eventually(() =>
        page
          .getByRole('button', { name, exact: true })
          .last()
          .evaluate((each: { matches(selector: string): boolean }) => each.matches(':focus')),
      )
    const press = () => page.keyboard.press('Enter')
    await record.focus()
    await press()
    await isFocused('Start recording')
    await page.evaluate(`mediaPage.setRecorder('countdown', '1')`)
    await press()
    await isFocused('Finish recording')
    await page.waitForTimeout(1_500)
    await press()
    await isFocused('Use it')
    // The hint goes when it is no longer true.
    await page.getByText('It is uploaded while you listen to it.').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Discard' }).focus()
    await press()
    await isFocused('Start recording')
    await press()
    await isFocused('Finish recording')
    await page.waitForTimeout(1_500)
    await press()
    await isFocused('Use it')
    await press()
    await isFocused('Record sound')

    // Without a connection, the hint does not say that it is uploaded.
    await page.context().setOffline(true)
    await record.click()
    await page.getByRole('button', { name: 'Start recording' }).click()
    await page.waitForTimeout(2_500)
    await page.getByRole('button', { name: 'Finish recording' }).click()
    await page.getByText('It is kept on this device, and uploaded when there is a connection.').waitFor()
    await page.getByRole('button', { name: 'Discard', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel', exact: true }).last().click()
    await page.context().setOffline(false)
    await record.focus()

    const remove = page.getByRole('button', { name: /^Remove/ })
    await remove.click()
    await page.getByText('If you discard it, nothing of it stays.').waitFor()
    await press()
    expect(await shownUploads(page)).toHaveLength(1)
    await remove.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await remove.waitFor({ state: 'detached' })
    expect(await shownUploads(page)).toEqual([])
  })

  it('ends at its limit', async () => {
    const page = await openRecorder('sound')
    await page.getByRole('button', { name: 'Cancel', exact: true }).last().click()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    await page.evaluate(`mediaPage.setRecorder('limit', '2')`)
    await page.getByRole('button', { name: 'Start recording' }).click()
    await page.getByText('The longest time is reached.').waitFor()
  })

  it('uses the part that the sliders show, and the whole recording when they are gone', async () => {
    const page = await openRecorder('sound')
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.waitForTimeout(3_000)
    await page.getByRole('button', { name: 'Finish recording' }).click()
    const shorten = page.getByRole('button', { name: 'Shorten', exact: true })
    await shorten.click()
    const end = page.getByRole('slider', { name: 'End' })
    expect(await end.inputValue()).toBe(await end.getAttribute('max'))
    await end.fill('1.5')
    expect(await page.getByRole('button', { name: 'Use it' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Use it' }).waitFor()
    await shorten.click()
    expect(Number(await page.getByRole('slider', { name: 'End' }).inputValue())).toBeGreaterThan(2.5)
    await page.getByRole('slider', { name: 'End' }).fill('1.5')
    // As the player and the draft show it.
    expect(await page.getByRole('slider', { name: 'End' }).getAttribute('aria-valuetext')).toBe('0:01')
    await page.getByRole('button', { name: 'Use this part' }).click()
    await page.locator('moblog-recorder').waitFor({ state: 'detached' })
    await page.getByText('Sound recording, 0:01').waitFor()
    const uploads = await eventually(
      () => shownUploads(page),
      (all) => all.length === 1 && all[0]?.state === 'STORED',
      30_000,
    )
    expect(await secondsOf(uploads[0]?.mediaId ?? '')).toBeCloseTo(1.5, 0)
    // No player has loaded from an address that leads nowhere any more.
    expect(complaints).toEqual([])
  })

  it('shortens a recording, which takes the place of the longer one', async () => {
    const page = await openRecorder('sound')
    await page.waitForTimeout(3_000)
    await page.getByRole('button', { name: 'Finish recording' }).click()
    await eventually(
      () => shownUploads(page),
      ([upload]) => upload?.state === 'STORED',
      30_000,
    )
    const [whole] = await shownUploads(page)
    await page.getByRole('button', { name: 'Shorten', exact: true }).click()
    await page.getByRole('slider', { name: 'End' }).fill('1.5')
    await page.getByRole('button', { name: 'Shorten to this part' }).click()
    const [shorter] = await eventually(
      () => shownUploads(page),
      ([upload]) => upload?.state === 'STORED' && upload.mediaId !== whole?.mediaId,
      30_000,
    )
    expect(await secondsOf(shorter?.mediaId ?? '')).toBeCloseTo(1.5, 0)
    expect((await stage.mei.client.ask('media', { id: whole?.mediaId ?? '' })).media).toBeNull()
  })
})
