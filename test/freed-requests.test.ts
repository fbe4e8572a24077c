import { friendMoblog, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { freePorts } from '../testing/free-ports.ts'
import { MODES, PARTS, type Product, prepareProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const WARM_UP = 400
const REQUESTS = 1_000
const AT_ONCE = 16
const KIB = 1024
// A page of 20 posts takes about 150 KiB until it is sent. Between processes, it is written and read several times.
const MOST_EACH = { 'in one process': 10 * KIB, 'in four processes': 40 * KIB }

describe.each(MODES)('the memory of a request that has been answered, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  const metrics: string[] = []
  beforeAll(async () => {
    product = await prepareProduct(mode, { env: { LOG_LEVEL: 'error' } })
    const parts = mode === 'in one process' ? PARTS.slice(0, 1) : PARTS
    const ports = await freePorts(parts.length)
    parts.forEach((part, index) => {
      product.configure(part, { METRICS_PORT: `${ports[index]}` })
      metrics.push(`http://127.0.0.1:${ports[index]}/metrics`)
    })
    await product.start()
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    for (let done = 0; done < 20; done++) await publish(mei, {})
  }, 120_000)
  afterAll(() => product?.close())

  /** How much memory of all processes only a major collection can free, in bytes. */
  async function oldSpace(): Promise<number> {
    const texts = await Promise.all(metrics.map(async (url) => (await fetch(url)).text()))
    return texts.reduce((sum, text) => {
      const [, bytes] = /nodejs_heap_space_size_used_bytes\{space="old".*\} (\S+)/.exec(text) ?? []
      return sum + Number(bytes)
    }, 0)
  }

  async function read(times: number): Promise<void> {
    let begun = 0
    const worker = async () => {
      while (begun++ < times) await friendMoblog(jun.client, mei.handle)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  // Two mistakes keep it until a major collection: a WeakMap with requests as keys, and objects with accessors of their own.
  it('is freed by minor collections', async () => {
    await read(WARM_UP)
    let promoted = 0
    let last = await oldSpace()
    for (let done = 0; done < REQUESTS; done += REQUESTS / 20) {
      await read(REQUESTS / 20)
      const now = await oldSpace()
      // A major collection may come between.
      promoted += Math.max(0, now - last)
      last = now
    }
    reportFigure(`${mode}: ${Math.round(promoted / REQUESTS / KIB)} KiB of each request are left`)
    expect(promoted / REQUESTS).toBeLessThan(MOST_EACH[mode])
  }, 120_000)
})
