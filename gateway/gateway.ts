import { fileURLToPath } from 'node:url'
import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginLandingPageProductionDefault } from '@apollo/server/plugin/landingPage/default'
import {
  type ExecutionResult,
  GraphQLSchema,
  getVariableValues,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { badInput } from '../platform/errors.ts'
import type { Feed } from '../platform/feed/feed.ts'
import type { Route } from '../platform/http/routes.ts'
import type { Viewer } from '../platform/identity/caller.ts'
import { readIdentityProvider } from '../platform/identity/identity-provider-settings.ts'
import type { Log } from '../platform/log.ts'
import type { SubgraphClient } from '../platform/subgraph/client.ts'
import type { PeerClient } from '../platform/subgraph/peer.ts'
import type { Verifier } from '../platform/tokens/verifier.ts'
import { divided, WHOLE, type WorkerShare } from '../platform/worker-share.ts'
import {
  createDocumentStore,
  createPersistedQueries,
  QUERY_PLANS_MIB,
  type SharedQueries,
} from './apollo-caches.ts'
import { createAskSubgraph, type GatewayContext, requireAddress } from './ask-subgraph.ts'
import { createAuthentication } from './authentication.ts'
import { beginOperation } from './begin-operation.ts'
import type { GatewayConfig } from './config.ts'
import { costLimitPlugin, createCostLimit } from './cost/cost-limit.ts'
import { type ListSizes, listSizes } from './cost/list-sizes.ts'
import { PREFLIGHTED_HEADERS } from './cross-origin.ts'
import { formatError } from './errors.ts'
import { withCompiledExecution } from './execution/compiled-executor.ts'
import { executeEarly } from './execution/execute-early.ts'
import { withOperationTurns } from './execution/operation-turns.ts'
import { explorerRoutes } from './explorer/explorer-route.ts'
import { sandboxOrExplorer } from './explorer/landing-page.ts'
import { graphqlRoute } from './graphql-route.ts'
import { createIdentityProvider } from './identity-provider.ts'
import { limitRules } from './limits.ts'
import { nullVariableErrors, refuseNullVariables } from './null-variables.ts'
import { knownOperationNames } from './operation-names.ts'
import { createOperationReports, recordOperations } from './operation-reports.ts'
import { limitOperation, OPERATION_MS } from './operation-signal.ts'
import { createOperationLimit, type OperationMeter } from './rate-limit/operation-limit.ts'
import { shareThrough } from './rate-limit/share-through.ts'
import { refuseUnresolved } from './refused-operations.ts'
import { leaveOutExtensions } from './response-extensions.ts'
import { type ReservedNames, reservedNames } from './response-names.ts'
import { okForNamedJson } from './response-type.ts'
import { sendRetryAfter } from './retry-after.ts'
import { followSessionRevocations } from './session-revocations.ts'
import { subgraphDataSource } from './subgraph-data-source.ts'
import { createConnectionLeases } from './subscriptions/connection-leases.ts'
import type { Operation } from './subscriptions/event-stream.ts'
import { createLiveNotifications } from './subscriptions/live-notifications.ts'
import { createPresence, withPresence } from './subscriptions/presence.ts'
import type { Relay } from './subscriptions/relay.ts'
import { createSessionRenewals } from './subscriptions/session-renewals.ts'
import { createStreamLimit, type StreamLimit } from './subscriptions/stream-limit.ts'
import { createStreams } from './subscriptions/streams.ts'
import { watchedSupergraph } from './supergraph.ts'
import { MAX_TOKENS } from './token-limit.ts'
import { anyDocument, openTrustedDocuments } from './trusted-documents/trusted-documents.ts'
import { webClientRoutes } from './web-client/web-client-route.ts'
import { createResponseJson } from './write-response.ts'

/** The dependencies that the host process passes to the gateway. */
export type GatewayHost = {
  /** The subgraphs, by their names in the supergraph. */
  subgraphs: Readonly<Record<string, SubgraphClient>>
  /** The internal API of `communication`. */
  communication: PeerClient
  /** Trusts `communication`, which issues access tokens. */
  verifier: Verifier
  /** Reports which users have new notifications. */
  notificationFeed: Feed
  /** Limits the streams per user on this machine; the streams of this process alone unless it is set. */
  limitStreams?: StreamLimit
  /** The share of this process in the limits, if it is one of several workers. */
  share?: WorkerShare
  /** Passes requests to the other workers of this machine. */
  relay?: Relay
  /** Shares automatic persisted queries with them. */
  sharedQueries?: SharedQueries
  log: Log
}

/** A running gateway. */
export type Gateway = {
  routes: readonly Route[]
  /** Answers requests that other workers have passed on. */
  relayed: Route
  /** Whether the session revocations have been loaded. Until then, no token is accepted. */
  knowsSessionRevocations(): Promise<boolean>
  /**
   * Ends the event streams, which would otherwise delay the shutdown indefinitely. Call it as soon as the process
   * stops.
   */
  endStreams(): void
  stop(): Promise<void>
}

const SUPERGRAPH_FILE = fileURLToPath(new URL('../schema/supergraph.graphql', import.meta.url))

// Divided among workers. Connections are distributed unevenly, so each worker gets at least some.
const MAX_RESERVATIONS = 20_000
const LEAST_RESERVATIONS = 1_000
const MAX_SOCKETS_PER_ADDRESS = 1_000
const LEAST_SOCKETS_PER_ADDRESS = 64

/** Starts the only GraphQL endpoint that clients use. */
export async function startGateway(host: GatewayHost, config: GatewayConfig): Promise<Gateway> {
  const { subgraphs, communication, verifier, share = WHOLE, log } = host
  const issuer = readIdentityProvider(config)
  // Since version 2.12, @apollo/gateway reports usage to Apollo unless this is set.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true'
  const isProduction = config.NODE_ENV === 'production'
  const documents = config.GATEWAY_OPERATIONS
    ? await openTrustedDocuments(config.GATEWAY_OPERATIONS, log)
    : anyDocument
  const ask = createAskSubgraph(subgraphs, log)
  const gateway = new ApolloGateway({
    logger: apolloLogger(log),
    experimental_approximateQueryPlanStoreMiB: QUERY_PLANS_MIB,
    supergraphSdl: watchedSupergraph(SUPERGRAPH_FILE, log),
    buildService({ name }) {
      requireAddress(subgraphs, name)
      return subgraphDataSource(name, ask)
    },
  })
  let apiSchema = new GraphQLSchema({})
  let reserved: ReservedNames = new Map()
  gateway.onSchemaLoadOrUpdate((loaded) => {
    apiSchema = loaded.apiSchema
    const supergraph = parse(loaded.coreSupergraphSdl)
    reserved = reservedNames(supergraph)
    sizes = listSizes(supergraph, apiSchema)
  })
  let sizes: ListSizes | null = null
  const limitCost = createCostLimit(config.GATEWAY_MAX_COST, () => sizes ?? (() => 1))
  const rules = limitRules(config, () => reserved)
  const responses = createResponseJson()
  const execution = executeEarly(withOperationTurns(withCompiledExecution(gateway, ask)))
  const server = new ApolloServer<GatewayContext>({
    gateway: execution.gateway,
    nodeEnv: config.NODE_ENV,
    introspection: !isProduction,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: apolloLogger(log),
    documentStore: createDocumentStore(),
    stringifyResult: responses.stringify,
    csrfPrevention: { requestHeaders: PREFLIGHTED_HEADERS },
    persistedQueries: { cache: createPersistedQueries(host.sharedQueries) },
    validationRules: rules,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: (formatted, error) => formatError(formatted, error, { log, suggests: !isProduction }),
    hideSchemaDetailsFromClientErrors: isProduction,
    plugins: [
      recordOperations(),
      refuseUnresolved(),
      refuseNullVariables(),
      costLimitPlugin(limitCost),
      execution.plugin,
      leaveOutExtensions(),
      responses.plugin,
      okForNamedJson(),
      sendRetryAfter(),
      isProduction ? ApolloServerPluginLandingPageProductionDefault() : sandboxOrExplorer(),
    ],
  })
  await server.start()
  const sessionRevocations = followSessionRevocations(communication, host.notificationFeed, log)
  const authenticate = createAuthentication({
    verifier,
    knowsSessionRevocations: sessionRevocations.isKnown,
    hasEnded: sessionRevocations.has,
    trustedProxies: config.TRUSTED_PROXIES,
    log,
    identityProvider: issuer && {
      issuer: issuer.issuer,
      read: createIdentityProvider(issuer, communication),
    },
  })
  const maxBodyBytes = config.GATEWAY_MAX_BODY_BYTES
  const operationLimit = createOperationLimit({
    perMinute: config.GATEWAY_COST_PER_MINUTE,
    share: shareThrough(communication),
    log,
  })
  const notifications = createLiveNotifications(communication, host.notificationFeed)
  const presence = createPresence(communication, log)
  const leases = createConnectionLeases(communication, log, host.limitStreams ?? createStreamLimit())
  const report = createOperationReports(log, knownOperationNames())
  const streams = createStreams({
    admit: documents.admit,
    operationLimit,
    validate(document, definition, variables, meter) {
      const errors = validate(apiSchema, document, [...specifiedRules, ...rules])
      if (errors.length > 0) return errors
      const { errors: ofVariables } = getVariableValues(
        apiSchema,
        definition.variableDefinitions ?? [],
        variables,
      )
      if (ofVariables) return ofVariables.map((error) => badInput(error.message))
      const ofNulls = nullVariableErrors(apiSchema, document, definition, variables)
      if (ofNulls.length > 0) return ofNulls
      const tooCostly = limitCost(apiSchema, document, definition, variables, meter)
      return tooCostly ? [tooCostly] : []
    },
    execute: (operation, { viewer }, meter, closed) => execute(server, operation, viewer, meter, closed),
    notifications: withPresence(notifications, presence),
    whenEnded: ({ userId, sessionId }, during) =>
      sessionRevocations.whenEnded(
        [userId, sessionId].filter((id) => id !== null),
        during,
      ),
    authenticate,
    maxBodyBytes,
    trustedProxies: config.TRUSTED_PROXIES,
    log,
    report,
    limitStreams: leases.limit,
    newestTokenEnd: createSessionRenewals(communication),
    maxReservations: divided(MAX_RESERVATIONS, share, LEAST_RESERVATIONS),
    sockets: { perAddress: divided(MAX_SOCKETS_PER_ADDRESS, share, LEAST_SOCKETS_PER_ADDRESS) },
    ...(host.relay && { relay: host.relay }),
  })
  return {
    routes: [
      {
        ...graphqlRoute({
          server,
          maxBodyBytes,
          streams,
          documents,
          operationLimit,
          trustedProxies: config.TRUSTED_PROXIES,
        }),
        report,
      },
      ...(isProduction ? [] : explorerRoutes()),
      ...webClientRoutes({
        mediaOrigins: mediaOriginsOf(config),
        samplesIn: isProduction ? null : config.MOBLOG_DATA_DIR,
        signsInElsewhere: issuer !== null,
      }),
      toSandbox,
    ],
    relayed: { path: '/graphql', isInternal: true, handle: (...call) => streams.handle(call[0], call[1]) },
    knowsSessionRevocations: sessionRevocations.isKnown,
    endStreams: streams.close,
    async stop() {
      documents.close()
      notifications.close()
      await Promise.all([
        presence.close(),
        leases.close(),
        sessionRevocations.close(),
        operationLimit.close(),
      ])
      await server.stop()
    },
  }
}

async function execute(
  server: ApolloServer<GatewayContext>,
  { query, operationName, variables }: Operation,
  viewer: Viewer,
  meter: OperationMeter,
  closed: AbortSignal,
): Promise<ExecutionResult> {
  using limit = limitOperation(closed, OPERATION_MS)
  const { work, answered, end } = beginOperation()
  const { body } = await server
    .executeOperation(
      {
        query,
        ...(operationName != null && { operationName }),
        ...(variables != null && { variables }),
      },
      { contextValue: { viewer, work, answered, meter, signal: limit.signal } },
    )
    .finally(end)
  if (body.kind === 'incremental') throw new Error('incremental delivery (@defer, @stream) is not supported')
  return body.singleResult as ExecutionResult
}

// Apollo's libraries log plain sentences. `formatError` logs the details of a failed operation.
function apolloLogger(log: Log) {
  const at = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => log[level]({}, String(message))
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') }
}

function mediaOriginsOf({ STORAGE_PUBLIC_URL, GATEWAY_MEDIA_ORIGINS }: GatewayConfig): string[] {
  return [STORAGE_PUBLIC_URL ?? [], GATEWAY_MEDIA_ORIGINS].flat().map((url) => new URL(url).origin)
}

// The way in if the web client is not built. Relative, because a proxy may serve the product below a path.
const toSandbox: Route = {
  path: '/',
  handle: (_request, response) => void response.writeHead(302, { location: 'graphql' }).end(),
}
