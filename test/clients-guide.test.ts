import { execFile, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildSchema, type GraphQLEnumType } from 'graphql'
import type { Page } from 'playwright-core'
import { createClient } from '../scripts/client/client.ts'
import { signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { describeInBrowser, startBrowser } from '../testing/product/browser.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const guide = readFileSync(`${root}docs/clients.md`, 'utf8')

/** Returns all examples in a language, in order. */
const examplesIn = (language: string): string[] =>
  [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, each, code = '']) =>
    each === language ? [code] : [],
  )

/** The page of the example for browsers: its markup, with all of its JavaScript in one module. */
function uploadPage(address: string): { markup: string; script: string } {
  const [html = ''] = examplesIn('html').filter((code) => code.includes('type="file"'))
  const [, markup = '', inline = ''] = /^(.*?)<script type="module">(.*)<\/script>\s*$/s.exec(html) ?? []
  const [, recording = ''] = /\/\/ A recording .*: (upload\(.+\))$/m.exec(inline) ?? []
  if (!markup.includes('<input') || recording === '') throw new Error(`the example has changed:\n${html}`)
  const code = examplesIn('js')
  const upload = code.slice(0, 1 + code.findIndex((each) => each.includes('async function upload(')))
  const script = `${upload.join('\n').replace('http://localhost:4000/graphql', address)}
    ${inline}
    const record = async (milliseconds) => {
      const recorder = new MediaRecorder(await navigator.mediaDevices.getUserMedia({ audio: true, video: true }), {
        mimeType: 'video/webm',
      })
      const data = new Promise((resolve) => { recorder.ondataavailable = ({ data }) => resolve(data) })
      recorder.start()
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      recorder.stop()
      return data
    }
    globalThis.guide = { accessToken, record, uploadRecording: (blob) => ${recording} }`
  return { markup, script }
}

type Site = { origin: string; close(): Promise<void> }

/** Bundles a page as a developer does, and serves it at an origin of its own. */
async function serveBuilt({ markup, script }: { markup: string; script: string }): Promise<Site> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-guide-'))
  await symlink(`${root}node_modules`, `${folder}/node_modules`)
  const page = `<!doctype html><title>Upload</title>${markup}<script type="module" src="./guide.js"></script>`
  await writeFile(`${folder}/index.html`, page)
  await writeFile(`${folder}/guide.js`, script)
  await promisify(execFile)(process.execPath, [`${root}node_modules/vite/bin/vite.js`, 'build', folder], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : path.basename(request.url ?? '')
    const file = name.endsWith('.js') ? `${folder}/dist/assets/${name}` : `${folder}/dist/${name}`
    const type = name.endsWith('.js') ? 'text/javascript' : 'text/html'
    void readFile(file).then(
      (body) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(name === 'favicon.ico' ? 204 : 404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

describe('the guide for developers of clients', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct('in one process')
  })
  afterAll(() => product?.close())

  it('has JavaScript that runs from sign-up to a post and its bytes, with several libraries', async () => {
    const [api, photo] = ["'http://localhost:4000/graphql'", "'sea.jpg')"]
    const code = examplesIn('js').join('\n')
    expect(code).toContain(api)
    expect(code).toContain(photo)
    const file = `${product.dataDir}/sea.jpg`
    await writeFile(file, (await mediaFile('photo.jpg')).bytes)
    const results = {
      viewer: 'viewer.data',
      sameViewer: 'sameViewer.data',
      persisted: 'persisted.data',
      stored: 'stored',
      published: '{ text: post.text, media: post.media.length }',
    }
    const report = Object.entries(results).map(([name, value]) => `${name}: ${value}`)
    const input = `${code.replace(api, `'${product.url}'`).replace(photo, `${JSON.stringify(file)})`)}
      console.log(JSON.stringify({ ${report.join(', ')}, userId: session.user.id }))
      process.exit(0)`
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
      cwd: root,
      input,
      encoding: 'utf8',
      timeout: 60_000,
    })
    if (status !== 0) throw new Error(`the examples ended with ${status}:\n${stdout}\n${stderr}`)
    const lines = stdout.trimEnd().split('\n')
    const { userId, ...answers } = JSON.parse(lines.at(-1) ?? '')
    expect(answers).toMatchObject({
      viewer: { viewer: { id: userId } },
      sameViewer: { viewer: { id: userId } },
      persisted: { viewer: { id: userId } },
      stored: { __typename: 'MediaStored' },
      published: { text: 'The sea #today', media: 1 },
    })
    expect(lines.at(-2)).toBe('206')
  }, 90_000)

  it.each([-3_600_000, 3_600_000])(
    'keeps the session by the time of the server if the clock of the device is wrong by %d ms',
    (aheadMs) => {
      const code = examplesIn('js')
      const session = code.slice(
        0,
        1 + code.findIndex((each) => each.includes('async function accessToken(')),
      )
      const input = `const realNow = Date.now
        Date.now = () => realNow() + ${aheadMs}
        ${session.join('\n').replace("'http://localhost:4000/graphql'", `'${product.url}'`)}
        const { refreshToken: kept } = session
        await accessToken()
        const isKept = session.refreshToken === kept
        session.expiresAt = new Date(realNow() + 10_000).toISOString()
        await accessToken()
        console.log(JSON.stringify({ isKept, isRefreshed: session.refreshToken !== kept }))`
      const { stdout } = spawnSync(process.execPath, ['--input-type=module'], {
        cwd: root,
        input,
        encoding: 'utf8',
        timeout: 60_000,
      })
      expect(JSON.parse(stdout)).toEqual({ isKept: true, isRefreshed: true })
    },
    90_000,
  )

  it('imports modules of Node only where it reads a file from the disk, so that the other examples run in browsers', () => {
    const withNode = examplesIn('js').filter((code) => /'node:|require\(|process\./.test(code))
    expect(withNode).toHaveLength(1)
    expect(withNode[0]).toContain('await readFile(')
  })

  describeInBrowser()('has an example for browsers', () => {
    /** Lets the user of a page choose a file and record another one, until both are stored. */
    async function useExample(page: Page, origin: string): Promise<void> {
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
      await page.goto(origin)
      await page.waitForFunction('globalThis.guide')
      const user = createClient(product.url, await page.evaluate<string>('guide.accessToken()'))
      const storedKinds = async () => {
        const { viewer } = await user.ask('media-library', {})
        return viewer?.mediaLibrary?.edges.map(({ node }) => node.kind)
      }
      const { name, mimeType, bytes } = await mediaFile('photo.jpg')
      await page.locator('input').setInputFiles({ name, mimeType, buffer: bytes })
      await eventually(async () => expect(await storedKinds()).toEqual(['IMAGE']), 30_000)
      await page.evaluate('guide.record(1_500).then(guide.uploadRecording)')
      await eventually(async () => expect(await storedKinds()).toEqual(['VIDEO', 'IMAGE']), 30_000)
      expect(faults).toEqual([])
    }

    it('that uploads from a page of another origin what the user chooses and what the page records', async () => {
      const [site, browser] = await Promise.all([serveBuilt(uploadPage(product.url)), startBrowser()])
      try {
        expect(site.origin).not.toBe(new URL(product.url).origin)
        await useExample(await browser.newPage({ permissions: ['camera', 'microphone'] }), site.origin)
      } finally {
        await browser.close()
        await site.close()
      }
    }, 120_000)
  })

  it('has commands that print an operation', () => {
    const [command = ''] = examplesIn('sh')
    const { stdout } = spawnSync('sh', ['-e'], { cwd: root, input: command, encoding: 'utf8' })
    expect(stdout).toContain('query Notifications')
  })

  it('has a command that receives a notification as it happens', async () => {
    const command = examplesIn('sh').find((each) => each.startsWith('curl -N')) ?? ''
    const [mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    const address = 'http://localhost:4000/graphql'
    expect(command).toContain(address)
    const shell = spawn('sh', [
      '-c',
      `token=${mei.accessToken}; exec ${command.trim().replace(address, product.url)}`,
    ])
    let output = ''
    shell.stdout.on('data', (chunk) => {
      output += chunk
    })
    await eventually(() => /^id: /m.test(output), 10_000)
    await jun.client.ask('request-friend', { input: { userId: mei.id } })
    await eventually(() => output.includes('"__typename":"FriendRequestReceived"'), 10_000)
    shell.kill()
  })

  it.each(examplesIn('json'))('has JSON that is well-formed', (text) => {
    expect(() => JSON.parse(text)).not.toThrow()
  })
})

describe('the guide for developers of clients lists', () => {
  const api = buildSchema(readFileSync(`${root}schema/api.graphql`, 'utf8'))
  const codes = (api.getType('FailureCode') as GraphQLEnumType).getValues().map(({ name }) => name)

  it.each(codes)('the failure %s with its source and what to do', (code) => {
    expect(guide).toMatch(new RegExp(`^\\| .*\`${code}\`.* \\| .+ \\| .+ \\|$`, 'm'))
  })

  it('every code of a GraphQL error with its source and what to do', () => {
    const source = readFileSync(`${root}gateway/errors.ts`, 'utf8')
    const [, list = ''] = /PUBLIC_CODES = new Set\(\[(.*?)\]\)/s.exec(source) ?? []
    const errors = [...list.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code)
    expect(errors.length).toBeGreaterThan(8)
    const missing = errors.filter((code) => !new RegExp(`^\\| .*\`${code}\`.* \\|$`, 'm').test(guide))
    expect(missing).toEqual([])
  })
})
