import { z } from 'zod'
import { gatewayConfig } from '../gateway/config.ts'
import { commonConfig, port, readConfig } from '../platform/config.ts'
import { feedRoute } from '../platform/feed/feed-route.ts'
import { jwksRoute } from '../platform/http/jwks-route.ts'
import { startHttpServer } from '../platform/http/server.ts'
import { addressShare } from '../platform/http/socket-limits.ts'
import { createLog } from '../platform/log.ts'
import type { Host, Service } from '../platform/service.ts'
import { httpClient } from '../platform/subgraph/client.ts'
import { subgraphRoute } from '../platform/subgraph/http-route.ts'
import { addressConfig, addressOf, ISSUERS, SUBGRAPHS, type SubgraphName } from './addresses.ts'
import { readCommandLine } from './command-line.ts'
import { databaseConfig, databaseSetting, openDatabases } from './databases.ts'
import { type PublicService, withPublicAddresses } from './public-addresses.ts'
import { run } from './run.ts'
import { openOwnKeyring, remoteVerifier } from './tokens.ts'

/** A subgraph that runs as a separate program. */
export type ServiceProgram<Shape extends z.ZodRawShape> = {
  name: SubgraphName
  /** The settings that the service reads from the environment. */
  config: z.ZodObject<Shape>
  start(host: Host, config: z.infer<z.ZodObject<Shape>>): Promise<Service>
}

// The services whose addresses each service gives to clients.
const PUBLIC_SERVICES: Record<SubgraphName, PublicService[]> = {
  communication: ['storage', 'blog'],
  storage: ['storage'],
  blog: ['blog'],
}

/** Runs one subgraph as a separate process, until a signal stops it. */
export function runService<Shape extends z.ZodRawShape>(program: ServiceProgram<Shape>): Promise<void> {
  const { name } = program
  readCommandLine({
    usage: `npm run start:${name}`,
    summary: `Runs the ${name} service as a process of its own, until it is signalled to stop.`,
    options: {},
    settings: {
      ...program.config.shape,
      ...addressConfig.shape,
      [databaseSetting(name)]: databaseConfig.shape[databaseSetting(name)],
      PORT: gatewayConfig.shape.PORT,
    },
  })
  return run(async () => {
    const { env, warnings } = withPublicAddresses(process.env, PUBLIC_SERVICES[name], false)
    const addresses = readConfig(addressConfig, env)
    const config = readConfig(commonConfig, env)
    const ownConfig = readConfig(program.config, env)
    const ownPort = port.default(Number(new URL(addressOf(name, addresses)).port || 80))
    const { PORT: listenOn } = readConfig(z.object({ PORT: ownPort }), env)
    const log = createLog(name, config.LOG_LEVEL)
    for (const warning of warnings) log.warn({}, warning)
    const keyring = await openOwnKeyring(name, config.MOBLOG_DATA_DIR)
    const verifier = remoteVerifier(addresses)
    const databases = readConfig(databaseConfig, env)
    const database = await openDatabases([name], { ...config, ...databases }, log)
    const callers = ISSUERS.filter((other) => other !== name)
    const others = SUBGRAPHS.filter((other) => other !== name)
    const peers = new Map(
      others.map((other) => [other, httpClient({ name: other, url: addressOf(other, addresses), keyring })]),
    )
    const peer: Host['peer'] = (other) => {
      const client = peers.get(other as SubgraphName)
      if (!client) throw new Error(`there is no service ${other}`)
      return client
    }
    const service = await program.start(
      { keyring, verifier, peer, databaseUrl: database.urlOf(name), log },
      ownConfig,
    )
    const server = await startHttpServer({
      host: config.HOST,
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerAddress: addressShare(config),
      port: listenOn,
      routes: [
        subgraphRoute({ subgraph: service.subgraph, verifier, services: callers }),
        jwksRoute([keyring]),
        ...(service.feed ? [feedRoute({ feed: service.feed, verifier, name, services: callers })] : []),
        ...service.routes,
      ],
      ready: () => service.ready(),
      log,
    })
    log.info({ port: server.port }, `${name} answers at http://localhost:${server.port}`)
    return {
      log,
      async stop() {
        await server.stop()
        await service.stop()
        await Promise.all([...peers.values()].map((client) => client.close()))
        await database.stop()
      },
    }
  })
}
