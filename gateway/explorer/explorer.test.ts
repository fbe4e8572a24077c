import { operationNames } from '../../schema/read-operation.ts'
import { startTestGateway, type TestGateway } from '../../testing/gateway/start-gateway.ts'
import { describeInBrowser, startBrowser } from '../../testing/product/browser.ts'

let gateway: TestGateway
afterEach(() => gateway.stop())

const get = async (path: string) => {
  const response = await fetch(`${gateway.url}${path}`, {
    headers: { accept: 'text/html' },
    redirect: 'manual',
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('the explorer', () => {
  it('loads nothing from other servers, and its policy forbids it', async () => {
    gateway = await startTestGateway({ NODE_ENV: 'development' })
    const { status, headers, text } = await get('/explorer')
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toMatch("default-src 'none'; script-src 'self';")
    expect(text).not.toMatch(/https?:/)
    const files = [...text.matchAll(/(?:src|href)="(explorer\/[^"]+)"/g)].map(([, file]) => file)
    expect(files).toHaveLength(6)
    for (const file of files) expect((await get(`/${file}`)).status).toBe(200)
    expect((await get('/explorer/package.json')).status).toBe(404)
    expect((await get('/explorer/')).headers.get('location')).toBe('../explorer')
  })

  it("has the product's operations as tabs, with their variables", async () => {
    gateway = await startTestGateway({ NODE_ENV: 'development' })
    const tabs = JSON.parse((await get('/explorer/operations.json')).text)
    expect(tabs).toHaveLength(operationNames().length)
    expect(tabs[0]).toEqual({
      query: expect.stringContaining('mutation SignUp'),
      variables: '{\n  "input": {}\n}',
    })
  })

  it('does not exist in production', async () => {
    gateway = await startTestGateway({ NODE_ENV: 'production' })
    expect((await get('/explorer')).status).toBe(404)
    expect((await get('/explorer/graphiql.js')).status).toBe(404)
    expect((await get('')).text).not.toContain("'/explorer'")
  })
})

describeInBrowser()('without internet', () => {
  it('a browser gets from the landing page to the explorer, whose operations run under its policy', async () => {
    gateway = await startTestGateway({ NODE_ENV: 'development' })
    const browser = await startBrowser()
    try {
      const context = await browser.newContext()
      await context.route('**/*', (route) =>
        new URL(route.request().url()).hostname === '127.0.0.1' ? route.continue() : route.abort(),
      )
      const page = await context.newPage()
      await page.goto(gateway.url)
      await page.waitForURL('**/graphql/explorer')
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.getByRole('tab', { name: 'Viewer', exact: true }).click()
      await page.getByRole('button', { name: /Execute query/ }).click()
      await page.locator('.result-window').getByText('displayName').first().waitFor()
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
