import { publish } from '../scripts/client/moblogs.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { APART_MODES, MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('the public addresses, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person

  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
  }, 180_000)
  afterAll(() => product?.close())

  it('work at the address of the product, and nothing of the web client takes their place', async () => {
    const { id } = await publish(mei, { text: 'at the lake', audience: 'PUBLIC' })
    const { origin } = new URL(product.url)
    for (const path of [`/@${mei.handle}`, `/@${mei.handle.toUpperCase()}/${id}`, `/%40${mei.handle}`]) {
      const response = await fetch(`${origin}${path}`)
      expect([path, response.status]).toEqual([path, 200])
      const text = await response.text()
      expect(text).toContain('at the lake')
      expect(text).toContain(`<link rel="canonical" href="${product.addresses.blog}/@${mei.handle}`)
    }
  })

  it('show nothing of a user without public posts, and nothing more after the account is deleted', async () => {
    await publish(jun, { text: 'for friends', audience: 'FRIENDS' })
    const { id } = await publish(mei, { text: 'short', audience: 'PUBLIC' })
    const statusOf = async (path: string) => (await fetch(`${product.addresses.blog}/@${path}`)).status
    expect(await statusOf(jun.handle)).toBe(404)
    expect(await statusOf(`${jun.handle}/${id}`)).toBe(404)
    expect(await statusOf(`${mei.handle}/${id}`)).toBe(200)
    await mei.client.ask('delete-account', { input: { password: mei.password } })
    expect([await statusOf(mei.handle), await statusOf(`${mei.handle}/${id}`)]).toEqual([404, 404])
  })
})

describe.each(APART_MODES)('an address that does not exist, %s', (mode) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct(mode, { env: { PUBLIC_URL: 'https://moblog.example/app/' } })
  }, 180_000)
  afterAll(() => product?.close())

  it('is a page for browsers and JSON for programs at every process', async () => {
    for (const [part, address] of Object.entries(product.addresses)) {
      const open = (accept: string) => fetch(`${address}/nothing/here`, { headers: { accept } })
      const page = await open('text/html,*/*;q=0.8')
      expect([part, page.status, page.headers.get('content-type')]).toEqual([
        part,
        404,
        'text/html; charset=utf-8',
      ])
      const text = await page.text()
      expect(text).toContain('This page does not exist.')
      const isGateway = address === product.addresses.gateway
      expect(text).toContain(isGateway ? 'href="../"' : 'href="https://moblog.example/app/"')
      const json = await open('*/*')
      expect([part, json.status, await json.json()]).toEqual([
        part,
        404,
        { message: 'This address does not exist. Check the path.' },
      ])
    }
  })
})
