import type { Page } from 'playwright-core'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser } from '../testing/product/browser.ts'
import { madeFile } from '../testing/product/media-files.ts'
import { reloadPage, shownUploads, useMediaStage } from '../testing/product/media-stage.ts'
import { MODES } from '../testing/product/product.ts'

describeInBrowser().each(MODES)('an upload of the client, %s', (mode) => {
  const stage = useMediaStage(mode)

  const add = (page: Page, bytes: Buffer, name: string) =>
    page.evaluate(`mediaPage.addFile('${bytes.toString('base64')}', '${name}')`)
  // The title makes each file another one, so that none is stored already.
  const largeFilm = async (title: string) => {
    const noisy = ['-f', 'lavfi', '-i', 'nullsrc=size=320x320:rate=10,geq=random(1)*255:128:128']
    const recipe = [...noisy, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-pix_fmt', 'yuv420p']
    return (
      await madeFile(`${title}.mp4`, 'video/mp4', [...recipe, '-t', '10', '-metadata', `title=${title}`])
    ).bytes
  }

  it('is stored although the connection breaks every second', async () => {
    const page = await stage.open(stage.mei)
    const bytes = await largeFilm('cut')
    stage.proxy.cutEvery(1_000)
    await add(page, bytes, 'cut.mp4')
    const [upload] = await eventually(
      () => shownUploads(page),
      ([each]) => each?.state === 'STORED',
      60_000,
    )
    stage.proxy.cutEvery(0)
    // It takes six seconds without breaks. After a break, Chromium sends the request again by itself, from a place that
    // the server is past, so about half of what is sent arrives.
    expect(stage.proxy.cuts()).toBeGreaterThanOrEqual(4)
    expect(stage.proxy.cuts()).toBeLessThan(30)
    const { media } = await stage.mei.client.ask('media', { id: upload?.mediaId ?? '' })
    expect(media?.byteSize).toBe(bytes.length)
  })

  it('continues after a reload where it was', async () => {
    const page = await stage.open(stage.mei)
    const bytes = await largeFilm('reload')
    const before = stage.proxy.received()
    await add(page, bytes, 'reload.mp4')
    await eventually(
      () => shownUploads(page),
      ([each]) => (each?.sentBytes ?? 0) > 1_000_000,
      20_000,
    )
    await reloadPage(page)
    await eventually(
      () => shownUploads(page),
      ([each]) => each?.state === 'STORED',
      60_000,
    )
    expect(stage.proxy.received() - before).toBeLessThan(bytes.length * 1.5)
  })

  it('is protected from being deleted when the device has little room, if the browser does that', async () => {
    const page = await stage.open(stage.mei)
    const answers = () =>
      page.evaluate(`Object.keys(localStorage).filter((key) => key.startsWith('moblog-persistent-'))`)
    expect(await answers()).toEqual([])
    await add(page, Buffer.from('not really a film'), 'kept.mp4')
    await eventually(answers, (keys) => JSON.stringify(keys) === `["moblog-persistent-${stage.mei.id}"]`)
  })

  it('waits without a connection, and continues when it is back', async () => {
    const page = await stage.open(stage.mei)
    await page.context().setOffline(true)
    await add(page, await largeFilm('offline'), 'offline.mp4')
    await eventually(
      () => shownUploads(page),
      ([each]) => each?.state === 'OFFLINE',
      20_000,
    )
    await page.context().setOffline(false)
    await eventually(
      () => shownUploads(page),
      ([each]) => each?.state === 'STORED',
      60_000,
    )
  })

  it('of something that is no media is explained with a next step', async () => {
    const page = await stage.open(stage.mei, { locale: 'zh-CN' })
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
    // There is nothing to move it before or after.
    expect(await page.getByRole('button', { name: /前移|后移/ }).count()).toBe(0)
  })
})
