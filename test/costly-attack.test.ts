import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { populate } from '../testing/product/populate.ts'
import { type Mode, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const PER_SECOND = 200
const ATTACK_MS = 30_000
const SAMPLES = 600
// Each has a rate limit of their own, and none comes near it.
const VICTIMS = ['Jun', 'Kofi', 'Lea', 'Mei'] as const

/** Costs much of what is allowed. The texts are as long as possible, and the document is different each time. */
const costlyQuery = (name: string) => `query ${name} {
  viewer { moblog { posts(first: 100) { edges { node {
    id text publishedAt media { id mimeType access { url streamUrl posterUrl token } }
    comments(first: 2) { edges { node { id text author { id displayName } } } }
  } } } } }
}`

const WAYS: { way: string; mode: Mode; env?: Record<string, string> }[] = [
  { way: 'in one process', mode: 'in one process' },
  ...(process.env.MOBLOG_TEST_BIG
    ? [
        { way: 'with two workers', mode: 'in one process' as const, env: { WORKERS: '2' } },
        { way: 'in four processes', mode: 'in four processes' as const },
      ]
    : []),
]

let product: Product
let attacker: Person
let victims: Person[]

async function send(person: Person, query: string) {
  const begun = performance.now()
  const response = await fetch(product.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${person.accessToken}` },
    body: JSON.stringify({ query }),
  })
  const bytes = (await response.arrayBuffer()).byteLength
  return { status: response.status, bytes, ms: performance.now() - begun }
}

/** Sends one request after the other, and returns the 99th percentile of their durations. */
async function p99(isOver: (sent: number) => boolean): Promise<number> {
  const durations: number[] = []
  while (!isOver(durations.length)) {
    const victim = victims[durations.length % victims.length]
    if (!victim) throw new Error('there is no victim')
    const { status, ms } = await send(victim, '{ viewer { id handle displayName moblog { id title } } }')
    expect(status).toBe(200)
    durations.push(ms)
    await sleep(20)
  }
  return durations.sort((a, b) => a - b)[Math.floor(durations.length * 0.99)] ?? 0
}

describe.each(WAYS)('$way', ({ way, mode, env }) => {
  beforeAll(async () => {
    // The limit of a new installation.
    product = await startProduct(mode, {
      env: { STORAGE_WORKERS: '0', GATEWAY_COST_PER_MINUTE: '600000', ...env },
    })
    attacker = await signUp(product.url, 'Attacker')
    victims = await signUpAll(product.url, VICTIMS)
    await populate(product, attacker, { users: 120, posts: 600, comments: 2_000 })
  }, 280_000)
  afterAll(() => product?.close())

  it(`another viewer hardly notices ${PER_SECOND} costly operations per second`, async () => {
    const single = await send(attacker, costlyQuery('First'))
    expect(single.status).toBe(200)
    const idle = await p99((sent) => sent === SAMPLES)
    const until = performance.now() + ATTACK_MS
    const statuses = new Map<number, number>()
    const attacks: Promise<void>[] = []
    const firing = setInterval(() => {
      const attack = send(attacker, costlyQuery(`Attack${attacks.length}`)).then(({ status }) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      })
      attacks.push(attack)
    }, 1_000 / PER_SECOND)
    const attacked = await p99(() => performance.now() > until)
    clearInterval(firing)
    await Promise.all(attacks)
    reportFigure(
      `${way}: a costly operation alone: ${single.ms.toFixed()} ms, ${single.bytes} bytes; ` +
        `p99 of others: ${idle.toFixed()} ms idle, ${attacked.toFixed()} ms during the attack; ` +
        `answers to the attacker: ${JSON.stringify([...statuses])}`,
    )
    expect([...statuses.keys()].sort()).toEqual([200, 429])
    expect(statuses.get(200)).toBeLessThan(20)
    expect(attacked).toBeLessThanOrEqual(3 * idle)
  }, 240_000)
})
