/**
 * Measures how the web client starts and plays on a slow phone with a slow connection; see README.md.
 *
 *     node bench/web-client.ts
 */
import { type Browser, chromium, type Page } from 'playwright-core'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { startTemporaryProduct } from '../scripts/temporary-product.ts'
import { eventually } from '../testing/eventually.ts'
import { type LoadedFile, sizeOf, watchLoadedFiles } from '../testing/product/loaded-files.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

/** What Chromium calls slow 4G. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 }
const CPU_SLOWDOWN = 4
const QUIET_MS = 1_000

/** Collects what moves and what keeps the page busy, from its first moment on. */
const WATCH = `
  globalThis.shift = 0
  globalThis.moves = []
  globalThis.busyUntil = 0
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources, startTime } of list.getEntries()) {
      if (hadRecentInput) continue
      globalThis.shift += value
      const moved = sources.map(({ node, previousRect, currentRect }) =>
        node?.localName + '.' + node?.className + ' from ' + previousRect.y + ' to ' + currentRect.y)
      globalThis.moves.push(value.toFixed(4) + ' after ' + Math.round(startTime) + ' ms: ' + moved.join(', '))
    }
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.busyUntil = startTime + duration
  }).observe({ type: 'longtask', buffered: true })`

/** Plays the first film of the page with a tap, and returns how long its first picture takes. */
const TIME_TO_PICTURE = `new Promise((resolve, reject) => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])])
  const player = all(document).find(({ localName }) => localName === 'moblog-player').shadowRoot
  const began = performance.now()
  setTimeout(() => reject(new Error('no picture after a minute')), 60_000)
  player.querySelector('video').requestVideoFrameCallback((now) => resolve(now - began))
  player.querySelector('[data-do=toggle]').click()
})`

/** Makes the connection and the processor slow. */
async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', SLOW_4G)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
}

async function measure(browser: Browser, origin: string, viewer: Person) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    // It loads all files after the start.
    serviceWorkers: 'block',
  })
  await keepSignedIn(context, viewer)
  await context.addInitScript(WATCH)
  const page = await context.newPage()
  const loaded = watchLoadedFiles(page)
  await slowDown(page)
  await page.goto(origin, { waitUntil: 'commit' })
  await page.locator('moblog-player').first().waitFor({ timeout: 60_000 })
  const shownMs = await page.evaluate<number>('performance.now()')
  const firstFiles = await loaded.soFar()
  const busyUntil = () => page.evaluate<number>('performance.now() - busyUntil')
  await eventually(busyUntil, (quietMs) => quietMs > QUIET_MS, 60_000)
  const interactiveMs = Math.max(shownMs, await page.evaluate<number>('busyUntil'))
  const shift = await page.evaluate<number>('shift')
  const moves = await page.evaluate<string[]>('moves')
  const pictureMs = await page.evaluate<number>(TIME_TO_PICTURE)
  const files = await loaded.soFar()
  await context.close()
  return { shownMs, interactiveMs, pictureMs, shift, moves, firstFiles, files }
}

const sum = (files: readonly LoadedFile[]) => sizeOf(files).toLocaleString()

const product = await startTemporaryProduct({ GATEWAY_COST_PER_MINUTE: '0' })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
})
try {
  const [mei, jun] = await signUpAll(`${product.origin}/graphql`, ['Mei', 'Jun'])
  await befriend(mei, jun)
  const { id } = await uploadByTus(mei, await mediaFile('clip.mp4'))
  await publish(mei, { text: 'A clip', mediaIds: [id] })
  await eventually(
    async () => (await mei.client.ask('media', { id })).media?.state,
    (state) => state === 'READY',
    120_000,
  )
  // The first one also fills the caches of the server.
  await measure(browser, product.origin, jun)
  const { shownMs, interactiveMs, pictureMs, shift, moves, firstFiles, files } = await measure(
    browser,
    product.origin,
    jun,
  )
  for (const { name, bytes } of files.toSorted((one, other) => other.bytes - one.bytes))
    console.log(`${bytes.toLocaleString().padStart(8)}  ${name}`)
  console.log(`bytes until a post and its player are shown: ${sum(firstFiles)}`)
  console.log(`bytes of everything after a start, with what playing needs: ${sum(files)}`)
  console.log(`a post and its player are shown after ${Math.round(shownMs)} ms`)
  console.log(`the page is interactive after ${Math.round(interactiveMs)} ms`)
  console.log(`the first picture is shown ${Math.round(pictureMs)} ms after a tap`)
  console.log(`layout shift: ${shift.toFixed(4)}`)
  for (const move of moves) console.log(`  ${move}`)
} finally {
  await browser.close()
  await product.close()
}
