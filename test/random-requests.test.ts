import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { newestAccess, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { requestUpload, uploadByTus } from '../scripts/client/uploads.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { residentMemory } from '../testing/product/processes.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { type RandomRequest, type RealThings, randomRequests } from '../testing/product/random-requests.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const AT_ONCE = 20
const BATCHES = process.env.MOBLOG_TEST_BIG ? 500 : 25
const LONGEST_MS = 10_000

// In one process all services share an address, so that any request can reach any service.
describe('random requests', () => {
  let product: Product
  let real: RealThings

  beforeAll(async () => {
    product = await startProduct('in one process')
    const [mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    await befriend(mei, jun)
    real = await realThings(mei, jun)
  }, 120_000)
  afterAll(() => product?.close())

  it('are answered without internal errors, and leave the product healthy', async () => {
    const { hostname, port } = new URL(product.url)
    const before = residentMemory(product.program('gateway').pid)
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomRequests(real), { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (batch) => {
          const answers = await Promise.all(batch.map((one) => send(hostname, Number(port), one)))
          for (const [index, { status, text, ms }] of answers.entries()) {
            const what = JSON.stringify(batch[index])
            expect({ what, status, isFault: status >= 500 && text }).toEqual({ what, status, isFault: false })
            expect([what, ms < LONGEST_MS]).toEqual([what, true])
            expect(text).not.toMatch(
              /INTERNAL_SERVER_ERROR|\bat .+\.(ts|js):\d+|node_modules|prisma|SELECT .+ FROM/i,
            )
          }
          for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
        },
      ),
      { numRuns: BATCHES, endOnFailure: true },
    )
    const grown = Math.round((residentMemory(product.program('gateway').pid) - before) / 1024 ** 2)
    const counts = [...statuses]
      .sort(([one], [other]) => one - other)
      .map(([status, count]) => `${count} x ${status}`)
    reportFigure(`random requests: ${counts.join(', ')}; resident memory + ${grown} MiB`)
    // Some of the requests must pass all checks.
    expect(statuses.get(200)).toBeGreaterThan((BATCHES * AT_ONCE) / 10)
    expect(grown).toBeLessThan(400)
    await expectHealthy()
  }, 1_200_000)

  it('that are not HTTP are answered with 400 or not at all', async () => {
    const { hostname, port } = new URL(product.url)
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(
          'GET / HTTP/1.1',
          'POST /graphql HTTP/1.1',
          'Host: a',
          'Content-Length: -1',
          'Transfer-Encoding: x',
        ),
        fc.constantFrom(
          'Content-Length: 5',
          'Content-Length: 99',
          'Transfer-Encoding: chunked',
          'ffffffffff',
          '',
          'a: b',
        ),
        fc.string({ unit: 'binary', maxLength: 30 }),
      ),
      { maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (connections) => {
        const answers = await Promise.all(
          connections.map((text) => sendRaw(hostname, Number(port), `${text.join('\r\n')}\r\n\r\n`)),
        )
        for (const answer of answers) expect(answer).not.toMatch(/^HTTP\/1\.1 5/m)
      }),
      { numRuns: Math.ceil(BATCHES / 5), endOnFailure: true },
    )
    await expectHealthy()
  }, 600_000)

  async function expectHealthy(): Promise<void> {
    expect((await fetch(product.url.replace(/graphql$/, 'readyz'))).status).toBe(200)
    for (const program of product.programs()) {
      expect(program.hasCrashed()).toBe(false)
      const faults = program
        .output()
        .split('\n')
        .filter((line) => /"level":"?(50|60|error|fatal)/.test(line))
      expect(faults).toEqual([])
    }
  }
})

async function realThings(mei: Person, jun: Person): Promise<RealThings> {
  const photo = await mediaFile('photo.jpg')
  const media = await uploadByTus(mei, photo)
  const post = await publish(mei, { audience: 'FRIENDS', mediaIds: [media.id] })
  const access = await newestAccess(jun.client, mei)
  // The shared copy has to be made first.
  expect((await fetchBytes(access.url)).status).toBe(200)
  const grants = [await requestUpload(mei, photo), await requestUpload(jun, photo)]
  const ids = [mei.id, jun.id, post.id, media.id, ...grants.map((grant) => grant.uploadSession.id)]
  const quoted = (texts: readonly string[]) => texts.map((text) => JSON.stringify(text))
  const mediaPath = new URL(access.posterUrl ?? access.url).pathname
  return {
    sessionTokens: [mei.accessToken, jun.accessToken],
    ids,
    uploads: grants.map(({ tusUrl, key }) => ({ path: new URL(tusUrl).pathname, key })),
    paths: [mediaPath, `/m/${mei.id}`, `/m/${mei.id}/feed.xml`],
    operations: {
      schema: buildSchema(readFileSync(new URL('../schema/api.graphql', import.meta.url), 'utf8')),
      values: {
        id: quoted([...ids, 'none']),
        handle: quoted([mei.handle, '\u0000']),
        query: quoted(['', 'mei']),
        receipt: ['"x"'],
        direction: ['SENT', 'RECEIVED'],
        first: ['1', '2', '20', '100'],
        after: ['null'],
      },
      aliases: ['__proto__', 'constructor', '_entities', 'a'],
      maxDepth: 6,
    },
  }
}

type Reply = { status: number; text: string; ms: number }

function send(host: string, port: number, { method, path, headers, body }: RandomRequest): Promise<Reply> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const call = request({ host, port, method, path, headers, agent: false }, (response) => {
      let text = ''
      const done = () => resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - begun })
      response.setEncoding('latin1')
      response.on('data', (chunk) => {
        text = `${text}${chunk}`.slice(0, 200_000)
        // An event stream does not end.
        if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy()
      })
      response.once('close', done)
    })
    call.setTimeout(LONGEST_MS, () => call.destroy(new Error('no answer in time')))
    call.once('error', (error) =>
      reject(new Error(`${error.message}: ${JSON.stringify({ method, path, headers, body })}`)),
    )
    call.end(body === null ? undefined : Buffer.from(body, 'latin1'))
  })
}

/** Returns the data received on a connection until it is closed or has been silent for a second. */
function sendRaw(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    let answer = ''
    socket.setTimeout(1_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve(answer))
    socket.write(Buffer.from(text, 'latin1'))
  })
}
