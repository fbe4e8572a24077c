import { gatewayConfig } from '../../gateway/config.ts'
import { type GatewayHost, startGateway } from '../../gateway/gateway.ts'
import { createFeed } from '../../platform/feed/feed.ts'
import { startHttpServer } from '../../platform/http/server.ts'
import { createLog } from '../../platform/log.ts'
import type { PeerClient } from '../../platform/subgraph/peer.ts'
import { createVerifier } from '../../platform/tokens/verifier.ts'
import { onRealSchema } from '../fake-service.ts'
import { randomSubgraphs } from './random-subgraphs.ts'

/** A gateway that listens on a port of its own. */
export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>

const NEVER = Number.POSITIVE_INFINITY

/** A fake `communication` for which no session has ended. */
export const communicationWithoutRevocations: PeerClient = {
  execute: onRealSchema('communication', async () => ({
    data: { sessionRevocations: { sessionRevocations: [], asOf: new Date() } },
  })),
  close: async () => {},
}

/**
 * Starts a gateway in front of subgraphs with made-up data, in which nothing fails.
 *
 * @param env settings of the gateway
 * @param host replaces some of the gateway's dependencies
 */
export async function startTestGateway(env: Record<string, string> = {}, host: Partial<GatewayHost> = {}) {
  const log = createLog('gateway', 'silent')
  const gateway = await startGateway(
    {
      subgraphs: randomSubgraphs({ aNull: NEVER, anError: NEVER, anOutage: NEVER }),
      communication: communicationWithoutRevocations,
      verifier: createVerifier({}),
      notificationFeed: createFeed(),
      log,
      ...host,
    },
    gatewayConfig.parse({ NODE_ENV: 'test', GATEWAY_COST_PER_MINUTE: '0', ...env }),
  )
  const ready = async () => {}
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes: gateway.routes, ready, log })
  return {
    port: server.port,
    url: `http://127.0.0.1:${server.port}/graphql`,
    async stop() {
      gateway.endStreams()
      await server.stop()
      await gateway.stop()
    },
  }
}
