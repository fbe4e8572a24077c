import { jest } from '@jest/globals'
import { createClient, expectMember } from '../scripts/client/client.ts'
import { type Program, startProgram } from '../scripts/program.ts'
import { eventually } from '../testing/eventually.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

// Each run makes the films again.
jest.setTimeout(300_000)

// A run is killed in the middle of what a line announces.
const KILLED_AFTER = process.env.MOBLOG_TEST_BIG ? ['Profiles', 'Post 8 of', 'Post 12 of'] : ['Post 8 of']

describe('npm run seed', () => {
  let product: Product
  // What is made of the files does not matter here, and takes long.
  const start = () => startProduct('in one process', { env: { STORAGE_WORKERS: '0' } })
  beforeEach(async () => {
    product = await start()
  })
  afterEach(() => product?.close())

  const seed = (): Program =>
    startProgram('scripts/seed.js', { MOBLOG_DATA_DIR: product.dataDir }, [
      '--url',
      product.addresses.gateway,
    ])

  async function seedCompletely(): Promise<string> {
    const program = seed()
    expect(await program.ended).toMatchObject({ code: 0 })
    return program.output()
  }

  /** What the users of the sample world see of themselves: friends, posts with likes and comments, stored files. */
  async function readWorld() {
    const handles = ['mei', 'jun', 'amara', 'tao_w', 'noor', 'leo', 'best_deals']
    return Promise.all(
      handles.map(async (handle) => {
        const signedOut = createClient(product.url)
        const { signIn } = await signedOut.ask('sign-in', { input: { handle, password: 'moblog-sample' } })
        const { accessToken } = expectMember(signIn, 'SignInPayload').session
        const { data, errors } = await createClient(product.url, accessToken).query(`{
          viewer {
            handle about avatar { kind }
            friends { edges { node { handle } } }
            friendRequests(direction: SENT) { edges { node { user { handle } } } }
            blockedUsers { edges { node { handle } } }
            mediaLibrary { edges { node { kind byteSize postCount } } }
            moblog { title posts { edges { node {
              text audience likeCount media { kind byteSize } comments { edges { node { text author { handle } } } }
            } } } }
          }
        }`)
        expect(errors).toEqual([])
        return data
      }),
    )
  }

  it('completes what runs have begun that were killed, and then changes nothing', async () => {
    for (const line of KILLED_AFTER) {
      const killed = seed()
      await eventually(() => killed.output().includes(line), 120_000)
      await new Promise((resolve) => setTimeout(resolve, 300))
      await killed.end('SIGKILL')
      expect(killed.output()).not.toContain('Sample accounts:')
    }
    const output = await seedCompletely()
    expect(output).toContain('An earlier run was interrupted. The rest is added.')
    expect(output).toMatch(/Sample accounts:\n\n {2}mei +moblog-sample/)
    const completed = await readWorld()

    const again = await seedCompletely()
    expect(again).toContain('The sample world exists already.')
    expect(again).toMatch(/Sample accounts:\n\n {2}mei +moblog-sample/)
    expect(again).not.toContain('Post 1 of')
    expect(await readWorld()).toEqual(completed)

    if (!process.env.MOBLOG_TEST_BIG) return
    // As a run that nobody has interrupted.
    await product.close()
    product = await start()
    expect(await seedCompletely()).not.toContain('interrupted')
    expect(await readWorld()).toEqual(completed)
  })

  it('says what to do if a handle of the sample world belongs to somebody else', async () => {
    const input = { handle: 'mei', displayName: 'Mei', password: 'my own password' }
    const { signUp } = await createClient(product.url).ask('sign-up', { input })
    expectMember(signUp, 'SignUpPayload')
    const program = seed()
    expect(await program.ended).toMatchObject({ code: 1 })
    expect(program.output()).toMatch(
      /^The handle mei belongs to an account with another password.*MOBLOG_DATA_DIR.*\n$/,
    )
  })
})
