/**
 * The packages as Apollo's manual starts them: @apollo/gateway with its default data source in @apollo/server's standalone
 * server, in front of Moblog's subgraphs. It differs from the manual only where the subgraphs require it: it verifies the
 * client's access token and sends a signed assertion of the viewer. It does both once per viewer and caches the result, as
 * Moblog's gateway does, so that the benchmark does not compare cryptography.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ApolloGateway, type GraphQLDataSourceProcessOptions, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { addressConfig, addressOf } from '../hosting/addresses.ts'
import type { Issuer } from '../hosting/services.ts'
import { remoteVerifier } from '../hosting/tokens.ts'
import { signCaller } from '../platform/identity/assertion.ts'
import { ANONYMOUS, type Viewer } from '../platform/identity/caller.ts'
import { type Keyring, openKeyring } from '../platform/tokens/keyring.ts'

type Context = { viewer: Viewer }

const SIGN_AGAIN_AFTER_MS = 30_000

class SignedDataSource extends RemoteGraphQLDataSource<Context> {
  readonly #signed = new Map<string, { token: Promise<string>; until: number }>()
  readonly #keyring: Keyring
  readonly #subgraph: string

  constructor(keyring: Keyring, subgraph: string, url: string) {
    super({ url })
    this.#keyring = keyring
    this.#subgraph = subgraph
  }

  override async willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Context>) {
    // The gateway's own requests have no viewer.
    const token = await this.#assertion('viewer' in context ? context.viewer : ANONYMOUS)
    request.http?.headers.set('authorization', `Bearer ${token}`)
  }

  #assertion(viewer: Viewer): Promise<string> {
    const who = `${viewer.userId} ${viewer.sessionId}`
    const known = this.#signed.get(who)
    if (known && known.until > Date.now()) return known.token
    const token = signCaller(this.#keyring, viewer, this.#subgraph)
    this.#signed.set(who, { token, until: Date.now() + SIGN_AGAIN_AFTER_MS })
    return token
  }
}

const addresses = addressConfig.parse(process.env)
const keyring = await openKeyring(path.join(process.env.MOBLOG_DATA_DIR ?? '', 'keys'), 'gateway')
const verifier = remoteVerifier(addresses)
const viewers = new Map<string, Promise<Viewer>>()
const supergraphSdl = await readFile(new URL('../schema/supergraph.graphql', import.meta.url), 'utf8')
const gateway = new ApolloGateway({
  supergraphSdl,
  buildService: ({ name }) =>
    new SignedDataSource(keyring, name, `${addressOf(name as Issuer, addresses)}/graphql`),
})
const server = new ApolloServer<Context>({ gateway })

async function readViewer(token: string): Promise<Viewer> {
  const session = { issuer: 'communication', audience: 'gateway', typ: 'session+jwt' }
  const { sub, sid } = await verifier.verify(token, session)
  return { kind: 'viewer', userId: sub ?? null, sessionId: typeof sid === 'string' ? sid : null }
}

function viewerOf(authorization: string | undefined): Viewer | Promise<Viewer> {
  const token = authorization?.replace(/^Bearer /, '')
  if (!token) return ANONYMOUS
  const viewer = viewers.get(token) ?? readViewer(token)
  viewers.set(token, viewer)
  return viewer
}

await startStandaloneServer(server, {
  listen: { port: Number(process.env.PORT) },
  context: async ({ req }) => ({ viewer: await viewerOf(req.headers.authorization) }),
})
