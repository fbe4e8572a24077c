import { SUBGRAPHS, type SubgraphName, settingOf } from '../hosting/services.ts'
import { createClient, post } from '../scripts/client/client.ts'
import { withBrokenSignature } from '../scripts/client/media-address.ts'
import { type Person, signUp } from '../scripts/client/people.ts'
import { requestUpload } from '../scripts/client/uploads.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, prepareProduct, startProduct } from '../testing/product/product.ts'
import { type Recorder, recordRequestsTo } from '../testing/product/recorder.ts'
import { decodeToken, signedBySomeoneElse, unsecured, withClaims } from '../testing/product/tokens.ts'

const INTERNAL = '/internal/graphql'
const SOMEONE = '019b0000-0000-7000-8000-000000000000'

/** Operations that subgraphs must answer only for the gateway or another service. */
const OPERATIONS: Record<SubgraphName, string[]> = {
  communication: [
    '{ __typename }',
    '{ __schema { types { name } } }',
    '{ _service { sdl } }',
    '{ viewer { id } }',
    `{ _entities(representations: [{ __typename: "User", id: "${SOMEONE}" }]) { __typename } }`,
    `mutation { unfriend(input: { userId: "${SOMEONE}" }) { __typename } }`,
  ],
  storage: [
    '{ __typename }',
    '{ _service { sdl } }',
    `{ _entities(representations: [{ __typename: "Media", id: "${SOMEONE}" }]) { __typename } }`,
    `mutation { deleteMedia(input: { mediaId: "${SOMEONE}" }) { __typename } }`,
  ],
  blog: [
    '{ __typename }',
    '{ _service { sdl } }',
    `{ _entities(representations: [{ __typename: "User", id: "${SOMEONE}", relationship: "SELF" }]) { ... on User { moblog { posts { edges { node { text } } } } } } }`,
    'mutation { publishPost(input: { text: "Forged" }) { __typename } }',
  ],
}

/** Operations on the internal APIs, which must be answered only for services. */
const INTERNAL_OPERATIONS: Record<SubgraphName, string> = {
  communication: '{ relationshipsOf(viewerId: null, userIds: []) { userId } }',
  storage: 'mutation { revokeMediaAccess(input: { revocations: [] }) }',
  blog: 'mutation { revokePageAccess(input: { revocations: [] }) }',
}

const everyOperation = SUBGRAPHS.flatMap((name) => OPERATIONS[name].map((query) => [name, query] as const))

describe('the identity boundary between gateway and subgraphs', () => {
  let product: Product
  let mei: Person
  // Recorders between the gateway (and communication) and the subgraphs, which capture the signed tokens.
  const recorders = new Map<SubgraphName, Recorder>()
  /** A token that communication signed for storage, as a service. */
  let serviceToken: string

  beforeAll(async () => {
    product = await prepareProduct('in four processes')
    for (const name of SUBGRAPHS) recorders.set(name, await recordRequestsTo(product.addresses[name]))
    product.configure(
      'gateway',
      Object.fromEntries(SUBGRAPHS.map((name) => [settingOf(name, 'URL'), recorder(name).address])),
    )
    product.configure('communication', { STORAGE_URL: recorder('storage').address })
    await product.start()
    mei = await signUp(product.url, 'Mei')
    // One query for each subgraph, so that the gateway signs a token for each.
    await mei.client.ask('viewer', {})
    await mei.client.query('query($id: ID!) { moblog(id: $id) { id } }', { id: mei.id })
    await requestUpload(mei, await mediaFile('tone.mp3'))
    serviceToken = signedBy('storage', 'communication')
  })
  afterAll(async () => {
    await product?.close()
    await Promise.all([...recorders.values()].map(({ close }) => close()))
  })

  function recorder(name: SubgraphName): Recorder {
    const found = recorders.get(name)
    if (!found) throw new Error(`no recorder was started for ${name}`)
    return found
  }

  /** Returns the newest token that one service signed for another; from the gateway, the newest one for Mei. */
  function signedBy(audience: SubgraphName, issuer: string): string {
    const token = recorder(audience).tokens.findLast((candidate) => {
      const { claims } = decodeToken(candidate)
      return claims.iss === issuer && (issuer !== 'gateway' || claims.sub === mei.id)
    })
    if (!token) throw new Error(`${issuer} signed nothing for ${audience}`)
    return token
  }

  const askDirectly = (name: SubgraphName, query: string, token?: string, path = '/graphql') =>
    post<object>(product.addresses[name] + path, token, { query })

  const REFUSED = { status: 401, data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }

  it.each(SUBGRAPHS)('%s accepts an assertion that the gateway signed for it', async (name) => {
    const { status, data } = await askDirectly(name, '{ __typename }', signedBy(name, 'gateway'))
    expect({ status, data }).toEqual({ status: 200, data: { __typename: 'Query' } })
  })

  describe.each(everyOperation)('%s, asked for %s,', (name, query) => {
    it('refuses a request without an assertion', async () => {
      expect(await askDirectly(name, query)).toMatchObject(REFUSED)
    })

    it('refuses an access token', async () => {
      expect(await askDirectly(name, query, mei.accessToken)).toMatchObject(REFUSED)
    })

    it('refuses an assertion for another subgraph', async () => {
      for (const other of SUBGRAPHS.filter((candidate) => candidate !== name))
        expect(await askDirectly(name, query, signedBy(other, 'gateway'))).toMatchObject(REFUSED)
    })

    it('refuses an assertion that was changed or forged', async () => {
      const good = signedBy(name, 'gateway')
      for (const forged of [
        withBrokenSignature(good),
        withClaims(good, { sub: SOMEONE }),
        unsecured(good),
        signedBySomeoneElse(good),
      ])
        expect(await askDirectly(name, query, forged)).toMatchObject(REFUSED)
    })

    if (name !== 'storage') {
      it('refuses a service token for another subgraph', async () => {
        expect(await askDirectly(name, query, serviceToken)).toMatchObject(REFUSED)
      })
    }
  })

  it('subgraphs ignore headers that name a viewer', async () => {
    const response = await fetch(`${product.addresses.communication}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user-id': mei.id, 'x-viewer': mei.id },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    })
    expect(response.status).toBe(401)
  })

  it('subgraphs refuse internal operations to viewers, even with an assertion of the gateway', async () => {
    for (const name of SUBGRAPHS) {
      const query = INTERNAL_OPERATIONS[name]
      const { errors } = await askDirectly(name, query, signedBy(name, 'gateway'))
      expect(errors[0]?.message).toContain('Cannot query field')
      expect(await askDirectly(name, query, signedBy(name, 'gateway'), INTERNAL)).toMatchObject(REFUSED)
    }
  })

  describe.each(SUBGRAPHS)('the internal API of %s', (name) => {
    const askInternally = (token?: string) => askDirectly(name, INTERNAL_OPERATIONS[name], token, INTERNAL)

    it('refuses a request without a token', async () => {
      expect(await askInternally()).toMatchObject(REFUSED)
    })

    it('refuses an access token', async () => {
      expect(await askInternally(mei.accessToken)).toMatchObject(REFUSED)
    })

    if (name !== 'storage') {
      it('refuses a service token for another service', async () => {
        expect(await askInternally(serviceToken)).toMatchObject(REFUSED)
      })
    }

    if (name === 'storage') {
      it('refuses a service token that was changed or forged', async () => {
        for (const forged of [
          withBrokenSignature(serviceToken),
          withClaims(serviceToken, { iss: 'blog' }),
          unsecured(serviceToken),
          signedBySomeoneElse(serviceToken),
        ])
          expect(await askInternally(forged)).toMatchObject(REFUSED)
      })

      it('answers a field only to the service that the field is for', async () => {
        expect((await askInternally(serviceToken)).data).toEqual({ revokeMediaAccess: true })
        const query = '{ mediaByIds(ids: []) { id } }'
        const { errors } = await askDirectly(name, query, serviceToken, INTERNAL)
        expect(errors[0]?.extensions?.code).toBe('FORBIDDEN')
      })
    }
  })

  it('storage refuses the operations of viewers to a service', async () => {
    const query = `mutation { deleteMedia(input: { mediaId: "${SOMEONE}" }) { __typename } }`
    expect(await askDirectly('storage', query, serviceToken)).toMatchObject(REFUSED)
    const { errors } = await askDirectly('storage', query, serviceToken, INTERNAL)
    expect(errors[0]?.message).toContain('Cannot query field')
  })

  it('the gateway refuses assertions and service tokens as access tokens', async () => {
    for (const token of [signedBy('communication', 'gateway'), serviceToken]) {
      const { status } = await createClient(product.url, token).send('viewer', {})
      expect(status).toBe(401)
    }
  })

  it.each([
    '{ relationshipsOf(viewerId: null, userIds: []) { userId } }',
    '{ playableMedia(viewerId: null, mediaIds: []) }',
    'mutation { revokeMediaAccess(input: { revocations: [] }) }',
    'mutation { registerMedia(input: {}) }',
    '{ _service { sdl } }',
    '{ _entities(representations: []) { __typename } }',
    '{ __type(name: "OpenUploadInput") { name } }',
  ])('the gateway refuses the unknown field in %s', async (query) => {
    const { data, errors } = await mei.client.query(query)
    if (query.includes('__type(')) expect(data).toEqual({ __type: null })
    else expect(errors[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('errors contain neither the address of a subgraph nor its query', async () => {
    await product.program('blog').end('SIGKILL')
    const { errors } = await mei.client.send('friend-moblog', { handle: mei.handle })
    expect(errors).not.toEqual([])
    const { port } = new URL(recorder('blog').address)
    expect(JSON.stringify(errors)).not.toMatch(
      new RegExp(`localhost|127\\.0\\.0\\.1|${port}|query|_entities`),
    )
  })
})

it('in one process, subgraphs are reachable only through the gateway', async () => {
  const product = await startProduct('in one process')
  try {
    const { origin } = new URL(product.url)
    const internal = ['/internal/graphql', ...SUBGRAPHS.map((name) => `/${name}/internal/graphql`)]
    for (const path of [
      ...internal,
      ...SUBGRAPHS.flatMap((name) => [`/${name}/graphql`, `/graphql/${name}`]),
    ])
      expect((await fetch(origin + path, { method: 'POST', body: '{}' })).status).toBe(404)
    const { errors } = await createClient(product.url).query('{ _service { sdl } }')
    expect(errors[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
  } finally {
    await product.close()
  }
})
