import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import { createClient } from '../scripts/client/client.ts'
import { accessTo } from '../scripts/client/moblogs.ts'
import { signUp } from '../scripts/client/people.ts'
import { tusPatchStream } from '../scripts/client/tus.ts'
import { announcement, tryRequestUpload, uploadEnd } from '../scripts/client/uploads.ts'
import { startProgram } from '../scripts/program.ts'
import { eventually } from '../testing/eventually.ts'
import { freePorts } from '../testing/free-ports.ts'
import { largeFile } from '../testing/product/large-file.ts'
import { processesOf } from '../testing/product/processes.ts'
import { MODES, PARTS, type Product, prepareProduct, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const IS_BIG = Boolean(process.env.MOBLOG_TEST_BIG)

// The product is started and stopped several times.
jest.setTimeout(120_000)

describe.each(MODES)('starting and stopping, %s', (mode) => {
  let product: Product
  afterEach(() => product?.close())

  /** Stops the product as an operator does, and checks that no process is left. */
  async function expectCleanStop(): Promise<void> {
    expect(processesOf(product.dataDir)).not.toEqual([])
    const exits = await product.end('SIGTERM')
    expect(exits.map(({ code, signal }) => ({ code, signal }))).toEqual(
      exits.map(() => ({ code: 0, signal: null })),
    )
    expect(Math.max(...exits.map(({ afterMs }) => afterMs))).toBeLessThan(10_000)
    // In four processes, the embedded PostgreSQL exits about a second after its last user.
    await eventually(
      () => processesOf(product.dataDir),
      (left) => left.length === 0,
      5_000,
    )
  }

  const untilFirstAnswer = async () => {
    const startedAt = performance.now()
    await product.start()
    await createClient(product.url).ask('viewer', {})
    return performance.now() - startedAt
  }

  it('answers its first query soon after the first start, and sooner after later starts', async () => {
    // The goals, 5 s and 2 s in one process, apply to an idle machine; the reported figures show whether they are met.
    const most =
      mode === 'in one process' ? { first: 10_000, later: 5_000 } : { first: 20_000, later: 15_000 }
    // Other load on the machine should not count: the best of several rounds is used, and a busy machine gets more
    // time.
    const share = (IS_BIG ? 1 : 3) * Math.max(1, (os.loadavg()[0] ?? 0) / os.availableParallelism())
    const rounds = IS_BIG ? 3 : 1
    const took = { first: Number.POSITIVE_INFINITY, later: Number.POSITIVE_INFINITY }
    for (let round = 0; round < rounds && (took.first > most.first || took.later > most.later); round++) {
      await product?.close()
      product = await prepareProduct(mode, { ownDatabase: true })
      took.first = Math.min(took.first, await untilFirstAnswer())
      await expectCleanStop()
      took.later = Math.min(took.later, await untilFirstAnswer())
      await expectCleanStop()
    }
    reportFigure(`${mode}: first start ${Math.round(took.first)} ms, later ${Math.round(took.later)} ms`)
    expect(took.first).toBeLessThan(most.first * share)
    expect(took.later).toBeLessThan(most.later * share)
  })

  it('answers /livez and /readyz with 200', async () => {
    product = await startProduct(mode)
    for (const part of PARTS) {
      const live = await fetch(`${product.addresses[part]}/livez`)
      const ready = await fetch(`${product.addresses[part]}/readyz`)
      expect([live.status, ready.status]).toEqual([200, 200])
    }
  })

  it('stops cleanly during a download and an upload', async () => {
    product = await startProduct(mode, { ownDatabase: true })
    const mei = await signUp(product.url, 'Mei')
    const film = await largeFile(64 * 1024 * 1024)
    const request = async () => {
      const answer = await tryRequestUpload(mei, announcement(film))
      if (answer.__typename !== 'RequestUploadPayload') throw new Error(answer.message)
      return answer
    }
    const stored = await request()
    await tusPatchStream(stored, 0, film.from(0), film.byteSize)
    const { media } = await uploadEnd(mei, stored.uploadSession.id)
    const access = await accessTo(mei.client, media?.id ?? '')
    // A client that stops reading keeps its connection open forever.
    const download = await fetch(access?.url ?? '')
    expect(download.status).toBe(200)
    const unfinished = await request()
    const stalled = tusPatchStream(unfinished, 0, film.from(0).take(3), film.byteSize).catch(() => null)
    await expectCleanStop()
    await download.body?.cancel().catch(() => {})
    await stalled
  })

  it('exits with code 0 if it is stopped while it starts', async () => {
    product = await prepareProduct(mode, { ownDatabase: true })
    const starting = product.start().catch(() => null)
    await eventually(
      () => product.programs().length,
      (count) => count > 0,
    )
    await new Promise((resolve) => {
      setTimeout(resolve, 700)
    })
    const exits = await product.end('SIGTERM')
    await starting
    expect(exits.every(({ code, signal }) => code === 0 || signal === 'SIGTERM')).toBe(true)
    await eventually(
      () => processesOf(product.dataDir),
      (left) => left.length === 0,
      15_000,
    )
  })

  it('leaves no process running after kill -9', async () => {
    product = await startProduct(mode, { ownDatabase: true })
    await product.end('SIGKILL')
    await eventually(
      () => processesOf(product.dataDir),
      (left) => left.length === 0,
      15_000,
    )
  })
})

describe('a start with an invalid environment', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-system-'))
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  const WRONG = {
    PORT: 'abc',
    MEDIA_TOKEN_SECONDS: '-1',
    STORAGE_CAPACITY: 'plenty',
    DATABASE_URL: 'mysql://localhost/moblog',
    LOG_LEVEL: 'loud',
    PUBLIC_URL: 'ftp://example.org',
  }

  it('exits with code 2 and prints one line for each invalid variable', async () => {
    const program = startProgram('main.ts', { MOBLOG_DATA_DIR: dataDir, ...WRONG })
    expect(await program.ended).toMatchObject({ code: 2 })
    for (const name of Object.keys(WRONG))
      expect(program.output()).toMatch(new RegExp(`^  ${name}: .+$`, 'm'))
    expect(program.output()).not.toMatch(/^\s+at /m)
  })

  const REFUSALS = [
    ['gateway', 'BLOG_URL', 'nowhere'],
    ['gateway', 'PORT', 'abc'],
    ['communication', 'SESSION_TOKEN_SECONDS', 'soon'],
    ['storage', 'STORAGE_MAX_VIDEO', 'huge'],
    ['storage', 'PORT', '70000'],
    ['blog', 'BLOG_PUBLIC_URL', 'nowhere'],
  ] as const

  it.each(IS_BIG ? REFUSALS : REFUSALS.slice(0, 1))(
    'of %s exits with code 2 for %s=%s',
    async (part, name, value) => {
      const settings = { MOBLOG_DATA_DIR: dataDir, [name]: value }
      const program = startProgram('hosting/main.ts', settings, [part])
      expect(await program.ended).toMatchObject({ code: 2 })
      expect(program.output()).toMatch(new RegExp(`^  ${name}: .+$`, 'm'))
    },
  )

  it('exits within ten seconds of SIGTERM while it waits for a database', async () => {
    const program = startProgram('main.ts', {
      MOBLOG_DATA_DIR: dataDir,
      DATABASE_URL: 'postgresql://user:password@127.0.0.1:1/moblog',
    })
    await eventually(
      () => program.output(),
      (output) => output.includes('waiting for the database'),
      30_000,
    )
    const { afterMs } = await program.end('SIGTERM')
    expect(afterMs).toBeLessThan(11_000)
  })

  it('names a port that is in use, and leaves no process behind', async () => {
    const product = await startProduct('in one process')
    const { port } = new URL(product.url)
    const second = startProgram('main.ts', { MOBLOG_DATA_DIR: dataDir, PORT: port })
    expect(await second.ended).toMatchObject({ code: 2 })
    expect(second.output()).toMatch(/EADDRINUSE|in use/)
    await eventually(
      () => processesOf(dataDir),
      (left) => left.length === 0,
      15_000,
    )
    await product.close()
  })

  it('logs that the database does not answer, without its password', async () => {
    const [port] = await freePorts(1)
    const DATABASE_URL = `postgresql://moblog:s3cret@localhost:${port}/moblog`
    const program = startProgram('main.ts', { MOBLOG_DATA_DIR: dataDir, DATABASE_URL, PORT: '0' })
    await eventually(
      () => program.output(),
      (output) => /database/.test(output),
      15_000,
    )
    await program.end('SIGKILL')
    expect(program.output()).not.toContain('s3cret')
  })
})

describe('in development', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct('in one process')
  })
  afterAll(() => product?.close())

  it('the GraphQL address serves Apollo Sandbox to a browser', async () => {
    const response = await fetch(product.url, { headers: { accept: 'text/html' } })
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(await response.text()).toMatch(/sandbox/i)
  })

  it('introspection is enabled', async () => {
    const { data } = await createClient(product.url).query('{ __schema { queryType { name } } }')
    expect(data).toEqual({ __schema: { queryType: { name: 'Query' } } })
  })

  it('the log contains no token and no password', async () => {
    const mei = await signUp(product.url, 'Mei')
    const { origin } = new URL(product.url)
    await fetch(`${origin}/v/${mei.accessToken}/x/original`)
    const output = product.program('gateway').output()
    expect(output).not.toContain(mei.accessToken)
    expect(output).not.toContain(mei.password)
  })
})

describe('in production', () => {
  it('introspection is disabled', async () => {
    const product = await startProduct('in one process', {
      env: { NODE_ENV: 'production', ALLOW_BUNDLED_FFMPEG: 'true' },
    })
    const { errors } = await createClient(product.url).query('{ __schema { queryType { name } } }')
    expect(errors).not.toEqual([])
    await product.close()
  })
})
