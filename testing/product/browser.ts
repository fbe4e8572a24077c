import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
} from 'playwright-core'

// The headless shell is the same browser without its windows, and takes half of the processor time.
const CHROMIUM =
  process.env.CHROMIUM_PATH ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((file) => existsSync(file))
const REMEDY = 'run apt-get install chromium-headless-shell, or set CHROMIUM_PATH to the path of a Chromium'
const IN_PAGE = fileURLToPath(new URL('./in-page.js', import.meta.url))

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
}

/**
 * Returns `describe` if Chromium is installed. Otherwise it prints a warning with the reason, and skips the tests.
 *
 * @throws Error in continuous integration, which must not pass with skipped tests
 */
export function describeInBrowser(): typeof describe {
  if (CHROMIUM && existsSync(CHROMIUM)) return describe
  if (process.env.CI) throw new Error(`There is no Chromium: ${REMEDY}.`)
  process.stderr.write(
    `\n*** SKIPPED: there is no Chromium, so no page is looked at in a browser: ${REMEDY}. ***\n\n`,
  )
  return describe.skip
}

/** A host that leads to this machine, but whose plain HTTP addresses browsers do not treat as secure. */
export const INSECURE_HOST = 'phone.test'

const LAUNCH: LaunchOptions = {
  ...(CHROMIUM && { executablePath: CHROMIUM }),
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--autoplay-policy=no-user-gesture-required',
    // Few pictures per second, so that recording and converting them takes little of the machine.
    '--use-fake-device-for-media-stream=fps=5',
    '--use-fake-ui-for-media-stream',
    `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  ],
}

/** Starts Chromium with a fake camera and a fake microphone. */
export const startBrowser = (): Promise<Browser> => chromium.launch(LAUNCH)

/** Starts Chromium with a folder in which it keeps everything, also for the next start. */
export const startBrowserIn = (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, LAUNCH)

/** Options for opening a page. */
export type Opening = {
  /** Simulates a browser that cannot play HLS natively. */
  withoutHls?: boolean
  /** Simulates a slow phone with a bad connection, where a page is painted before it is complete. */
  slowly?: boolean
}

/** Opens an address on a phone in portrait orientation. `inPage` (in-page.js) is available in `evaluate`. */
export async function openOnPhone(
  browser: Browser,
  url: string,
  { withoutHls = false, slowly = false, ...options }: BrowserContextOptions & Opening = {},
): Promise<Page> {
  const context = await browser.newContext({ ...PHONE, ...options })
  await context.addInitScript({ path: IN_PAGE })
  // Newer Chromium plays HLS natively; most browsers outside of phones do not.
  if (withoutHls) await context.addInitScript(`HTMLMediaElement.prototype.canPlayType = () => ''`)
  const page = await context.newPage()
  if (slowly) await slowDown(page)
  await page.goto(url, { waitUntil: 'networkidle' })
  return page
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  await session.send('Network.enable')
  const network = { offline: false, latency: 150, downloadThroughput: 50_000, uploadThroughput: 50_000 }
  await session.send('Network.emulateNetworkConditions', network)
}

/** The state of a plain player, in a page whose own scripts may be disabled. */
export type PlainPlayer = {
  controls: boolean
  preload: string
  hasPoster: boolean
  type: string
  currentTime: number
  currentSrc: string
}

/** Reads the first player of a kind from outside of the page, because the page's scripts may be disabled. */
export async function plainPlayer(page: Page, kind: string): Promise<PlainPlayer> {
  const session = await page.context().newCDPSession(page)
  const expression = `(({ controls, preload, poster, currentTime, currentSrc, firstElementChild }) => (
    { controls, preload, hasPoster: Boolean(poster), type: firstElementChild.type, currentTime, currentSrc }
  ))(document.querySelector('${kind}'))`
  const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true })
  await session.detach()
  return result.value
}

/** Returns the controls and pictures of a page that have no accessible name. */
export async function namelessControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  const named = /^(button|link|image|img|video|audio|slider|progressbar|textbox)$/i
  return nodes
    .filter(({ ignored, role, name }) => !ignored && named.test(role?.value ?? '') && !name?.value?.trim())
    .map(({ role, backendDOMNodeId }) => `${role?.value} ${backendDOMNodeId}`)
}
