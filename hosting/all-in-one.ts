import { z } from 'zod'
import type { SharedQueries } from '../gateway/apollo-caches.ts'
import { gatewayConfig } from '../gateway/config.ts'
import { startGateway } from '../gateway/gateway.ts'
import type { StreamLimit } from '../gateway/subscriptions/stream-limit.ts'
import { readConfig } from '../platform/config.ts'
import { unavailable } from '../platform/errors.ts'
import { createFeed } from '../platform/feed/feed.ts'
import { jwksRoute } from '../platform/http/jwks-route.ts'
import { createRequestAnswer, startHttpServer } from '../platform/http/server.ts'
import { addressShare } from '../platform/http/socket-limits.ts'
import { createLog } from '../platform/log.ts'
import { startObservability } from '../platform/observability/start-observability.ts'
import { ownStartPage } from '../platform/pages/unknown-address.ts'
import type { Host, Service, TakeTurn } from '../platform/service.ts'
import { inProcessClient } from '../platform/subgraph/client.ts'
import { inProcessPeer, type PeerClient } from '../platform/subgraph/peer.ts'
import type { Keyring } from '../platform/tokens/keyring.ts'
import { divided, WHOLE, type WorkerShare } from '../platform/worker-share.ts'
import { openDatabases } from './databases.ts'
import { PUBLIC_SERVICES, withPublicAddresses } from './public-addresses.ts'
import type { Running } from './run.ts'
import { ISSUERS, SERVICES, type ServiceEntry, SUBGRAPHS } from './services.ts'
import { allInOneSettings } from './settings.ts'
import { localVerifier, openOwnKeyring } from './tokens.ts'
import type { WorkerRelay } from './worker-relay.ts'

/** What the primary process gives to a worker. */
export type WorkerParts = {
  share: WorkerShare
  limitStreams: StreamLimit
  takeTurn: TakeTurn
  sharedQueries: SharedQueries
  relay: WorkerRelay | null
}

// The connections of one address are distributed unevenly.
const LEAST_PER_ADDRESS = 16

/**
 * Starts the gateway and all subgraphs in this process. The gateway calls the subgraphs as functions, without a
 * network.
 *
 * @param worker what this process shares with others, if it is one of several workers
 */
export async function startAllInOne(
  env: NodeJS.ProcessEnv,
  worker: WorkerParts | null = null,
): Promise<Running & { port: number }> {
  // Everything public is on one port, so one address is the default for all services.
  const addresses = withPublicAddresses(env, PUBLIC_SERVICES, true)
  // Reads all settings at once, so that one message names all that are wrong.
  readConfig(z.object(allInOneSettings), addresses.env)
  const config = readConfig(gatewayConfig, addresses.env)
  const log = createLog('moblog', config.LOG_LEVEL)
  if (!worker) for (const warning of addresses.warnings) log.warn({}, warning)
  const observability = await startObservability('moblog', config, log)
  const [database, prepared, keyrings] = await Promise.all([
    openDatabases(SUBGRAPHS, addresses.env, log),
    Promise.all(SERVICES.map(async (service) => [service, await service.prepare(addresses.env)] as const)),
    Promise.all(ISSUERS.map((name) => openOwnKeyring(name, config.MOBLOG_DATA_DIR))),
  ])
  const verifier = localVerifier(keyrings)
  const services = new Map<string, Service>()
  const running = (name: string): Service => {
    const service = services.get(name)
    if (!service) throw unavailable(`The ${name} service is starting. Try again in a moment.`)
    return service
  }
  const subgraphs = Object.fromEntries(
    SUBGRAPHS.map((name) => [name, inProcessClient(() => running(name).subgraph)]),
  )
  const hostOf = ({ name, calls }: ServiceEntry): Host => {
    const peers = new Map<string, PeerClient>(
      SUBGRAPHS.filter((other) => calls.includes(other)).map((other) => [
        other,
        inProcessPeer(name, () => running(other).internal),
      ]),
    )
    return {
      keyring: keyringOf(keyrings, name),
      verifier,
      databaseUrl: database.urlOf(name),
      ...(worker && { share: worker.share, takeTurn: worker.takeTurn }),
      log: createLog(name, config.LOG_LEVEL),
      peer(other) {
        const peer = peers.get(other)
        if (!peer) throw new Error(`${name} is not configured to call the service ${other}`)
        return peer
      },
    }
  }
  await Promise.all(
    prepared.map(async ([service, start]) => services.set(service.name, await start(hostOf(service)))),
  )
  const gateway = await startGateway(
    {
      subgraphs,
      communication: inProcessPeer('gateway', () => running('communication').internal),
      verifier,
      notificationFeed: services.get('communication')?.feed ?? createFeed(),
      ...(worker && {
        limitStreams: worker.limitStreams,
        share: worker.share,
        sharedQueries: worker.sharedQueries,
      }),
      ...(worker?.relay && { relay: worker.relay.relay }),
      log: createLog('gateway', config.LOG_LEVEL),
    },
    config,
  )
  const relay = worker?.relay
  await relay?.listen(createRequestAnswer([gateway.relayed], createLog('gateway', config.LOG_LEVEL)))
  const all = [...services.values()]
  // The default is a part of the connections of this process, and needs no division.
  const isDivided = config.MAX_CONNECTIONS_PER_ADDRESS !== undefined
  const perAddress = isDivided
    ? divided(addressShare(config), worker?.share ?? WHOLE, LEAST_PER_ADDRESS)
    : addressShare(config)
  const server = await startHttpServer({
    host: config.HOST,
    maxConnections: config.MAX_CONNECTIONS,
    maxConnectionsPerAddress: perAddress,
    port: config.PORT,
    routes: [...gateway.routes, jwksRoute(keyrings), ...all.flatMap((service) => service.routes)],
    startPage: ownStartPage,
    ready: async () => {
      await Promise.all(all.map((service) => service.ready()))
    },
    log,
  })
  log[worker ? 'debug' : 'info'](
    { port: server.port, url: `http://localhost:${server.port}/graphql` },
    'Moblog is listening',
  )
  return {
    log,
    port: server.port,
    async stop() {
      gateway.endStreams()
      await server.stop()
      await relay?.close()
      await gateway.stop()
      await Promise.all(all.map((service) => service.stop()))
      await database.stop()
      await observability.stop()
    },
  }
}

function keyringOf(keyrings: readonly Keyring[], name: string): Keyring {
  const keyring = keyrings.find(({ issuer }) => issuer === name)
  if (!keyring) throw new Error(`no signing key for ${name}`)
  return keyring
}
