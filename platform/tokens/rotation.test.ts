import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { jest } from '@jest/globals'
import { decodeProtectedHeader } from 'jose'
import { jwksRoute } from '../http/jwks-route.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { createLog } from '../log.ts'
import { type Keyring, openKeyring } from './keyring.ts'
import { KEEP_MS, LEAD_MS, rotateKeys } from './rotate-keys.ts'
import { createVerifier } from './verifier.ts'

let directory: string
let keyring: Keyring
let ahead: number
const now = () => Date.now() + ahead
const expected = { issuer: 'alice', audience: 'bob', typ: 'note+jwt' }
const kidOf = (token: string) => decodeProtectedHeader(token).kid
const sign = (ring = keyring) => ring.sign({ aud: 'bob', exp: Math.floor(now() / 1000) + 3600 }, 'note+jwt')
const kept = async () => JSON.parse(await readFile(path.join(directory, 'alice.json'), 'utf8')).keys
const open = () => openKeyring(directory, 'alice', () => new Date(now()))

beforeEach(async () => {
  ahead = 0
  directory = await mkdtemp(path.join(tmpdir(), 'moblog-rotation-'))
  keyring = await open()
})
afterEach(() => rm(directory, { recursive: true }))

describe('a rotated key', () => {
  it('is published at once and signs a minute later in a running process', async () => {
    const before = await sign()
    const { kid } = await rotateKeys(directory, 'alice')
    ahead = 1_001
    expect((await keyring.currentJwks()).keys.map((key) => key.kid)).toEqual([kid, kidOf(before)])
    expect(kidOf(await sign())).toBe(kidOf(before))
    ahead = LEAD_MS + 1_001
    expect(kidOf(await sign())).toBe(kid)
    expect(kidOf(await sign(await open()))).toBe(kid)
  })

  it('leaves the tokens of older keys valid, and removes the private parts of older keys', async () => {
    const verifier = createVerifier({ alice: keyring.currentJwks })
    const tokens = [await sign()]
    for (let round = 0; round < 3; round++) {
      await rotateKeys(directory, 'alice', { now: now() })
      ahead += LEAD_MS + 2_000
      tokens.push(await sign())
    }
    for (const token of tokens) await expect(verifier.verify(token, expected)).resolves.toBeDefined()
    await rotateKeys(directory, 'alice', { now: now() })
    const keys: { d?: string }[] = await kept()
    expect(keys.map(({ d }) => d !== undefined)).toEqual([true, true, false, false, false])
    expect((await stat(path.join(directory, 'alice.json'))).mode & 0o777).toBe(0o600)
  })

  it('signs before its start time if it is the only key, because the clock that created it may be ahead', async () => {
    const { kid } = await rotateKeys(directory, 'alice', { now: now() + 120_000, dropOld: true })
    ahead = 1_001
    expect(kidOf(await sign())).toBe(kid)
  })

  it('is removed when all its tokens have expired', async () => {
    const old = kidOf(await sign())
    await rotateKeys(directory, 'alice', { now: now() })
    ahead = LEAD_MS + KEEP_MS + 1
    const { dropped } = await rotateKeys(directory, 'alice', { now: now() })
    expect(dropped).toEqual([old])
  })

  it('invalidates all older tokens at once with dropOld', async () => {
    const verifier = createVerifier({ alice: keyring.currentJwks })
    const stolen = await sign()
    await rotateKeys(directory, 'alice', { dropOld: true })
    ahead = 1_001
    await expect(verifier.verify(stolen, expected)).rejects.toThrow()
    await expect(verifier.verify(await sign(), expected)).resolves.toBeDefined()
  })

  it('is added to a key file of a version without rotation', async () => {
    const [{ signsFrom: _none, ...single }] = await kept()
    await writeFile(path.join(directory, 'alice.json'), JSON.stringify(single))
    const ring = await open()
    const token = await sign(ring)
    expect(kidOf(token)).toBe(single.kid)
    const { kept: still } = await rotateKeys(directory, 'alice')
    expect(still).toEqual([single.kid])
  })

  it('requires an earlier key', async () => {
    await expect(rotateKeys(directory, 'nobody')).rejects.toThrow('no keys yet')
  })

  it('does not stop a process from signing if the key file is unreadable', async () => {
    await writeFile(path.join(directory, 'alice.json'), 'broken')
    ahead = 1_001
    await expect(sign()).resolves.toBeDefined()
  })
})

describe('a verifier in another process', () => {
  let server: HttpServer
  const log = createLog('alice', 'silent')
  const listen = (port: number) =>
    startHttpServer({
      ...{ host: '127.0.0.1', port, routes: [jwksRoute([keyring])], ready: async () => {}, log, drainMs: 50 },
    })
  beforeEach(async () => {
    server = await listen(0)
  })
  afterEach(() => server.stop())

  it('fetches an unknown key, and continues with the known ones while the issuer is down', async () => {
    const address = new URL(`http://127.0.0.1:${server.port}/.well-known/jwks.json`)
    const verifier = createVerifier({ alice: address })
    const before = await sign()
    await expect(verifier.verify(before, expected)).resolves.toBeDefined()
    await rotateKeys(directory, 'alice', { leadMs: 0 })
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const after = await sign()
    expect(kidOf(after)).not.toBe(kidOf(before))
    await expect(verifier.verify(after, expected)).resolves.toBeDefined()
    await server.stop()
    for (const token of [before, after]) await expect(verifier.verify(token, expected)).resolves.toBeDefined()
    server = await listen(0)
  })

  it('fetches the keys again first if they are old, because a key may have been removed', async () => {
    const verifier = createVerifier({
      alice: new URL(`http://127.0.0.1:${server.port}/.well-known/jwks.json`),
    })
    const before = await sign()
    await expect(verifier.verify(before, expected)).resolves.toBeDefined()
    await rotateKeys(directory, 'alice', { dropOld: true })
    const later = Date.now() + 61_000
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => later)
    try {
      await expect(verifier.verify(before, expected)).rejects.toThrow()
      await expect(verifier.verify(await sign(), expected)).resolves.toBeDefined()
    } finally {
      clock.mockRestore()
    }
  })
})
