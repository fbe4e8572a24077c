import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import type { Viewer } from './viewer.ts'

/** A small screen on which the web client is open, signed in. */
export type Phone = {
  page: Page
  /** Opens a screen by its address within the client, such as `#/write`. */
  open(address: string): Promise<void>
  /** Waits until everything on the screen is loaded. */
  untilComplete(): Promise<void>
  close(): Promise<void>
}

export type Scheme = 'light' | 'dark'

const COMPLETE_WITHIN_MS = 30_000

// Whether a placeholder is shown, or a picture on the screen is not loaded. Elements are in shadow trees.
const UNFINISHED = `(() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])])
  const isSeen = (element) => {
    const { top, bottom, height } = element.getBoundingClientRect()
    return height > 0 && bottom > 0 && top < innerHeight
  }
  return all(document)
    .filter((each) => isSeen(each))
    .filter((each) => each.matches('.bone') || (each.localName === 'img' && !(each.complete && each.naturalWidth > 0)))
    .length
})()`

/** Opens the client on a phone in portrait orientation. */
export async function createPhone(
  browser: Browser,
  origin: string,
  viewer: Viewer,
  scheme: Scheme,
): Promise<Phone> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    locale: 'en-US',
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  const { user, accessToken, refreshToken, expiresAt } = viewer.session
  const { id: userId, handle, displayName } = user
  const session = { userId, handle, displayName, accessToken, refreshToken, expiresAt }
  const text = JSON.stringify(JSON.stringify(session))
  await context.addInitScript(
    `localStorage.getItem('moblog-session') ?? localStorage.setItem('moblog-session', ${text})`,
  )
  const page = await context.newPage()
  await page.goto(`${origin}/`)
  await page.locator('moblog-shell').waitFor()
  return {
    page,
    async open(address) {
      await page.evaluate(`location.hash = ${JSON.stringify(address)}`)
    },
    async untilComplete() {
      const deadline = performance.now() + COMPLETE_WITHIN_MS
      // The screen is complete when nothing is missing for a while.
      for (let quiet = 0; quiet < 5; ) {
        await sleep(200)
        const count = await page.evaluate<number>(UNFINISHED)
        quiet = count === 0 ? quiet + 1 : 0
        if (performance.now() > deadline) throw new Error(`${count} parts of the screen are not loaded`)
      }
    },
    close: () => context.close(),
  }
}
