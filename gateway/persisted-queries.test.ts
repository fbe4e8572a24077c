import { createHash } from 'node:crypto'
import { startTestGateway, type TestGateway } from '../testing/gateway/start-gateway.ts'
import type { SharedQueries } from './apollo-caches.ts'

const PROCESSES = 3
const gateways: TestGateway[] = []
const takes: ((key: string, query: string) => void)[] = []

/** Publishes queries to all other gateways, like the primary process of several workers. */
const shared = (): SharedQueries => {
  let own: (typeof takes)[number]
  return {
    publish: (key, query) => takes.filter((take) => take !== own).forEach((take) => void take(key, query)),
    listen(take) {
      own = take
      takes.push(take)
    },
  }
}

beforeAll(async () => {
  for (let number = 0; number < PROCESSES; number++)
    gateways.push(await startTestGateway({}, { sharedQueries: shared() }))
})
afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())))

/** Sends a request to one gateway after the other, as a load balancer does. */
let sent = 0
async function send(body: object) {
  const gateway = gateways[sent++ % PROCESSES]
  const response = await fetch(gateway?.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { data, errors } = (await response.json()) as {
    data?: object
    errors?: { extensions: { code: string } }[]
  }
  return { data, code: errors?.[0]?.extensions.code }
}

/** Does what clients of automatic persisted queries do. Returns how many requests it took. */
async function ask(query: string): Promise<number> {
  const sha256Hash = createHash('sha256').update(query).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash } }
  const first = await send({ extensions })
  if (first.data) return 1
  expect(first.code).toBe('PERSISTED_QUERY_NOT_FOUND')
  expect((await send({ query, extensions })).data).toBeTruthy()
  return 2
}

it('an automatic persisted query that one worker knows is not asked for by another', async () => {
  for (const query of [
    '{ viewer { handle } }',
    '{ viewer { id } }',
    'query Other { viewer { displayName } }',
  ]) {
    const requests: number[] = []
    for (let number = 0; number < 10; number++) requests.push(await ask(query))
    expect(requests).toEqual([2, ...Array<number>(9).fill(1)])
  }
})
