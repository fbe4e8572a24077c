import { type Product, startProduct } from '../testing/product/product.ts'

const REQUESTS = process.env.MOBLOG_TEST_BIG ? 3_000 : 120
const HEAP_MIB = 256
const AT_ONCE = 4

describe(`documents of 1 MB each from signed-out clients, with ${HEAP_MIB} MiB of heap`, () => {
  let product: Product
  beforeAll(async () => {
    const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`, LOG_LEVEL: 'error' }
    product = await startProduct('in one process', { env })
  }, 120_000)
  afterAll(() => product?.close())

  it(`do not stay in memory: ${REQUESTS} of them are answered`, async () => {
    const filler = 'x'.repeat(1_000_000)
    let sent = 0
    const worker = async () => {
      while (sent < REQUESTS) {
        const query = `{ userByHandle(handle: "${sent++} ${filler}") { id } }`
        const response = await fetch(product.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        })
        expect([response.status, await response.json()]).toEqual([200, { data: { userByHandle: null } }])
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }, 600_000)
})
