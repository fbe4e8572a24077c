import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, locale: 'en-US' }

describeInBrowser()('what users do with each other in the web client', () => {
  let product: Product
  let browser: Browser
  let ada: Person
  let bob: Person

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
    ;[ada, bob] = await signUpAll(product.url, ['Ada', 'Bob'])
    await befriend(ada, bob)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  async function openAs(
    person: Person | null,
    fragment: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const context = await browser.newContext({ ...PHONE, ...options })
    if (person) await keepSignedIn(context, person)
    const page = await context.newPage()
    await page.goto(new URL(`/${fragment}`, product.url).href)
    return page
  }

  const open = (page: Page, fragment: string) => page.evaluate(`location.hash = ${JSON.stringify(fragment)}`)

  it('reads a screen by itself when the connection is back', async () => {
    const page = await openAs(bob, '#/')
    await page.getByRole('link', { name: 'Friends' }).first().waitFor()
    // The code of the screens is kept by the service worker.
    await eventually(() => page.evaluate('navigator.serviceWorker.controller !== null'), 30_000)
    await page.context().setOffline(true)
    await open(page, '#/friends')
    await page.getByText('this device has not kept this').waitFor()
    await open(page, '#/settings/storage')
    await page.getByText('this device has not kept this').first().waitFor()
    await open(page, '#/friends')
    await page.getByText('this device has not kept this').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('link', { name: /^Ada/ }).waitFor({ timeout: 10_000 })
    expect(await page.getByText('this device has not kept this').count()).toBe(0)
    await page.context().close()
  })

  it('offers the newest version if the server does not accept this one, and does not blame the connection', async () => {
    const page = await openAs(null, '', { serviceWorkers: 'block' })
    const code = 'PERSISTED_QUERY_NOT_IN_LIST'
    await page.route('**/graphql', (route) =>
      route.fulfill({ status: 400, json: { errors: [{ message: 'refused', extensions: { code } }] } }),
    )
    await page.locator('input[name=handle]').fill('ada')
    await page.locator('input[name=password]').fill('a long password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page
      .getByRole('alert')
      .filter({ hasText: 'This version of the app is no longer accepted.' })
      .waitFor()
    const isLoaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Load again' }).click()
    await isLoaded
    await page.context().close()
  })
})
