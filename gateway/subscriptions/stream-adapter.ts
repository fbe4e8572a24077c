import type { IncomingMessage } from 'node:http'
import type { EventStreamOptions } from './event-stream.ts'
import type { LiveSession } from './live-session.ts'
import type { ReportOperation } from './observe-operation.ts'

/** What each protocol needs to answer its clients with streams. */
export type StreamAdapter = {
  streams: EventStreamOptions
  /** Reports the operations of connections that carry several. */
  report: ReportOperation
  maxBodyBytes: number
  /** After this time, a client that does not read is disconnected, in milliseconds. */
  readWithinMs: number
  /** How often a stream without events sends something, in milliseconds. */
  heartbeatMs?: number
}

/** The client of one stream. */
export type StreamClient = {
  live: LiveSession
  /** Aborts when the client has disconnected, or the process is about to stop. */
  closed: AbortSignal
}

/** The interval of heartbeats, which is also that of graphql-sse. Proxies close connections without traffic. */
export const HEARTBEAT_MS = 12_000

/** Response headers against proxies that buffer or store a stream; the first one is for nginx. */
export const UNBUFFERED = { 'x-accel-buffering': 'no', 'cache-control': 'no-cache, no-transform' }

/** Returns the position after which a client continues an event stream (HTML Living Standard §9.2.4). */
export function lastEventId({ headers }: IncomingMessage): string | null {
  const value = headers['last-event-id']
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}
