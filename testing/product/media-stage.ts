import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { befriend, type Person, signUpAll } from '../../scripts/client/people.ts'
import { eventually } from '../eventually.ts'
import { startBrowser } from './browser.ts'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'
import { type BuiltMediaPage, buildMediaPage } from './media-page.ts'
import { type Mode, type Product, startProduct } from './product.ts'

/** What the page says about an upload, see `MediaPage` in web/test/media-page.ts. */
export type ShownUpload = {
  id: string
  name: string
  state: string
  progress: number | null
  sentBytes: number
  mediaId: string | null
}

/** What a player in the page is doing. */
export type Playing = { currentTime: number; paused: boolean; currentSrc: string; frames: number }

/** Two friends with pages that hold the elements of the client, and a bad network between these and the bytes. */
export type MediaStage = {
  readonly product: Product
  readonly proxy: CuttingProxy
  readonly mei: Person
  readonly jun: Person
  /** Opens a page, which is closed after the test. */
  open(person: Person, options?: BrowserContextOptions): Promise<Page>
}

/** Sets a stage up before the tests of a `describe`, and takes it down after them. */
export function useMediaStage(mode: Mode): MediaStage {
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

  return {
    get product() {
      return product
    },
    get proxy() {
      return proxy
    },
    get mei() {
      return mei
    },
    get jun() {
      return jun
    },
    async open(person, options) {
      const page = await built.open(browser, person, options)
      pages.push(page)
      return page
    },
  }
}

export const shownUploads = (page: Page) => page.evaluate<ShownUpload[]>('mediaPage.uploads()')

export const playing = (page: Page, index = 0) => page.evaluate<Playing | null>(`mediaPage.playing(${index})`)

/** Waits until a player plays, and a film shows pictures. */
export const untilPlaying = (page: Page, index = 0, kind: 'video' | 'sound' = 'video') =>
  eventually(
    () => playing(page, index),
    (state) => state !== null && state.currentTime > 0.3 && (kind === 'sound' || state.frames > 0),
    20_000,
  )

/** Shows a player of a media file. */
export const showPlayer = (page: Page, ...media: unknown[]) =>
  page.evaluate(`mediaPage.show(...${JSON.stringify(media)})`)

export async function reloadPage(page: Page): Promise<void> {
  await page.reload()
  await page.waitForFunction('globalThis.mediaPage')
}
