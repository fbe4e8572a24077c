import { z } from 'zod'
import { gatewayConfig } from '../gateway/config.ts'
import { commonConfig, httpUrl, port, readConfig } from '../platform/config.ts'
import { feedRoute } from '../platform/feed/feed-route.ts'
import { jwksRoute } from '../platform/http/jwks-route.ts'
import { startHttpServer } from '../platform/http/server.ts'
import { addressShare } from '../platform/http/socket-limits.ts'
import { createLog } from '../platform/log.ts'
import { startObservability } from '../platform/observability/start-observability.ts'
import { internalRoute, subgraphRoute } from '../platform/subgraph/http-route.ts'
import { httpPeer, type PeerClient } from '../platform/subgraph/peer.ts'
import type { Keyring } from '../platform/tokens/keyring.ts'
import { type Addresses, addressConfig, addressOf } from './addresses.ts'
import { readCommandLine } from './command-line.ts'
import { openDatabases, ownDatabaseSetting } from './databases.ts'
import { publicServicesOf, withPublicAddresses } from './public-addresses.ts'
import { type Running, run } from './run.ts'
import { callersOf, type ServiceEntry, SUBGRAPHS, type SubgraphName } from './services.ts'
import { openOwnKeyring, remoteVerifier } from './tokens.ts'

// Browsers that open an unknown address of the service are led there.
const startPageSetting = z.object({
  PUBLIC_URL: httpUrl.optional().describe('The URL at which clients reach the product.'),
})

/** Runs one subgraph as a separate process, until a signal stops it. */
export function runService(program: ServiceEntry<SubgraphName>): Promise<void> {
  const { name, settings } = program
  readCommandLine({
    usage: `npm run start:${name}`,
    summary: `Runs the ${name} service in a separate process until it receives a signal to stop.`,
    options: {},
    settings: {
      ...startPageSetting.shape,
      ...settings,
      ...addressConfig.shape,
      ...ownDatabaseSetting(name),
      PORT: gatewayConfig.shape.PORT,
    },
  })
  return run(() => startAlone(program))
}

/** Starts one subgraph and its HTTP server. */
async function startAlone(program: ServiceEntry<SubgraphName>): Promise<Running> {
  const { name, settings } = program
  const { env, warnings } = withPublicAddresses(process.env, publicServicesOf(settings), false)
  const addresses = readConfig(addressConfig, env)
  const config = readConfig(commonConfig, env)
  const ownPort = port.default(Number(new URL(addressOf(name, addresses)).port || 80))
  const { PORT: listenOn } = readConfig(z.object({ PORT: ownPort }), env)
  const { PUBLIC_URL } = readConfig(startPageSetting, env)
  const startPage = PUBLIC_URL === undefined ? null : `${PUBLIC_URL.replace(/\/+$/, '')}/`
  const start = await program.prepare(env)
  const log = createLog(name, config.LOG_LEVEL)
  for (const warning of warnings) log.warn({}, warning)
  const observability = await startObservability(name, config, log)
  const keyring = await openOwnKeyring(name, config.MOBLOG_DATA_DIR)
  const verifier = remoteVerifier(addresses)
  const database = await openDatabases([name], env, log)
  const callers = callersOf(name)
  const peers = openPeers(program, addresses, keyring)
  const service = await start({ keyring, verifier, peer: peers.get, databaseUrl: database.urlOf(name), log })
  const server = await startHttpServer({
    host: config.HOST,
    maxConnections: config.MAX_CONNECTIONS,
    maxConnectionsPerAddress: addressShare(config),
    port: listenOn,
    routes: [
      subgraphRoute({ subgraph: service.subgraph, verifier }),
      internalRoute({ internal: service.internal, verifier, services: callers }),
      jwksRoute([keyring]),
      ...(service.feed ? [feedRoute({ feed: service.feed, verifier, name, services: callers })] : []),
      ...service.routes,
    ],
    startPage: () => startPage,
    ready: () => service.ready(),
    log,
  })
  log.info({ port: server.port, url: `http://localhost:${server.port}` }, `${name} is listening`)
  return {
    log,
    async stop() {
      await server.stop()
      await service.stop()
      await peers.close()
      await database.stop()
      await observability.stop()
    },
  }
}

/** Opens clients for the services that a service calls. */
function openPeers({ name, calls }: ServiceEntry, addresses: Addresses, keyring: Keyring) {
  const peers = new Map<string, PeerClient>(
    SUBGRAPHS.filter((other) => calls.includes(other)).map((other) => [
      other,
      httpPeer({ name: other, url: addressOf(other, addresses), keyring }),
    ]),
  )
  return {
    get(other: string): PeerClient {
      const client = peers.get(other)
      if (!client) throw new Error(`${name} is not configured to call the service ${other}`)
      return client
    },
    async close(): Promise<void> {
      await Promise.all([...peers.values()].map((client) => client.close()))
    },
  }
}
