import { randomUUID } from 'node:crypto'
import { createTestHost, type TestHost } from '../../testing/host.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { signCaller } from '../identity/assertion.ts'
import { ANONYMOUS, type Caller, type ServiceCaller } from '../identity/caller.ts'
import { createLog } from '../log.ts'
import { DateTime } from '../scalars.ts'
import { internalRoute } from './http-route.ts'
import { createInternalApi } from './internal-api.ts'
import type { Operation } from './operations.ts'
import { callPeer, httpPeer, inProcessPeer } from './peer.ts'

const typeDefs = /* GraphQL */ `
  directive @calledBy(services: [String!]!) on FIELD_DEFINITION
  scalar DateTime
  type Query {
    whoAmI: String! @calledBy(services: ["storage", "blog"])
    echo(id: ID!): String! @calledBy(services: ["storage", "blog"])
    forStorage: Thing @calledBy(services: ["storage"])
    dayAfter(day: DateTime!): DateTime! @calledBy(services: ["storage", "blog"])
    broken: String @calledBy(services: ["storage", "blog"])
  }
  type Mutation { note: Boolean! @calledBy(services: ["storage", "blog"]) }
  type Thing { name: String! }
`

const options = {
  name: 'things',
  typeDefs,
  context: (caller: ServiceCaller) => ({ caller }),
  log: createLog('test', 'silent'),
}
const resolvers = {
  DateTime,
  Query: {
    whoAmI: (_root: unknown, _args: unknown, { caller }: { caller: ServiceCaller }) => caller.service,
    echo: (_root: unknown, { id }: { id: string }) => id,
    forStorage: () => ({}),
    dayAfter: (_root: unknown, { day }: { day: Date }) => new Date(day.getTime() + 86_400_000),
    broken: () => {
      throw new Error('SELECT * FROM passwords failed')
    },
  },
  Mutation: { note: () => true },
  Thing: { name: () => 'a thing' },
}
const internal = createInternalApi({ ...options, resolvers })

const operation = <Data, Variables = Record<string, never>>(text: string): Operation<Data, Variables> => ({
  text,
})
const whoAmI = operation<{ whoAmI: string }>('query { whoAmI }')
const forStorage = operation<{ forStorage: { name: string } | null }>('query { forStorage { name } }')
const echo = operation<{ echo: string }, { id: string }>('query ($id: ID!) { echo(id: $id) }')
const dayAfter = operation<{ dayAfter: Date | string }, { day: Date | string }>(
  'query ($day: DateTime!) { dayAfter(day: $day) }',
)

describe('an internal API', () => {
  const storage = inProcessPeer('storage', () => internal)

  it('identifies the calling service', async () => {
    expect(await callPeer(storage, whoAmI, {})).toEqual({ whoAmI: 'storage' })
  })

  it('answers the fields of types and scalars with their resolvers', async () => {
    expect(await callPeer(storage, forStorage, {})).toEqual({ forStorage: { name: 'a thing' } })
    const { dayAfter: next } = await callPeer(storage, dayAfter, { day: '2026-03-01T00:00:00Z' })
    expect(new Date(next)).toEqual(new Date('2026-03-02T00:00:00Z'))
  })

  it('passes ids to resolvers in lower case, as they are stored', async () => {
    const id = randomUUID()
    expect(await callPeer(storage, echo, { id: id.toUpperCase() })).toEqual({ echo: id })
  })

  it('refuses a field to services without permission', async () => {
    const blog = inProcessPeer('blog', () => internal)
    await expect(callPeer(blog, forStorage, {})).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
      cause: { message: 'Only storage may use this field.', extensions: { code: 'FORBIDDEN' } },
    })
  })

  it('is not created with a root field that does not say which services may call it', () => {
    const open = typeDefs.replace(
      'echo(id: ID!): String! @calledBy(services: ["storage", "blog"])',
      'echo(id: ID!): String!',
    )
    expect(() => createInternalApi({ ...options, typeDefs: open, resolvers })).toThrow(
      'echo has no @calledBy',
    )
  })

  it('masks unexpected errors', async () => {
    const { errors } = await storage.execute({ query: '{ broken }' })
    expect(errors).toMatchObject([{ message: 'An internal error occurred. Try again later.' }])
  })

  it('has no fields of a subgraph', async () => {
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
      const { errors } = await storage.execute({ query })
      expect(errors?.[0]?.message).toContain('Cannot query field')
    }
  })

  it.each([
    ['field', { Query: { nonsense: () => null } }],
    ['type', { Nonsense: { name: () => null } }],
  ])('is not created with a resolver of a %s that it does not have', (_what, extra) => {
    expect(() => createInternalApi({ ...options, resolvers: extra })).toThrow('the internal schema has no')
  })
})

describe('an internal API over HTTP', () => {
  let host: TestHost
  let server: HttpServer
  let url: string

  beforeEach(async () => {
    const issuers = ['things', 'gateway', 'storage', 'stranger']
    host = await createTestHost({ name: 'things', issuers, databaseUrl: '' })
    server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      routes: [internalRoute({ internal, verifier: host.verifier, services: ['gateway', 'storage'] })],
      ready: async () => {},
      log: host.log,
    })
    url = `http://127.0.0.1:${server.port}`
  })
  afterEach(async () => {
    await server.stop()
    await host.close()
  })

  const ring = (name: string) => {
    const keyring = host.keyrings[name]
    if (!keyring) throw new Error(name)
    return keyring
  }

  it('accepts a service that signed for itself', async () => {
    const peer = httpPeer({ name: 'things', url, keyring: ring('storage') })
    expect(await callPeer(peer, whoAmI, {})).toEqual({ whoAmI: 'storage' })
    await peer.close()
  })

  it('is unavailable to a service that may not call it', async () => {
    const peer = httpPeer({ name: 'things', url, keyring: ring('stranger') })
    await expect(callPeer(peer, whoAmI, {})).rejects.toMatchObject({
      message: 'The things service does not answer. Try again in a moment.',
    })
    await peer.close()
  })

  const service = (name: string): Caller => ({ kind: 'service', service: name })
  it.each<[string, string, string, Caller]>([
    ['the gateway for a viewer', 'gateway', 'things', { ...ANONYMOUS, userId: 'u1', sessionId: 's1' }],
    ['the gateway for a signed-out viewer', 'gateway', 'things', ANONYMOUS],
    ['an unknown service', 'stranger', 'things', service('stranger')],
    ['a service that calls another one', 'storage', 'others', service('storage')],
  ])('answers 401 to %s', async (_who, issuer, audience, caller) => {
    const token = await signCaller(ring(issuer), caller, audience)
    expect(await statusFor(`Bearer ${token}`)).toBe(401)
  })

  it('answers 401 without a token', async () => {
    expect(await statusFor()).toBe(401)
  })

  async function statusFor(authorization?: string): Promise<number> {
    const { status } = await fetch(`${url}/internal/graphql`, {
      method: 'POST',
      headers: authorization ? { authorization } : {},
      body: JSON.stringify({ query: '{ __typename }' }),
    })
    return status
  }
})
