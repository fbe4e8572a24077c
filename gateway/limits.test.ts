import { startTestGateway, type TestGateway } from '../testing/gateway/start-gateway.ts'
import { MAX_TOKENS } from './token-limit.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.stop())

async function ask(query: string, accept = '*/*') {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, text: await response.text() }
}
const messageIn = (text: string) => JSON.parse(text).errors[0].message as string
const inTurn = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ')

const DEEP = `{ viewer { ${'moblog { owner { '.repeat(10)} id ${'} } '.repeat(10)} } }`
const DEEP_IN_FRAGMENTS = `{ viewer { ...F0 } } ${inTurn(
  9,
  (n) => `fragment F${n} on User { moblog { owner { ${n < 8 ? `...F${n + 1}` : 'id'} } } }`,
)}`

describe('the failure of a limit', () => {
  it.each([
    ['depth', DEEP, ['nests 22 fields', 'the limit is 16', `"viewer.${'moblog.owner.'.repeat(10)}id"`]],
    ['depth, through fragments', DEEP_IN_FRAGMENTS, ['nests 20 fields', 'the limit is 16', '.owner.id"']],
    [
      'aliases',
      `{ b: __typename ${inTurn(60, (n) => `a${n}: viewer { id${n}: id }`)} c: friendMoblogs(first: 1) { __typename } }`,
      ['has 121 aliases', 'the limit is 50', 'Most of them, 60, are of the field "viewer"'],
    ],
    [
      'aliases, in a fragment that is used often',
      `{ ${inTurn(30, (n) => `v${n}: viewer { ...F }`)} } fragment F on User { a: id b: handle c: id }`,
      ['has 120 aliases', 'the limit is 50', 'Most of them, 60, are of the field "id"'],
    ],
    [
      'tokens',
      `query Small { viewer { id } } fragment Large on User { ${'id '.repeat(6_000)} }`,
      ['has 6014 tokens', `the limit is ${MAX_TOKENS}`, 'Most of them, 6006, are in the fragment "Large"'],
    ],
    [
      'tokens, in an operation without a name',
      `{ viewer { ${'id '.repeat(90_000)} } }`,
      ['has more than 50000 tokens', 'are in the operation without a name'],
    ],
    [
      'cost',
      '{ friendMoblogs(first: 100) { edges { node { posts(first: 100) { edges { node { id text } } } } } } }',
      ['the limit is 25000', '"friendMoblogs.edges.node.posts.edges", which may hold 10000 items'],
    ],
  ])('%s names the limit, the value and the place', async (_limit, query, parts) => {
    for (const accept of ['*/*', 'application/json', 'text/event-stream']) {
      const { text } = await ask(query, accept)
      for (const part of parts) expect(text.replaceAll('\\"', '"')).toContain(part)
      expect(text).not.toMatch(/syntax|GRAPHQL_PARSE_FAILED/i)
    }
    expect((await ask(query)).status).toBe(400)
  })

  it('is a syntax error only if the document has one', async () => {
    expect(messageIn((await ask(`{ viewer { ${'id '.repeat(4_000)}`)).text)).toMatch(/^Syntax Error/)
  })
})

describe('an ordinary operation', () => {
  it('passes the default limits if it is a feed of 20 moblogs with 3 posts and 2 comments each, with avatars', async () => {
    const user = 'id handle displayName avatar { id access { url token expiresAt posterUrl } }'
    const feed = `{ friendMoblogs(first: 20) { edges { cursor node { id title owner { ${user} }
      posts(first: 3) { edges { cursor node { id text publishedAt likeCount likedByViewer author { ${user} }
        media { id kind width height access { url token expiresAt posterUrl streamUrl } }
        comments(first: 2) { edges { node { id text createdAt author { ${user} } } } }
      } } } } } pageInfo { hasNextPage endCursor } } }`
    const { status, text } = await ask(feed)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({ data: { friendMoblogs: expect.anything() } })
  })

  it('passes the token limit with many comments and long strings', async () => {
    const comment = `# ${'word '.repeat(10_000)}\n`
    expect((await ask(`${comment}{ __typename }`)).status).toBe(200)
  })
})
