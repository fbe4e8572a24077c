import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jest } from '@jest/globals'
import { z } from 'zod'
import { createClient } from '../scripts/client/client.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

// npm, Node and curl are started dozens of times.
jest.setTimeout(120_000)

const run = promisify(execFile)
const root = fileURLToPath(new URL('../', import.meta.url))
const readme = readFileSync(`${root}README.md`, 'utf8')

/** Returns all commands of a section of the README, in order. */
function commandsOf(heading: string): string {
  const [, section = ''] = readme.split(`\n## ${heading}\n`)
  const [text = ''] = section.split('\n## ')
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands).join('\n')
}

describe('the README', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct('in one process')
  })
  afterAll(() => product?.close())

  /** Runs commands in a shell, which stops at the first one that fails, and returns the lines of their output. */
  const paste = async (commands: string): Promise<string[]> => {
    const { dataDir, databaseUrl } = product
    const { PATH, HOME } = process.env
    const env = { PATH, HOME, TMPDIR: dataDir, MOBLOG_DATA_DIR: dataDir, DATABASE_URL: databaseUrl ?? '' }
    // -v repeats each command on standard error, so that a failure shows its command.
    const running = run('sh', ['-e', '-v'], { cwd: root, env, timeout: 100_000 })
    running.child.stdin?.end(commands)
    const { stdout } = await running.catch(({ code, stdout, stderr }) => {
      throw new Error(`the shell ended with ${code}:\n${stdout}\n${stderr}`)
    })
    return stdout.trimEnd().split('\n')
  }

  it('has commands that lead by copy and paste from two sign-ups to the bytes that a friend downloads', async () => {
    const address = 'MOBLOG=http://localhost:4000\n'
    const commands = commandsOf('Try it by hand')
    expect(commands).toContain(address)
    const lines = await paste(commands.replace(address, `MOBLOG=${product.addresses.gateway}\n`))

    const answers = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    const token = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    const media = {
      kind: 'VIDEO',
      mimeType: 'video/mp4',
      access: { url: expect.stringContaining('http'), token, expiresAt: expect.any(String) },
    }
    const post = { text: 'Hello', audience: 'FRIENDS', media: [media] }
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
    expect(answers.at(-1)?.data.userByHandle).toMatchObject({
      displayName: 'Ann',
      relationship: 'FRIEND',
      moblog: {
        access: { url: lines.at(-1), token, expiresAt: expect.any(String) },
        posts: { edges: [{ node: post }] },
      },
    })
    expect(lines.at(-2)).toMatch(/^200 video\/mp4, [1-9]\d+ bytes$/)
  })

  it('has commands that maintain storage and rotate keys beside the running product', async () => {
    const stored = (await paste(commandsOf('Look after the stored bytes'))).join('\n')
    expect(stored).toContain('0 media whose files are missing')
    expect(stored).toMatch(/^\d+ files, \d+ bytes, 0 problems$/m)
    expect((await paste(commandsOf('Rotate signing keys'))).join('\n')).toContain('communication')
  })

  it('has a command that creates sample users, which the start page then offers', async () => {
    expect(commandsOf('Run it')).toContain('npm run seed ')
    const seed = `npm run -s seed -- --url ${product.addresses.gateway}\n`
    const elsewhere = await paste(`mkdir $TMPDIR/elsewhere\nMOBLOG_DATA_DIR=$TMPDIR/elsewhere ${seed}`)
    expect(elsewhere.at(-1)).toMatch(/start page does not offer them.*MOBLOG_DATA_DIR/)

    expect((await paste(seed)).at(-1)).toBe(`Open ${product.addresses.gateway}/ and choose one.`)
    const response = await fetch(`${product.addresses.gateway}/sample-accounts.json`)
    const accounts = z
      .array(z.object({ handle: z.string(), password: z.string() }))
      .parse(await response.json())
    expect(accounts.length).toBeGreaterThan(3)
    for (const { handle, password } of accounts) {
      const { signIn } = await createClient(product.url).ask('sign-in', { input: { handle, password } })
      expect(signIn.__typename).toBe('SignInPayload')
    }
  })
})
