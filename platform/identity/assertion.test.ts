import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Keyring, openKeyring } from '../tokens/keyring.ts'
import { createVerifier, type Verifier } from '../tokens/verifier.ts'
import { readCallers, signCaller } from './assertion.ts'
import type { Caller } from './caller.ts'

let directory: string
let gateway: Keyring
let storage: Keyring
let verifier: Verifier

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'moblog-assertions-'))
  gateway = await openKeyring(directory, 'gateway')
  storage = await openKeyring(directory, 'storage')
  verifier = createVerifier({ gateway: gateway.jwks, storage: storage.jwks })
})
afterAll(() => rm(directory, { recursive: true }))

/** A verifier on a machine whose clock is ahead of the signer's clock. */
const ahead = (seconds: number): Verifier => ({
  verify: (token, expected) =>
    verifier.verify(token, { ...expected, now: new Date(Date.now() + seconds * 1000) }),
})

const callers: [string, () => Keyring, Caller][] = [
  ['a viewer', () => gateway, { kind: 'viewer', userId: 'u1', sessionId: 's1', address: '192.0.2.1' }],
  ['a signed-out viewer', () => gateway, { kind: 'viewer', userId: null, sessionId: null }],
  ['a service', () => storage, { kind: 'service', service: 'storage' }],
]

describe.each(callers)('the assertion for %s', (_who, keyring, caller) => {
  // An assertion is used for half a minute, and may take a while to arrive.
  it.each([0, 120, 150, -120])('is accepted by a service whose clock is %i s ahead', async (seconds) => {
    const token = await signCaller(keyring(), caller, 'blog')
    await expect(readCallers(ahead(seconds), token, 'blog', ['storage'])).resolves.toEqual([caller])
  })

  it('is refused after its lifetime and the tolerated clock skew', async () => {
    const token = await signCaller(keyring(), caller, 'blog')
    await expect(readCallers(ahead(181), token, 'blog', ['storage'])).rejects.toThrow()
  })

  it('is refused by another service', async () => {
    const token = await signCaller(keyring(), caller, 'blog')
    await expect(readCallers(verifier, token, 'communication', ['storage'])).rejects.toThrow()
  })
})

it('readCallers refuses an assertion that lives longer than a minute, although its key is right', async () => {
  const days = Math.floor(Date.now() / 1000) + 6 * 86_400
  const token = await storage.sign({ aud: 'blog', exp: days }, 'service+jwt')
  await expect(readCallers(verifier, token, 'blog', ['storage'])).rejects.toThrow()
})

it('readCallers accepts only the listed services', async () => {
  const token = await signCaller(storage, { kind: 'service', service: 'storage' }, 'blog')
  await expect(readCallers(verifier, token, 'blog', ['communication'])).rejects.toThrow('may not call')
})
