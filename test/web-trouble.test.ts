import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { keepSignedIn } from '../testing/product/signed-in.ts'

const PHONE = { viewport: { width: 390, height: 844 }, locale: 'en-US' }

describeInBrowser()('the web client in trouble', () => {
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build-web.ts'])
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await product?.close()
  })

  const addressOf = (fragment: string) => new URL(`/${fragment}`, product.url).href
  const textOf = async (page: Page) => page.locator('moblog-post-text textarea').inputValue()
  const write = (page: Page, text: string) => page.locator('moblog-post-text textarea').fill(text)
  const publish = (page: Page) => page.getByRole('button', { name: 'Publish', exact: true }).click()

  async function postsOf({ id, client }: Person): Promise<string[]> {
    const { moblog } = await client.ask('moblog-posts', { id })
    return moblog?.posts.edges.map(({ node }) => node.text) ?? []
  }

  it('keeps the drafts of two tabs apart, and publishes both', async () => {
    const [ada] = await signUpAll(product.url, ['Ada'])
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, ada)
    const one = await context.newPage()
    await one.goto(addressOf('#/write'))
    await write(one, 'From one tab')
    const other = await context.newPage()
    await other.goto(addressOf('#/write'))
    await write(other, 'From the other tab')
    await one.reload()
    await eventually(async () => (await textOf(one)) === 'From one tab', 10_000)
    await publish(one)
    await eventually(async () => (await postsOf(ada)).length === 1, 10_000)
    expect(await textOf(other)).toBe('From the other tab')
    await other.reload()
    await eventually(async () => (await textOf(other)) === 'From the other tab', 10_000)
    await publish(other)
    await eventually(async () => (await postsOf(ada)).length === 2, 10_000)
    expect(await postsOf(ada)).toEqual(['From the other tab', 'From one tab'])
    await context.close()
  })

  it('opens the draft of a tab that was closed in the next one', async () => {
    const [bob] = await signUpAll(product.url, ['Bob'])
    const context = await browser.newContext(PHONE)
    await keepSignedIn(context, bob)
    const one = await context.newPage()
    await one.goto(addressOf('#/write'))
    await write(one, 'Begun')
    await one.close()
    const next = await context.newPage()
    await next.goto(addressOf('#/write'))
    await eventually(async () => (await textOf(next)) === 'Begun', 10_000)
    await publish(next)
    await eventually(async () => (await postsOf(bob)).length === 1, 10_000)
    await next.goto(addressOf('#/write'))
    await next.reload()
    await next.waitForTimeout(500)
    expect(await textOf(next)).toBe('')
    await context.close()
  })
})
