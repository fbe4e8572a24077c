import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rateLimited, unavailable } from '../platform/errors.ts'
import { openKeyring } from '../platform/tokens/keyring.ts'
import { createVerifier } from '../platform/tokens/verifier.ts'
import { SUBGRAPH_NAMES } from '../schema/subgraph-sdl.ts'
import { startTestGateway, type TestGateway } from '../testing/gateway/start-gateway.ts'

let gateway: TestGateway
afterEach(() => gateway.stop())

const failing = (error: Error) =>
  Object.fromEntries(
    SUBGRAPH_NAMES.map((name) => [name, { execute: () => Promise.reject(error), close: async () => {} }]),
  )

async function ask(headers: Record<string, string> = {}) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { handle } }' }),
  })
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return [response.status, response.headers.get('retry-after'), errors?.[0]?.extensions.code]
}

describe('the header "Retry-After"', () => {
  it('comes with the data of the other subgraphs while a database recovers', async () => {
    const subgraphs = failing(unavailable('The database does not answer. Try again in a few seconds.'))
    gateway = await startTestGateway({}, { subgraphs })
    expect(await ask()).toEqual([200, '5', 'SERVICE_UNAVAILABLE'])
  })

  it('says when a rate limit ends', async () => {
    gateway = await startTestGateway({}, { subgraphs: failing(rateLimited('Too many.', 41.2)) })
    expect(await ask()).toEqual([200, '42', 'RATE_LIMITED'])
  })

  it('is not sent with a result without errors', async () => {
    gateway = await startTestGateway()
    expect(await ask()).toEqual([200, null, undefined])
  })

  it('comes with status 503 if a token cannot be checked yet, also for an event stream', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'moblog-retry-'))
    const keyring = await openKeyring(folder, 'communication')
    const down = { execute: () => Promise.reject(unavailable('Down.')), close: async () => {} }
    const verifier = createVerifier({ communication: keyring.jwks })
    gateway = await startTestGateway({}, { communication: down, verifier })
    const exp = Math.floor(Date.now() / 1000) + 3_600
    const token = await keyring.sign({ aud: 'gateway', exp, sub: 'ann', sid: 's1' }, 'session+jwt')
    const authorization = `Bearer ${token}`
    expect(await ask({ authorization })).toEqual([503, '5', 'SERVICE_UNAVAILABLE'])
    expect(await ask({ authorization, accept: 'text/event-stream' })).toEqual([
      503,
      '5',
      'SERVICE_UNAVAILABLE',
    ])
    await rm(folder, { recursive: true })
  })
})
