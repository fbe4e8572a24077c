import { gatewayConfig } from '../gateway/config.ts'
import { startGateway } from '../gateway/gateway.ts'
import { publicPageRedirects, redirectTarget } from '../gateway/public-page-redirect.ts'
import { createSubgraphReadiness } from '../gateway/subgraph-readiness.ts'
import { readConfig } from '../platform/config.ts'
import { httpFeed } from '../platform/feed/http-feed.ts'
import { jwksRoute } from '../platform/http/jwks-route.ts'
import { startHttpServer } from '../platform/http/server.ts'
import { addressShare } from '../platform/http/socket-limits.ts'
import { createLog } from '../platform/log.ts'
import { startObservability } from '../platform/observability/start-observability.ts'
import { ownStartPage } from '../platform/pages/unknown-address.ts'
import { httpClient } from '../platform/subgraph/client.ts'
import { httpPeer } from '../platform/subgraph/peer.ts'
import { addressConfig, addressOf } from './addresses.ts'
import { readCommandLine } from './command-line.ts'
import { run } from './run.ts'
import { SUBGRAPHS } from './services.ts'
import { openOwnKeyring, remoteVerifier } from './tokens.ts'

/** Runs the gateway as a separate program. */
export function runGateway(): Promise<void> {
  readCommandLine({
    usage: 'npm run start:gateway',
    summary: 'Runs the gateway in a separate process that calls the services over HTTP.',
    options: {},
    settings: { ...gatewayConfig.shape, ...addressConfig.shape },
  })
  return serveGateway()
}

/** Runs the gateway, which calls the subgraphs over HTTP, until a signal stops it. */
export function serveGateway(): Promise<void> {
  return run(async () => {
    const addresses = readConfig(addressConfig, process.env)
    const config = readConfig(gatewayConfig, process.env)
    const log = createLog('gateway', config.LOG_LEVEL)
    const observability = await startObservability('gateway', config, log)
    const keyring = await openOwnKeyring('gateway', config.MOBLOG_DATA_DIR)
    const subgraphs = Object.fromEntries(
      SUBGRAPHS.map((name) => [name, httpClient({ name, url: addressOf(name, addresses), keyring })]),
    )
    const toCommunication = { name: 'communication', url: addressOf('communication', addresses), keyring }
    const communication = httpPeer(toCommunication)
    const notificationFeed = httpFeed({ ...toCommunication, log })
    const gateway = await startGateway(
      { subgraphs, communication, verifier: remoteVerifier(addresses), notificationFeed, log },
      {
        ...config,
        STORAGE_PUBLIC_URL: config.STORAGE_PUBLIC_URL ?? config.PUBLIC_URL ?? addressOf('storage', addresses),
      },
    )
    const readiness = createSubgraphReadiness({
      addresses: new Map(SUBGRAPHS.map((name) => [name, addressOf(name, addresses)])),
      knowsSessionRevocations: gateway.knowsSessionRevocations,
    })
    const pages = redirectTarget(config, addressOf('blog', addresses))
    const server = await startHttpServer({
      host: config.HOST,
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerAddress: addressShare(config),
      port: config.PORT,
      routes: [...gateway.routes, ...(pages ? publicPageRedirects(pages) : []), jwksRoute([keyring])],
      startPage: ownStartPage,
      ready: readiness.ready,
      down: readiness.down,
      log,
    })
    log.info(
      { port: server.port, url: `http://localhost:${server.port}/graphql` },
      'the gateway is listening',
    )
    return {
      log,
      async stop() {
        gateway.endStreams()
        await server.stop()
        await gateway.stop()
        await notificationFeed.close()
        await Promise.all([communication, ...Object.values(subgraphs)].map((client) => client.close()))
        await observability.stop()
      },
    }
  })
}
