import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { type Keyring, openKeyring } from '../../../platform/tokens/keyring.ts'
import { rotateKeys } from '../../../platform/tokens/rotate-keys.ts'
import { createVerifier } from '../../../platform/tokens/verifier.ts'
import { createMediaTokenVerifier, type MediaTokenVerifier } from './media-token-verifier.ts'

const media = newId()

let directory: string
let aheadMs: number
let checks: number
let keyring: Keyring
let mediaTokens: MediaTokenVerifier

const clock = () => new Date(Date.now() + aheadMs)
const seconds = () => clock().getTime() / 1000
const sign = () => keyring.sign({ aud: 'storage', media, iat: seconds(), exp: seconds() + 3600 }, 'media+jwt')

beforeEach(async () => {
  aheadMs = 0
  checks = 0
  directory = await mkdtemp(path.join(tmpdir(), 'moblog-grants-'))
  keyring = await openKeyring(directory, 'communication', clock)
  const { verify } = createVerifier({ communication: keyring.currentJwks })
  const counted: typeof verify = (token, expected) => {
    checks++
    return verify(token, expected)
  }
  mediaTokens = createMediaTokenVerifier({ verify: counted }, clock)
})
afterEach(() => rm(directory, { recursive: true }))

it('a token is checked once within half a minute', async () => {
  const token = await sign()
  for (const step of [0, 10_000, 10_000]) {
    aheadMs += step
    expect(await mediaTokens.read(token, media)).toMatchObject({ mediaId: media })
  }
  expect(checks).toBe(1)
})

it('a token is refused half a minute after its signing key was removed, even if it is used all the time', async () => {
  const token = await sign()
  expect(await mediaTokens.read(token, media)).not.toBeNull()
  await rotateKeys(directory, 'communication', { dropOld: true })
  for (let used = 0; used < 30; used++) {
    aheadMs += 1_000
    await mediaTokens.read(token, media)
  }
  expect(await mediaTokens.read(token, media)).toBeNull()
  expect(await mediaTokens.read(await sign(), media)).not.toBeNull()
})

it('a token that was checked before is refused after its expiry', async () => {
  const token = await sign()
  aheadMs = 3_599_000
  expect(await mediaTokens.read(token, media)).not.toBeNull()
  aheadMs = 3_601_000
  expect(await mediaTokens.read(token, media)).toBeNull()
})
