import { setTimeout as sleep } from 'node:timers/promises'
import { friendMoblog, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { residentMemory } from '../testing/product/processes.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const REQUESTS = process.env.MOBLOG_TEST_BIG ? 100_000 : 2_000
const OPERATIONS = process.env.MOBLOG_TEST_BIG ? 10_000 : 300
const AT_ONCE = 16
const MIB = 1024 * 1024
// V8 grows the heap in steps. A leak of 2 kB for each of the 100,000 requests takes more.
const MOST_GROWTH = 60 * MIB

describe.each(MODES)('the memory of all processes, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  beforeAll(async () => {
    // A heap that is small for its work is collected often, so what is left over shows.
    product = await startProduct(mode, {
      env: { NODE_OPTIONS: '--max-old-space-size=256', LOG_LEVEL: 'error' },
    })
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    for (let done = 0; done < 20; done++) await publish(mei, {})
  }, 120_000)
  afterAll(() => product?.close())

  const used = () => product.programs().reduce((sum, { pid }) => sum + residentMemory(pid), 0)

  /** Does each of `times` pieces of work, and returns by how much the memory of the last third exceeds that of the second. */
  async function growthWhile(times: number, work: (piece: number) => Promise<unknown>): Promise<number> {
    let begun = 0
    const peaks = [0, 0, 0]
    const worker = async () => {
      while (begun < times) await work(begun++)
    }
    let isOver = false
    const watching = (async () => {
      while (!isOver) {
        const third = Math.min(2, Math.floor((3 * begun) / times))
        peaks[third] = Math.max(peaks[third] ?? 0, used())
        await sleep(50)
      }
    })()
    await Promise.all(Array.from({ length: AT_ONCE }, worker)).finally(() => {
      isOver = true
    })
    await watching
    const [, second = Number.NaN, last = Number.NaN] = peaks
    reportFigure(
      `${mode}: ${peaks.map((peak) => Math.round(peak / MIB)).join(', ')} MiB in each third of ${times}`,
    )
    return last - second
  }

  it(`stays the same over ${REQUESTS} requests for a friend's page`, async () => {
    const growth = await growthWhile(REQUESTS, async () => {
      expect((await friendMoblog(jun.client, mei.handle))?.moblog?.posts.edges).toHaveLength(20)
    })
    expect(growth).toBeLessThan(MOST_GROWTH)
  }, 1_200_000)

  it(`stays the same over ${OPERATIONS} different operations, each sent twice`, async () => {
    const growth = await growthWhile(OPERATIONS, async (piece) => {
      const query = `query Different {
        owner${piece}: userByHandle(handle: "${mei.handle}") {
          id displayName moblog { title posts(first: 2) { edges { node { id text media { id access { url } } } } } }
        }
      }`
      for (let time = 0; time < 2; time++) {
        const response = await fetch(product.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${jun.accessToken}` },
          body: JSON.stringify({ query }),
        })
        const { data } = (await response.json()) as { data: Record<string, { displayName: string }> }
        expect(data[`owner${piece}`]?.displayName).toBe('Mei')
      }
    })
    expect(growth).toBeLessThan(MOST_GROWTH)
  }, 1_200_000)
})
