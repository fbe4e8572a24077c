import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { post } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { operationOf, randomSelections, withoutAliases } from '../testing/product/random-operations.ts'

let product: Product
let mei: Person
let jun: Person
let eve: Person
let secret: { id: string }
let evesPost: { id: string }

beforeAll(async () => {
  product = await startProduct('in one process', { env: { STORAGE_WORKERS: '0' } })
  ;[mei, jun, eve] = await signUpAll(product.url, ['Mei', 'Jun', 'Eve'])
  await befriend(mei, jun)
  secret = await publish(mei, { text: 'for me alone', audience: 'ONLY_ME' })
  await publish(mei, { text: 'for friends', audience: 'FRIENDS' })
  const shown = await publish(mei, { text: 'for all', audience: 'PUBLIC' })
  for (const author of [jun, eve]) {
    await author.client.ask('comment-on-post', { input: { postId: shown.id, text: `by ${author.handle}` } })
  }
  // The attacker needs the victim's id in a field that shows a name.
  await eve.client.ask('update-profile', { input: { displayName: mei.id, about: mei.id } })
  evesPost = await publish(eve, { text: secret.id, audience: 'PUBLIC' })
}, 120_000)
afterAll(() => product?.close())

describe("an alias that would open another user's posts", () => {
  const attack = () =>
    `{ post(id: "${evesPost.id}") { author { id: displayName moblog { posts { edges { node { text } } } } } } }`
  const REFUSED = {
    status: 400,
    data: null,
    errors: [
      {
        message: expect.stringContaining('alias "id" of User.displayName'),
        extensions: { code: 'ALIAS_RESERVED' },
      },
    ],
  }

  it('is refused in a query', async () => {
    expect(await eve.client.query(attack())).toMatchObject(REFUSED)
  })

  it('is refused in a persisted query, both when it is stored and when it is used', async () => {
    const sha256Hash = createHash('sha256').update(attack()).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    const send = (body: object) => post(product.url, eve.accessToken, { ...body, extensions })
    expect(await send({ query: attack() })).toMatchObject(REFUSED)
    expect(await send({})).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] })
  })

  it.each([
    ['a query', () => attack()],
    [
      'a subscription',
      () =>
        'subscription { notificationReceived { ... on PostLiked { by { id: displayName moblog { posts { edges { node { text } } } } } } } }',
    ],
    [
      'a subscription through a fragment',
      () =>
        'subscription { notificationReceived { ...Event } } fragment Event on FriendRequestReceived { from { id: about moblog { title } } }',
    ],
  ])('is refused in an event stream with %s', async (_what, query) => {
    const response = await fetch(product.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${eve.accessToken}`,
      },
      body: JSON.stringify({ query: query() }),
    })
    const text = await response.text()
    expect(text).toContain('ALIAS_RESERVED')
    expect(text).not.toContain('for me alone')
  })
})

it('random operations with random aliases get the same response as without aliases, or are refused because of an alias', async () => {
  const quoted = (...texts: string[]) => texts.map((text) => JSON.stringify(text))
  const source = {
    schema: buildSchema(readFileSync(new URL('../schema/api.graphql', import.meta.url), 'utf8')),
    values: {
      id: quoted(mei.id, eve.id, evesPost.id, secret.id),
      handle: quoted(mei.handle, eve.handle),
      query: quoted('all', 'mei'),
      receipt: quoted('none'),
      direction: ['SENT', 'RECEIVED'],
      first: ['1', '3'],
    },
    aliases: [
      '__typename',
      '_entities',
      '_0',
      'representations',
      'constructor',
      'toString',
      'hasOwnProperty',
      'length',
      'then',
      'displayName__alias_0',
    ],
    maxDepth: 5,
  }
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.constantFrom('jun', 'eve'), async (seed, name) => {
      const selections = randomSelections(source, seed)
      const viewer = name === 'jun' ? jun : eve
      const [plain, aliased] = await Promise.all(
        [false, true].map((withAliases) => viewer.client.query(operationOf(selections, withAliases))),
      )
      const codes = aliased?.errors.map(({ extensions }) => extensions?.code)
      expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
      if (aliased?.status === 400) {
        expect(new Set(codes)).toEqual(new Set(['ALIAS_RESERVED']))
        return
      }
      compared++
      expect(steady(withoutAliases(aliased?.data, selections))).toEqual(steady(plain?.data))
      expect(codes).toEqual(plain?.errors.map(({ extensions }) => extensions?.code))
    }),
    { endOnFailure: true, numRuns: process.env.MOBLOG_TEST_BIG ? 5_000 : 100 },
  )
  expect(compared).toBeGreaterThan(5)
}, 120_000)

// Tokens are renewed from time to time, and times of last use change.
function steady(data: unknown): unknown {
  const moving = /^(token|url|expiresAt|\w+Url|lastUsedAt)$/
  return JSON.parse(
    JSON.stringify(data, (key, value) => (moving.test(key) && value !== null ? 'something' : value)),
  )
}
