import { createHash } from 'node:crypto'
import { type FileUpload, GraphQLUpload } from 'graphql-upload-minimal'
import { createTestHost, type TestHost } from '../../testing/host.ts'
import { readMultipart } from '../http/multipart.ts'
import { sendJson } from '../http/respond.ts'
import type { Route } from '../http/routes.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { ANONYMOUS } from '../identity/caller.ts'
import { httpClient, type SubgraphClient } from './client.ts'
import type { GraphqlRequest } from './executor.ts'
import { subgraphRoute } from './http-route.ts'
import { createSubgraph } from './subgraph.ts'

const typeDefs = /* GraphQL */ `
  scalar Upload
  type Query { nothing: Boolean }
  type Stored { name: String!, type: String!, size: Int!, sha256: String! }
  type Mutation { store(files: [Upload!]!): [Stored!]!  ignore(file: Upload!): Boolean! }
`

async function store(upload: Promise<FileUpload>) {
  const { filename, mimetype, createReadStream } = await upload
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream()) {
    hash.update(chunk)
    size += chunk.length
  }
  return { name: filename, type: mimetype, size, sha256: hash.digest('hex') }
}

let host: TestHost
let subgraphServer: HttpServer
let frontServer: HttpServer
let client: SubgraphClient

// A front server passes what it receives on to the subgraph, as the gateway does.
beforeAll(async () => {
  host = await createTestHost({ name: 'files', issuers: ['files', 'gateway'], databaseUrl: '' })
  const subgraph = createSubgraph({
    limitWrite: null,
    name: 'files',
    typeDefs,
    context: (caller) => ({ caller }),
    log: host.log,
    resolvers: {
      Upload: GraphQLUpload,
      Mutation: {
        ignore: () => true,
        async store(_: unknown, { files }: { files: Promise<FileUpload>[] }) {
          const stored = []
          for (const file of files) stored.push(await store(file))
          return stored
        },
      },
    },
  })
  const listen = (routes: Route[]) =>
    startHttpServer({
      host: '127.0.0.1',
      port: 0,
      routes,
      ready: async () => {},
      log: host.log,
      drainMs: 200,
    })
  subgraphServer = await listen([subgraphRoute({ subgraph, verifier: host.verifier })])
  const keyring = host.keyrings.gateway ?? host.keyring
  client = httpClient({ name: 'files', url: `http://127.0.0.1:${subgraphServer.port}`, keyring })
  frontServer = await listen([
    {
      path: '/graphql',
      async handle(request, response) {
        const operation = (await readMultipart(request, response)) as GraphqlRequest
        sendJson(response, 200, await client.execute(operation, ANONYMOUS))
      },
    },
  ])
})
afterAll(async () => {
  await frontServer.stop()
  await client.close()
  await subgraphServer.stop()
  await host.close()
})

async function send(query: string, variables: object, files: { path: string; file: File }[]) {
  const form = new FormData()
  form.set('operations', JSON.stringify({ query, variables }))
  form.set('map', JSON.stringify(Object.fromEntries(files.map(({ path }, index) => [index, [path]]))))
  for (const [index, { file }] of files.entries()) form.set(String(index), file)
  const response = await fetch(`http://127.0.0.1:${frontServer.port}/graphql`, { method: 'POST', body: form })
  return (await response.json()) as { data?: Record<string, unknown>; errors?: unknown[] }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('a GraphQL multipart request', () => {
  it.each([
    ['large', new Uint8Array(8_000_000).fill(7)],
    ['empty', new Uint8Array(0)],
    ['with line breaks', new TextEncoder().encode('über "x"\r\n')],
  ])(
    'reaches the subgraph through a forwarding server with every byte of its file: %s',
    async (name, bytes) => {
      const { data } = await send(
        'mutation($files: [Upload!]!) { store(files: $files) { name type size sha256 } }',
        { files: [null] },
        [{ path: 'variables.files.0', file: new File([bytes], `a"${name}\r\n.bin`, { type: 'video/mp4' }) }],
      )
      expect(data?.store).toEqual([
        { name: expect.stringContaining(name), type: 'video/mp4', size: bytes.length, sha256: sha256(bytes) },
      ])
    },
  )

  it('is refused with two files, because the second might never arrive', async () => {
    const file = new File(['x'], 'a.bin')
    const answer = await send(
      'mutation($files: [Upload!]!) { store(files: $files) { name } }',
      { files: [null, null] },
      [0, 1].map((index) => ({ path: `variables.files.${index}`, file })),
    )
    expect(answer.errors).toEqual([
      expect.objectContaining({ extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) } }),
    ])
  })

  it('is answered even if the resolver does not read the file, and the connection stays usable', async () => {
    const file = new File([new Uint8Array(3_000_000)], 'ignored.bin')
    const query = 'mutation($file: Upload!) { ignore(file: $file) }'
    for (let round = 0; round < 3; round++) {
      const { data } = await send(query, { file: null }, [{ path: 'variables.file', file }])
      expect(data).toEqual({ ignore: true })
    }
  })
})
