import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { createOperationLimit } from '../../gateway/rate-limit/operation-limit.ts'
import type { Operation } from '../../gateway/subscriptions/event-stream.ts'
import { createLiveNotifications } from '../../gateway/subscriptions/live-notifications.ts'
import { createStreams, type StreamsOptions } from '../../gateway/subscriptions/streams.ts'
import { anyDocument } from '../../gateway/trusted-documents/trusted-documents.ts'
import { unauthenticated } from '../../platform/errors.ts'
import { createFeed } from '../../platform/feed/feed.ts'
import { startHttpServer } from '../../platform/http/server.ts'
import { createLog } from '../../platform/log.ts'
import type { PeerClient } from '../../platform/subgraph/peer.ts'
import { onRealSchema } from '../fake-service.ts'

const SUBSCRIPTION = 'subscription { notificationReceived { id } }'

/** Event streams on a separate address, with a fake `communication` whose inbox is an array of ids. */
export type TestStreams = Awaited<ReturnType<typeof startTestStreams>>

/** Starts a server for streams; `Bearer <user id>` or `Bearer <user id>/<session id>/…` signs a user in. */
export async function startTestStreams(options: Partial<StreamsOptions> = {}) {
  const world = {
    /** The inbox of all users. A position is an index in this array. */
    inbox: [] as string[],
    /** Whether `communication` answers. */
    isUp: true,
    /** When sessions expire, in milliseconds since 1970. */
    expiresAt: Date.now() + 60_000,
    /** The error with which authentication fails, or null if it succeeds. */
    refusal: null as Error | null,
    /** The `Authorization` headers whose token has expired. */
    expired: new Set<string>(),
    /** Revokes all sessions when it aborts. */
    revocation: new AbortController(),
    /** Returns the result of the query for a notification. */
    resolve: async (id: string): Promise<ExecutionResult> => ({ data: { notificationReceived: { id } } }),
  }
  const communication: PeerClient = {
    execute: onRealSchema('communication', async ({ variables }) => {
      if (!world.isUp) throw new Error('down')
      const { readers, first } = variables as { readers: { after: string | null }[]; first: number }
      return {
        data: { notificationFeeds: readers.map(({ after }) => pageOf(world.inbox, after, first)) },
      }
    }),
    close: async () => {},
  }
  const feed = createFeed()
  const notifications = createLiveNotifications(communication, feed)
  const log = createLog('gateway', 'silent')
  const handler = createStreams({
    validate: () => [],
    report: () => {},
    operationLimit: createOperationLimit({ perMinute: 0, share: async () => [], log }),
    admit: anyDocument.admit,
    execute: ({ variables }: Operation) => world.resolve(String(variables?.moblogNotificationId)),
    notifications,
    whenEnded: () => world.revocation.signal,
    authenticate: async ({ headers: { authorization } }) => {
      if (world.refusal) throw world.refusal
      if (world.expired.has(authorization ?? '')) throw unauthenticated('The access token has expired.')
      const [userId = null, sessionId = null] = authorization?.replace('Bearer ', '').split('/') ?? []
      return { viewer: { kind: 'viewer', userId, sessionId }, expiresAt: world.expiresAt }
    },
    maxBodyBytes: 10_000,
    readWithinMs: 300,
    checkEveryMs: 100,
    trustedProxies: 0,
    log,
    ...options,
  })
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: [
      {
        path: '/graphql',
        handle: (request, response) => handler.handle(request, response),
        upgrade: handler.upgrade,
      },
    ],
    ready: async () => {},
    log,
    drainMs: 50,
  })
  const url = `http://127.0.0.1:${server.port}/graphql`

  return {
    url,
    world,
    endAll: handler.close,
    handler,
    /** Adds notifications to the inbox and publishes them to the user `ann`. */
    publish(...ids: string[]): void {
      world.inbox.push(...ids)
      feed.announce('ann')
    },
    /** Opens a stream. By default the user is `ann` and the operation subscribes to her notifications. */
    subscribe: (
      headers: Record<string, string> = { authorization: 'Bearer ann' },
      body = JSON.stringify({ query: SUBSCRIPTION }),
    ) => openStream(url, headers, body),
    async stop() {
      handler.close()
      notifications.close()
      await server.stop()
    },
  }
}

function pageOf(inbox: readonly string[], after: string | null, first: number) {
  const from = after === null ? inbox.length : Number(after)
  const found = inbox.slice(from, from + first)
  const events = found.map((id, index) => ({ id, position: `${from + index + 1}` }))
  return { events, end: events.at(-1)?.position ?? `${inbox.length}` }
}

async function openStream(url: string, headers: Record<string, string>, body: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    })
      .once('response', resolve)
      .once('error', reject)
      .end(body)
  })
  let text = ''
  let isOver = false
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  response.on('close', () => {
    isOver = true
  })
  response.on('error', () => {})
  return {
    response,
    text: () => text,
    isOver: () => isOver,
    ids: () => [...text.matchAll(/"notificationReceived":\{"id":"(\w+)"\}/g)].map(([, id]) => id),
    position: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
  }
}
