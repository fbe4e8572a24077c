import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createClient } from '../scripts/client/client.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, namelessControls, startBrowser } from '../testing/product/browser.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { toolForTests } from '../testing/storage/clips.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const guide = readFileSync(new URL('../docs/clients.md', import.meta.url), 'utf8')

const examplesIn = (language: string): string[] =>
  [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, each, code = '']) =>
    each === language ? [code] : [],
  )

const ATTRIBUTES = 'kind="video" limit="60" countdown="3"'

/** What a test changes about the page of the example. */
type Variant = { html?: string; attributes?: string; script?: string }

/** An event of the recorder, as the page has seen it. A blob is its size. */
type Seen = { type: string; detail: Record<string, unknown> & { recordingId: string } }

/** The page of the example, with the script of the product, and all of its own JavaScript in one module. */
function examplePage(
  product: Product,
  { html = 'lang="en"', attributes = ATTRIBUTES, script = '' }: Variant,
) {
  const [example = ''] = examplesIn('html').filter((code) => code.includes('<moblog-recorder'))
  const [, markup = '', inline = ''] = /^(.*?)<script type="module">(.*)<\/script>\s*$/s.exec(example) ?? []
  const { origin } = new URL(product.url)
  const code = examplesIn('js')
  const session = code.slice(
    0,
    code.findIndex((each) => each.includes('tus-js-client')),
  )
  const body = markup.replace('http://localhost:4000', origin).replace(ATTRIBUTES, attributes)
  if (!markup.includes(ATTRIBUTES) || !body.includes(`${origin}/moblog-elements.js`) || session.length < 3)
    throw new Error(`the example has changed:\n${example}`)
  return {
    markup: `<!doctype html><html ${html}><head><title>Recorder</title><link rel="stylesheet" href="/page.css"></head>
      <body><main><h1>Recorder</h1>${body}</main><script type="module" src="/page.js"></script></body></html>`,
    script: `globalThis.seen = []
      document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
        console.error(violatedDirective, blockedURI))
      // A session outlives a reload.
      const known = sessionStorage.getItem('session')
      ${session
        .join('\n')
        .replace('http://localhost:4000/graphql', product.url)
        .replace('let session = signUp.session', 'let session = known ? JSON.parse(known) : signUp.session')}
      sessionStorage.setItem('session', JSON.stringify(session))
      ${inline}
      const names = ['moblog-recording', 'moblog-recorded', 'moblog-upload-progress', 'moblog-uploaded',
        'moblog-upload-failed', 'moblog-recording-discarded', 'moblog-recorder-closed']
      for (const name of names) recorder.addEventListener(name, ({ type, detail }) => {
        const { blob, bytes, ...rest } = detail
        globalThis.seen.push({ type, detail: { ...rest, ...(blob && { blob: blob.size }) } })
      })
      ${script}
      globalThis.guide = { accessToken, recorder }`,
  }
}

/** How many recordings a page has kept. Their deletion ends if the page is left meanwhile. */
const KEPT_RECORDINGS = `(async () => {
  let count = 0
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result)
    })
    if (database.objectStoreNames.contains('recordings'))
      count += await new Promise((resolve) => {
        const request = database.transaction('recordings').objectStore('recordings').count()
        request.onsuccess = () => resolve(request.result)
      })
    database.close()
  }
  return count
})()`

describeInBrowser()('the recorder on a page of another origin', () => {
  let product: Product
  let browser: Browser
  let server: Server
  let shown: ReturnType<typeof examplePage>
  const faults: string[] = []

  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct('in one process'), startBrowser()])
    const origins = [...new Set([product.url, product.addresses.storage].map((each) => new URL(each).origin))]
    const policy = [
      "default-src 'none'; style-src 'self'; media-src blob:",
      `script-src 'self' ${new URL(product.url).origin}`,
      `connect-src ${origins.join(' ')}`,
    ].join('; ')
    const files: Record<string, [string, () => string]> = {
      '/': ['text/html', () => shown.markup],
      '/page.js': ['text/javascript', () => shown.script],
      '/page.css': ['text/css', () => ':root { color-scheme: light dark } body { margin: 0 }'],
    }
    server = createServer((request, response) => {
      const [type, body] = files[request.url ?? ''] ?? []
      if (type) response.writeHead(200, { 'content-type': type, 'content-security-policy': policy })
      else response.writeHead(204)
      response.end(body?.())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }, 240_000)
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    expect(faults.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
    await product?.close()
  })

  const goTo = async (page: Page) => {
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    // `waitForFunction` evaluates text, which the policy of the page forbids.
    await eventually(() => page.evaluate<boolean>('Boolean(globalThis.guide)'), 10_000)
  }

  async function open(variant: Variant = {}, options: BrowserContextOptions = {}): Promise<Page> {
    shown = examplePage(product, variant)
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      permissions: ['camera', 'microphone'],
      locale: 'en-US',
      ...options,
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    await goTo(page)
    return page
  }

  const seenOf = (page: Page, type: string) =>
    page.evaluate<Seen[]>(`seen.filter((each) => each.type === '${type}')`)
  const first = (page: Page, type: string, withinMs = 30_000) =>
    eventually(
      () => seenOf(page, type),
      ({ length }) => length > 0,
      withinMs,
    ).then(([found]) => found?.detail as Seen['detail'])

  /** Records for some milliseconds, and returns to the review. */
  async function record(page: Page, milliseconds: number): Promise<void> {
    await page.getByRole('button', { name: 'Start recording' }).click()
    await page.getByRole('button', { name: 'Finish recording' }).waitFor()
    await page.waitForTimeout(milliseconds)
    await page.getByRole('button', { name: 'Finish recording' }).click()
    await page.getByRole('button', { name: 'Use it' }).waitFor()
  }

  const clientOf = async (page: Page) =>
    createClient(product.url, await page.evaluate<string>('guide.accessToken()'))

  /** The kinds of the tracks of a stored media file, and its length in seconds. */
  async function probe(page: Page, mediaId: string) {
    const { media } = await (await clientOf(page)).ask('media', { id: mediaId })
    const bytes = Buffer.from(await (await fetch(media?.access?.url ?? '')).arrayBuffer())
    const file = `${product.dataDir}/${mediaId}`
    await writeFile(file, bytes)
    const entries = ['-show_entries', 'stream=codec_type:packet=pts_time', '-of', 'json']
    const { stdout } = await promisify(execFile)(await toolForTests('ffprobe'), [
      '-v',
      'error',
      ...entries,
      file,
    ])
    const { streams, packets } = JSON.parse(stdout) as {
      streams: { codec_type: string }[]
      packets: { pts_time: string }[]
    }
    const times = packets.map(({ pts_time }) => Number(pts_time)).filter(Number.isFinite)
    return {
      tracks: streams.map(({ codec_type }) => codec_type).sort(),
      seconds: Math.max(...times) - Math.min(...times),
      bytes: bytes.length,
    }
  }

  it.each([
    ['video', ['audio', 'video']],
    ['audio', ['audio']],
  ])(
    'uploads %s of the example while it is recorded, also when it is removed from the page',
    async (kind, tracks) => {
      const page = await open({ attributes: ATTRIBUTES.replace('video', kind) })
      expect(await namelessControls(page)).toEqual([])
      await page.getByRole('button', { name: 'Start recording' }).click()
      await page.getByRole('button', { name: 'Finish recording' }).waitFor()
      await eventually(
        async () => (await seenOf(page, 'moblog-upload-progress')).map(({ detail }) => detail),
        (all) => all.some(({ sentBytes, totalBytes }) => Number(sentBytes) > 0 && totalBytes === null),
        20_000,
      )
      await page.waitForTimeout(1_500)
      await page.getByRole('button', { name: 'Finish recording' }).click()
      await page.getByRole('button', { name: 'Use it' }).click()
      expect(await page.locator('moblog-recorder').count()).toBe(0)
      const { mediaId, recordingId } = await first(page, 'moblog-uploaded')
      const recorded = await first(page, 'moblog-recorded')
      expect(recorded).toMatchObject({ recordingId, kind, why: 'CONFIRMED' })
      const stored = await probe(page, String(mediaId))
      expect(stored.tracks).toEqual(tracks)
      expect(stored.bytes).toBe(recorded.blob)
      expect(Math.abs(stored.seconds - Number(recorded.seconds))).toBeLessThan(1)
    },
  )

  it('explains a refused handshake, keeps the recording, and uploads it when the user tries again', async () => {
    const page = await open({
      attributes: 'countdown="0"',
      script: `const { requestUpload } = recorder.uploads
        globalThis.asked = []
        recorder.uploads = { ...recorder.uploads, async requestUpload(input) {
          asked.push(input)
          return { code: 'QUOTA_EXCEEDED', message: 'full', quotaBytes: 1e9, usedBytes: 9e8, reservedBytes: 0 }
        } }
        globalThis.repair = () => { recorder.uploads = { ...recorder.uploads, requestUpload } }`,
    })
    await record(page, 2_000)
    await page.getByText('Your storage is full: 900 MB of 1 GB are used.').waitFor()
    const { failure, blob, recordingId } = await first(page, 'moblog-upload-failed')
    expect(failure).toMatchObject({ kind: 'QUOTA_EXCEEDED', quotaBytes: 1e9 })
    expect((await first(page, 'moblog-recorded')).blob).toBe(blob)
    // Without its size while it was recorded, and then with it.
    expect(
      await page.evaluate('asked.map(({ byteSize, recordedLive }) => [byteSize, recordedLive])'),
    ).toEqual([
      [null, true],
      [blob, false],
    ])
    await page.evaluate('repair()')
    await page.getByRole('button', { name: 'Try again' }).click()
    const uploaded = await first(page, 'moblog-uploaded')
    expect(uploaded.recordingId).toBe(recordingId)
    expect((await probe(page, String(uploaded.mediaId))).bytes).toBe(blob)
    expect(await seenOf(page, 'moblog-upload-failed')).toHaveLength(1)
  })

  it('tells the page that the server refuses the bytes, and uploads again when the page asks for it', async () => {
    const page = await open({
      attributes: 'kind="audio" countdown="0"',
      script: `const right = recorder.uploads
        const withWrongKey = (ask) => async (value) => ({ ...(await ask(value)), key: 'wrong' })
        recorder.uploads = { ...right, requestUpload: withWrongKey(right.requestUpload),
          renewUploadKey: withWrongKey(right.renewUploadKey) }
        globalThis.repair = () => { recorder.uploads = right }`,
    })
    await record(page, 1_000)
    const { failure, blob, recordingId } = await first(page, 'moblog-upload-failed', 60_000)
    expect(failure).toMatchObject({ kind: 'OTHER' })
    expect(Number(blob)).toBeGreaterThan(0)
    await page.evaluate('repair()')
    // The browser reports each refused request.
    expect(faults.splice(0).filter((fault) => !fault.includes('401'))).toEqual([])
    expect(await page.evaluate(`guide.recorder.retryUpload('${recordingId}')`)).toBe(true)
    expect(await page.evaluate(`guide.recorder.retryUpload('another')`)).toBe(false)
    const { mediaId } = await first(page, 'moblog-uploaded')
    expect((await probe(page, String(mediaId))).bytes).toBe(blob)
  })

  it('offers what was recorded before the page was closed to its owner, and to nobody else', async () => {
    const page = await open({ attributes: 'countdown="0" owner="mei"' })
    await page.getByRole('button', { name: 'Start recording' }).click()
    await page.getByRole('button', { name: 'Finish recording' }).waitFor()
    await eventually(
      async () => (await seenOf(page, 'moblog-upload-progress')).at(-1)?.detail.sentBytes,
      (sent) => Number(sent) > 0,
      20_000,
    )
    shown = examplePage(product, { attributes: 'owner="jun"' })
    await goTo(page)
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    expect(await page.getByText('was not finished').count()).toBe(0)
    shown = examplePage(product, { attributes: 'owner="mei"' })
    await goTo(page)
    await page.getByText(/A recording from .* was not finished/).waitFor()
    expect(await seenOf(page, 'moblog-uploaded')).toEqual([])
    await page.getByRole('button', { name: 'Keep' }).click()
    const { mediaId, recordingId } = await first(page, 'moblog-uploaded')
    expect(await first(page, 'moblog-recorded')).toMatchObject({ recordingId, why: 'FOUND' })
    expect((await probe(page, String(mediaId))).tracks).toEqual(['audio', 'video'])
    await page.getByRole('button', { name: 'Use it' }).click()
    await eventually(async () => (await page.evaluate(KEPT_RECORDINGS)) === 0)
    await goTo(page)
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    expect(await page.getByText('was not finished').count()).toBe(0)
  })

  it('keeps a recording of an owner whose upload has failed, also after a reload', async () => {
    const attributes = 'kind="audio" countdown="0" owner="mei"'
    const page = await open({
      attributes,
      script: `recorder.uploads = { ...recorder.uploads, requestUpload: async () => ({ code: 'UNSUPPORTED_MEDIA' }) }`,
    })
    await record(page, 1_000)
    const { blob, recordingId } = await first(page, 'moblog-upload-failed')
    shown = examplePage(product, { attributes })
    await goTo(page)
    expect(await first(page, 'moblog-upload-failed')).toEqual({
      recordingId,
      failure: { kind: 'UNSUPPORTED_MEDIA', mimeTypes: [] },
      blob,
    })
    expect(await page.evaluate(`guide.recorder.retryUpload('${recordingId}')`)).toBe(true)
    const { mediaId } = await first(page, 'moblog-uploaded')
    expect((await probe(page, String(mediaId))).bytes).toBe(blob)
  })

  it('offers a recording again that no page has taken, until the page forgets it', async () => {
    const attributes = 'kind="audio" countdown="0" owner="mei"'
    const page = await open({ attributes, script: 'recorder.uploads = null' })
    await record(page, 1_000)
    const { blob } = await first(page, 'moblog-recorded')
    await goTo(page)
    await page.getByText(/A recording from .* was not finished/).waitFor()
    await page.evaluate('guide.recorder.forgetRecordings()')
    await page.getByText(/A recording from .* was not finished/).waitFor({ state: 'hidden' })
    await goTo(page)
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    expect(await page.getByText('was not finished').count()).toBe(0)
    await record(page, 1_000)
    await goTo(page)
    await page.getByRole('button', { name: 'Keep' }).click()
    expect(Number((await first(page, 'moblog-recorded')).blob)).toBeGreaterThan(Number(blob) / 4)
    await page.getByRole('button', { name: 'Use it' }).click()
    await eventually(async () => (await page.evaluate(KEPT_RECORDINGS)) === 0)
    await goTo(page)
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    expect(await page.getByText('was not finished').count()).toBe(0)
  })

  it('shortens a recording, and deletes the longer one', async () => {
    const page = await open({ attributes: 'kind="audio" countdown="0"' })
    await record(page, 3_000)
    const whole = await first(page, 'moblog-uploaded')
    await page.getByRole('button', { name: 'Shorten', exact: true }).click()
    await page.getByRole('slider', { name: 'End' }).fill('1.5')
    await page.getByRole('button', { name: 'Shorten to this part' }).click()
    const [, shorter] = await eventually(
      () => seenOf(page, 'moblog-uploaded'),
      ({ length }) => length === 2,
      30_000,
    )
    expect((await probe(page, String(shorter?.detail.mediaId))).seconds).toBeCloseTo(1.5, 0)
    expect(
      (await seenOf(page, 'moblog-recording-discarded')).map(({ detail }) => detail.recordingId),
    ).toEqual([whole.recordingId])
    const states = (await seenOf(page, 'moblog-upload-progress')).map(({ detail }) => detail.state)
    expect(states).not.toContain('CANCELLED')
    const client = await clientOf(page)
    await eventually(async () => (await client.ask('media', { id: String(whole.mediaId) })).media === null)
  })

  it('hands the recording to a page that uploads nothing itself', async () => {
    const page = await open({ attributes: 'countdown="0"', script: 'recorder.uploads = null' })
    await record(page, 1_500)
    const { blob } = await first(page, 'moblog-recorded')
    expect(Number(blob)).toBeGreaterThan(0)
    await page.waitForTimeout(500)
    expect(await page.evaluate('[...new Set(seen.map(({ type }) => type))]')).toEqual([
      'moblog-recording',
      'moblog-recorded',
    ])
    expect(
      await page.evaluate(
        `(() => { try { guide.recorder.uploads = {} } catch (error) { return String(error) } })()`,
      ),
    ).toBe('TypeError: uploads needs the functions requestUpload, renewUploadKey, uploadSession')
  })

  it('tells the page that the recorder cannot be loaded, and loads it when it is put into the page again', async () => {
    const page = await open({ attributes: 'kind="video"' })
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    await page.route('**/files/embedded-recorder.*', (route) => route.abort())
    await goTo(page)
    await page.evaluate(`globalThis.errors = []
      guide.recorder.addEventListener('error', ({ message }) => errors.push(message))
      document.querySelector('main').append(guide.recorder)`)
    await eventually(() => page.evaluate<number>('errors.length'))
    await page.unroute('**/files/embedded-recorder.*')
    await page.evaluate(`document.querySelector('main').append(guide.recorder)`)
    await page.getByRole('button', { name: 'Start recording' }).waitFor()
    expect(faults.splice(0).filter((fault) => !fault.includes('ERR_FAILED'))).toEqual([])
  })

  it.each(['light', 'dark'] as const)(
    'is accessible and written in the language and direction of the page, %s',
    async (colorScheme) => {
      const html = 'lang="zh-CN" dir="rtl"'
      const page = await open({ html, attributes: 'countdown="0"' }, { colorScheme })
      await page.getByRole('button', { name: '开始录制' }).click()
      const clock = page.locator('moblog-recorder .clock')
      await clock.waitFor()
      const box = await clock.boundingBox()
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeGreaterThan(340)
      await page.waitForTimeout(1_000)
      await page.getByRole('button', { name: '完成录制' }).click()
      await page.getByRole('button', { name: '使用' }).waitFor()
      await first(page, 'moblog-uploaded')
      await page.getByText('已上传').waitFor()
      expect(await namelessControls(page)).toEqual([])
      await page.evaluate(AXE)
      const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
        'axe.run().then(({ violations }) => violations)',
      )
      expect(found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)).toEqual([])
    },
  )
})
