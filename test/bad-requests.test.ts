import { createClient, readAnswer } from '../scripts/client/client.ts'
import { operationText } from '../scripts/client/operations.ts'
import { type Person, signUp } from '../scripts/client/people.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

const MALFORMED = [
  'nonsense',
  '',
  '1',
  '019b0000-0000-7000-8000-00000000000g',
  "'; DROP TABLE users --",
  '\u0000',
]

const SOME_ID = '019b0000-0000-7000-8000-000000000000'

describe.each(MODES)('invalid requests, %s', (mode) => {
  let product: Product
  let mei: Person
  beforeAll(async () => {
    product = await startProduct(mode)
    mei = await signUp(product.url, 'Mei')
  })
  afterAll(() => product?.close())

  /** Returns the error codes of the response. Internal errors must never be among them. */
  async function codesOf(text: string, variables?: object): Promise<(string | undefined)[]> {
    const { errors } = await mei.client.query(text, variables)
    return errors.map(({ extensions }) => extensions?.code)
  }

  async function send(body: string, headers: Record<string, string> = {}) {
    const response = await fetch(product.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    const { status, errors } = await readAnswer(response)
    return { status, code: errors[0]?.extensions?.code, message: errors[0]?.message ?? '' }
  }

  it.each([
    ['the condition of @skip', 'query ($v: Boolean = false) { viewer { id handle @skip(if: $v) } }'],
    ['an argument', 'query ($v: String = "x") { userByHandle(handle: $v) { id } }'],
    ['an item of a list', 'mutation ($v: ID = "x") { hidePost(input: { postId: $v }) { __typename } }'],
  ])('are refused each time if null is used as %s that must not be null', async (_place, text) => {
    for (let use = 0; use < 3; use += 1) expect(await codesOf(text, { v: null })).toEqual(['BAD_USER_INPUT'])
  })

  it('may leave out a variable with a default value, each time', async () => {
    const text = 'query ($first: Int! = 3) { newestMoblogs(first: $first) { edges { cursor } } }'
    for (let use = 0; use < 3; use += 1) expect(await codesOf(text)).toEqual([])
  })

  describe.each(MALFORMED)('with the malformed id %j', (id) => {
    it.each(['user', 'moblog', 'post', 'media', 'uploadSession', 'audienceList'])(
      'get null for %s',
      async (field) => {
        const { data, errors } = await mei.client.query(`query($id: ID!) { ${field}(id: $id) { id } }`, {
          id,
        })
        expect({ data, errors }).toEqual({ data: { [field]: null }, errors: [] })
      },
    )

    it.each([
      ['request-friend', { userId: id }],
      ['accept-friend-request', { userId: id }],
      ['unfriend', { userId: id }],
      ['block-user', { userId: id }],
      ['mute-user', { userId: id }],
      ['unmute-user', { userId: id }],
      ['renew-upload-key', { uploadId: id }],
      ['cancel-upload', { uploadId: id }],
      ['delete-media', { mediaId: id }],
      ['update-media', { mediaId: id, title: 'Look' }],
      ['add-captions', { mediaId: id, language: 'en', label: 'English', content: '' }],
      ['remove-captions', { mediaId: id, language: 'en' }],
      ['extract-captions', { mediaId: id }],
      ['edit-post', { postId: id, text: 'Look' }],
      ['delete-post', { postId: id }],
      ['comment-on-post', { postId: id, text: 'Lovely' }],
      ['delete-comment', { commentId: id }],
      ['like-post', { postId: id }],
      ['unlike-post', { postId: id }],
      ['comment-on-post', { postId: SOME_ID, text: 'Lovely', replyToId: id }],
      ['like-comment', { commentId: id }],
      ['unlike-comment', { commentId: id }],
      ['view-posts', { postIds: [id] }],
      ['hide-post', { postId: id }],
      ['unhide-post', { postId: id }],
      ['publish-post', { text: 'Look', mediaIds: [id] }],
      ['publish-post', { text: 'Look', audience: 'ONLY_LIST', audienceListId: id }],
      ['rename-audience-list', { listId: id, name: 'List' }],
      ['change-audience-list-members', { listId: id }],
      ['delete-audience-list', { listId: id }],
      ['mark-moblog-seen', { moblogId: id, upToPostId: id }],
      ['mark-feed-seen', { upToPostId: id }],
    ] as const)('get InvalidInput from %s', async (name, input) => {
      const { data, errors } = await mei.client.query(operationText(name), { input })
      const [result] = Object.values(data ?? {})
      expect({ result, errors }).toMatchObject({
        result: {
          __typename: 'InvalidInput',
          code: 'INVALID_INPUT',
          field: expect.stringMatching(/^input\./),
        },
        errors: [],
      })
    })

    it('get BAD_USER_INPUT if the id is used as a cursor', async () => {
      for (const { errors } of [
        await mei.client.send('friend-moblog', { handle: mei.handle, after: id }),
        await mei.client.send('home-feed', { after: id }),
        await mei.client.send('hashtag-posts', { tag: 'lake', after: id }),
      ])
        expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT'])
    })

    it('get null if the id is used as a handle', async () => {
      expect(await mei.client.ask('find-user', { handle: id })).toEqual({ userByHandle: null })
    })
  })

  it.each([0, -1, 101, 2_147_483_647])('get BAD_USER_INPUT for a page of %d posts', async (first) => {
    const { errors } = await mei.client.send('friend-moblog', { handle: mei.handle, first })
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT'])
  })

  it.each(['a\u0000b', 'a\ud800b', '\u202e\u0007'])(
    'get InvalidInput for the text %j, or it is stored cleaned',
    async (text) => {
      const { publishPost } = await mei.client.ask('publish-post', { input: { text } })
      if (publishPost.__typename === 'PublishPostPayload') expect(publishPost.post.text).not.toBe(text)
      else expect(publishPost).toMatchObject({ __typename: 'InvalidInput', field: 'input.text' })
    },
  )

  it('get InvalidInput for a post that is too long or empty', async () => {
    for (const text of ['x'.repeat(10_001), '', '   ']) {
      const { publishPost } = await mei.client.ask('publish-post', { input: { text } })
      expect(publishPost).toMatchObject({ __typename: 'InvalidInput', field: 'input.text' })
    }
  })

  it.each([
    ['an unknown field', '{ viewer { shoeSize } }'],
    ['an unknown argument', '{ user(name: "mei") { id } }'],
    ['a missing argument', '{ user { id } }'],
    ['an unknown type', '{ viewer { ... on Elephant { id } } }'],
    ['an unused fragment', 'fragment A on User { id } { viewer { id } }'],
  ])('get GRAPHQL_VALIDATION_FAILED for %s', async (_what, query) => {
    expect(await send(JSON.stringify({ query }))).toMatchObject({
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
    })
  })

  it.each([
    ['a variable of another type', 'query($id: ID!) { user(id: $id) { id } }', { id: { a: 1 } }],
    ['a missing variable', 'query($id: ID!) { user(id: $id) { id } }', {}],
    [
      'an unknown input field',
      'mutation($i: PostIdInput!) { likePost(input: $i) { __typename } }',
      { i: { postId: 'x', colour: 1 } },
    ],
  ])('get BAD_USER_INPUT for %s', async (_what, query, variables) => {
    expect(await send(JSON.stringify({ query, variables }))).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
    })
  })

  it('get GRAPHQL_PARSE_FAILED for a syntax error', async () => {
    expect(await send(JSON.stringify({ query: '{ viewer {' }))).toMatchObject({
      status: 400,
      code: 'GRAPHQL_PARSE_FAILED',
    })
  })

  it.each(['{"query": ', '', 'null', '[]', '"text"', '{}', '{"query": 5}'])(
    'get 400 for the body %s',
    async (body) => {
      const { status, code } = await send(body)
      expect({ status, code }).toEqual({
        status: 400,
        code: expect.stringMatching(/^BAD_(REQUEST|USER_INPUT)$/),
      })
    },
  )

  it('get GRAPHQL_VALIDATION_FAILED for an internal field', async () => {
    const text = '{ relationshipsOf(viewerId: null, userIds: []) { userId } }'
    expect(await codesOf(text)).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(await codesOf('{ _entities(representations: []) { __typename } }')).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ])
  })

  it('get GRAPHQL_VALIDATION_FAILED for a query that is nested too deep', async () => {
    const depth = 20
    const deep = `{ viewer { ${'moblog { owner { '.repeat(depth)} id ${'} }'.repeat(depth)} } }`
    const { status, code } = await send(JSON.stringify({ query: deep }))
    expect({ status, code }).toEqual({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' })
  })

  it('get GRAPHQL_VALIDATION_FAILED for a query that is nested too deep through fragments', async () => {
    const depth = 20
    const fragments = Array.from(
      { length: depth },
      (_, i) => `fragment F${i} on User { moblog { owner { ${i + 1 < depth ? `...F${i + 1}` : 'id'} } } }`,
    )
    expect(await codesOf(`{ viewer { ...F0 } } ${fragments.join(' ')}`)).toContain(
      'GRAPHQL_VALIDATION_FAILED',
    )
  })

  it('get 400 for a query that selects the same field a thousand times', async () => {
    const aliases = Array.from({ length: 1_000 }, (_, i) => `a${i}: viewer { id }`)
    const { status } = await send(JSON.stringify({ query: `{ ${aliases.join(' ')} }` }))
    expect(status).toBe(400)
  })

  it('get OPERATION_TOO_COSTLY for nested pages', async () => {
    const page = (inner: string) => `moblog { posts(first: 100) { edges { node { author { ${inner} } } } } }`
    expect(await codesOf(`{ viewer { ${page(page('id'))} } }`)).toEqual(['OPERATION_TOO_COSTLY'])
  })

  it('get 413 for a query of 10 MB', async () => {
    const query = `{ viewer { id } } # ${'x'.repeat(10_000_000)}`
    expect(await send(JSON.stringify({ query }))).toMatchObject({ status: 413, code: 'BAD_REQUEST' })
  })

  it('get 400 within five seconds for a query of 300,000 tokens', async () => {
    const body = JSON.stringify({ query: `{ viewer { ${'id '.repeat(300_000)} } }` })
    const startedAt = performance.now()
    const { status } = await send(body)
    expect(status).toBe(400)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('get 405 for a mutation by GET', async () => {
    const query = encodeURIComponent('mutation { signOut { __typename } }')
    const headers = { 'apollo-require-preflight': 'true' }
    expect((await fetch(`${product.url}?query=${query}`, { headers })).status).toBe(405)
  })

  it('get 415 for a form post from another site', async () => {
    // A browser sends such a request without a CORS preflight, so it must not be executed.
    const { status } = await send('{"query":"{ viewer { id } }"}', { 'content-type': 'text/plain' })
    expect(status).toBe(415)
  })

  it.each(['nonsense', 'Bearer', 'Bearer ', 'Basic bWVpOm1laQ==', 'Bearer a.b.c'])(
    'get 401 for the authorization %j',
    async (authorization) => {
      const { status, code } = await send('{"query":"{ viewer { id } }"}', { authorization })
      expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
    },
  )

  it('get a status below 500 for an unknown address', async () => {
    const { origin } = new URL(product.url)
    for (const path of ['/nothing', '/uploads/', '/v/', '/media/', '/m/', '/graphql/', '//', '/%'])
      expect((await fetch(origin + path)).status).toBeLessThan(500)
  })

  it('leave the product healthy and cause no error in the log', async () => {
    expect((await createClient(product.url, mei.accessToken).ask('viewer', {})).viewer?.id).toBe(mei.id)
    const faults = product
      .programs()
      .flatMap((program) => program.output().match(/.*"level":"error".*/g) ?? [])
    expect(faults).toEqual([])
  })
})
