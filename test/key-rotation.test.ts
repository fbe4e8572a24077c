import { createClient, expectMember } from '../scripts/client/client.ts'
import { newestAccess, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { startProgram } from '../scripts/program.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { APART_MODES, type Product, startProduct } from '../testing/product/product.ts'
import { decodeToken } from '../testing/product/tokens.ts'

describe.each(APART_MODES)('rotating signing keys while the product runs, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person

  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    await befriend(mei, jun)
    const { id } = await uploadByTus(mei, await mediaFile('clip.mp4'))
    await publish(mei, { mediaIds: [id] })
  })
  afterAll(() => product?.close())

  async function rotate(...args: string[]): Promise<string> {
    const program = startProgram('hosting/main.ts', { MOBLOG_DATA_DIR: product.dataDir }, [
      'rotate-keys',
      ...args,
    ])
    const { code } = await program.ended
    if (code !== 0) throw new Error(program.output())
    return program.output()
  }
  async function publishedKeys(): Promise<string[]> {
    const response = await fetch(`${product.addresses.communication}/.well-known/jwks.json`)
    const { keys } = (await response.json()) as { keys: { kid: string }[] }
    return keys.map(({ kid }) => kid)
  }
  const kidOf = (token: string) => String(decodeToken(token).header.kid)

  it('keeps tokens valid: the next key is published before it is used, and the former key stays published', async () => {
    const { token, url } = await newestAccess(jun.client, mei)
    const output = await rotate('communication')
    const [, next = ''] = /signs with the key (\S+)/.exec(output) ?? []
    await eventually(publishedKeys, (kids) => kids.includes(next))
    expect(await publishedKeys()).toContain(kidOf(token))
    expect((await fetchBytes(url)).status).toBe(200)
    expect((await jun.client.ask('viewer', {})).viewer?.id).toBe(jun.id)
  })

  it('replaces a stolen key at once, and all services accept tokens of the new key', async () => {
    const stolen = kidOf(jun.accessToken)
    await rotate('communication', '--drop-old')
    await eventually(publishedKeys, (kids) => !kids.includes(stolen))
    const { signIn } = await createClient(product.url).ask('sign-in', {
      input: { handle: jun.handle, password: jun.password },
    })
    const { session } = expectMember(signIn, 'SignInPayload')
    expect(kidOf(session.accessToken)).not.toBe(stolen)
    const client = createClient(product.url, session.accessToken)
    const access = await eventually(
      () => newestAccess(client, mei),
      ({ token }) => kidOf(token) !== stolen,
    )
    expect((await fetchBytes(access.url)).status).toBe(200)
  })

  it('refuses an unknown service', async () => {
    await expect(rotate('unknown')).rejects.toThrow('Usage')
  })
})
