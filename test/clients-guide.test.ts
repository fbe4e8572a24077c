import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { buildSchema, type GraphQLEnumType } from 'graphql'
import { eventually } from '../testing/eventually.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const guide = readFileSync(`${root}docs/clients.md`, 'utf8')

/** Returns all examples in a language, in order. */
const examplesIn = (language: string): string[] =>
  [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, each, code = '']) =>
    each === language ? [code] : [],
  )

describe('the guide for developers of clients', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct('in one process')
  })
  afterAll(() => product?.close())

  it('has JavaScript that runs from sign-up to the bytes of an uploaded file, with several libraries', async () => {
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
    })
    expect(lines.at(-2)).toBe('206')
  }, 90_000)

  it('imports modules of Node only where it reads a file from the disk, so that the other examples run in browsers', () => {
    const withNode = examplesIn('js').filter((code) => /'node:|require\(|process\./.test(code))
    expect(withNode).toHaveLength(1)
    expect(withNode[0]).toContain('await readFile(')
    const [browserExample = ''] = examplesIn('html').filter((code) => code.includes('type="file"'))
    expect(browserExample).toContain('upload(target.files[0])')
  })

  it('has commands that print an operation', () => {
    const [command = ''] = examplesIn('sh')
    const { stdout } = spawnSync('sh', ['-e'], { cwd: root, input: command, encoding: 'utf8' })
    expect(stdout).toContain('query Notifications')
  })

  it('has a command that receives a notification as it happens', async () => {
    const command = examplesIn('sh').find((each) => each.startsWith('curl -N')) ?? ''
    const { signUpAll } = await import('../scripts/client/people.ts')
    const [mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    const address = 'http://localhost:4000/graphql'
    expect(command).toContain(address)
    const { spawn } = await import('node:child_process')
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
