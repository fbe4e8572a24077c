import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The largest number of connections of a server, in total and per address. */
export type SocketLimits = {
  total: number
  perAddress: number
  /** How many bytes of answers may be in memory that clients have not taken yet. */
  unsentBytes?: number
}

type Entry = {
  address: string
  requests: Set<IncomingMessage>
  responses: Set<ServerResponse>
  /** Whether the connection has become a WebSocket. */
  isUpgraded: boolean
  bytesRead: number
  /** The time of the last received bytes or of the last completed response. */
  activeAt: number
}

const SAMPLE_MS = 1_000
// A connection can be closed for a new one if its request's body has not moved for STALLED_MS, or if it has had no
// request for IDLE_MS.
const STALLED_MS = 3_000
const IDLE_MS = 500
const MOST_BY_DEFAULT = 50_000
// What waits takes about twice as much memory, with the values that it was made from.
const UNSENT_BYTES = 128 * 1024 ** 2

/**
 * The largest number of connections of a process: half of the files that it may open. The other half is for files, the
 * database and other services.
 */
export function defaultMaxConnections(): number {
  return Math.min(MOST_BY_DEFAULT, Math.floor(maxOpenFiles() / 2))
}

/** The largest number of connections from one address. Behind a proxy, all connections have the proxy's address. */
export function addressShare(config: {
  MAX_CONNECTIONS?: number | undefined
  MAX_CONNECTIONS_PER_ADDRESS?: number | undefined
  TRUSTED_PROXIES: number
}): number {
  const total = config.MAX_CONNECTIONS ?? defaultMaxConnections()
  return config.MAX_CONNECTIONS_PER_ADDRESS ?? (config.TRUSTED_PROXIES > 0 ? total : Math.ceil(total / 2))
}

function maxOpenFiles(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? 2 * MOST_BY_DEFAULT : Number(soft)
  } catch {
    // Only Linux reports the limit here. On macOS the default is 256, which Node raises to the hard limit.
    return 10_240
  }
}

/**
 * Applies the limits to a server. A new connection beyond them replaces the connection that has been quiet for longest.
 * Connections without a request are replaced first, then those whose request's body has stalled, then those just
 * opened. If all connections are busy, the new one is closed.
 *
 * Answers that clients do not read are in memory. If there are too many, the address that holds most of them loses the
 * connection that holds most. Answers larger than the limit cannot be sent to a client that reads slowly.
 */
export function limitSockets(server: Server, limits: SocketLimits): void {
  const { unsentBytes: mostUnsent = UNSENT_BYTES } = limits
  const entries = new Map<Socket, Entry>()
  const counts = new Map<string, number>()

  const sample = () => {
    for (const [socket, entry] of entries) {
      if (socket.bytesRead === entry.bytesRead) continue
      entry.bytesRead = socket.bytesRead
      entry.activeAt = performance.now()
    }
  }
  const evict = (address: string | null) => {
    sample()
    const socket = quietest(entries, address)
    if (!socket) return false
    forget(socket)
    socket.destroy()
    return true
  }
  const count = (address: string, change: number) => {
    const left = (counts.get(address) ?? 0) + change
    if (left > 0) counts.set(address, left)
    else counts.delete(address)
  }

  const forget = (socket: Socket) => {
    const entry = entries.get(socket)
    if (entry && entries.delete(socket)) count(entry.address, -1)
  }

  const cutUnread = () => {
    const unsent = [...entries].map(([socket, entry]) => ({ socket, bytes: unsentBytes(socket, entry) }))
    let total = sum(unsent.map(({ bytes }) => bytes))
    if (total <= mostUnsent) return
    const held = new Map<string, number>()
    const addressOf = (socket: Socket) => entries.get(socket)?.address ?? ''
    const heldBy = (socket: Socket) => held.get(addressOf(socket)) ?? 0
    for (const { socket, bytes } of unsent) held.set(addressOf(socket), heldBy(socket) + bytes)
    unsent.sort((one, other) => heldBy(other.socket) - heldBy(one.socket) || other.bytes - one.bytes)
    for (const { socket, bytes } of unsent) {
      if (total <= mostUnsent) return
      total -= bytes
      forget(socket)
      socket.destroy()
    }
  }

  const sampling = setInterval(() => {
    sample()
    cutUnread()
  }, SAMPLE_MS).unref()
  server.once('close', () => clearInterval(sampling))
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const isOver = (counts.get(address) ?? 0) >= limits.perAddress
    if ((isOver && !evict(address)) || (entries.size >= limits.total && !evict(null))) {
      socket.destroy()
      return
    }
    entries.set(socket, {
      address,
      requests: new Set(),
      responses: new Set(),
      isUpgraded: false,
      bytesRead: 0,
      activeAt: performance.now(),
    })
    count(address, 1)
    socket.once('close', () => forget(socket))
  })
  server.on('upgrade', (request: IncomingMessage) => {
    const entry = entries.get(request.socket)
    if (entry) entry.isUpgraded = true
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const entry = entries.get(request.socket)
    if (!entry) return
    entry.requests.add(request)
    entry.responses.add(response)
    response.once('close', () => {
      entry.requests.delete(request)
      entry.responses.delete(response)
      entry.activeAt = performance.now()
    })
  })
}

/** Answers to pipelined requests wait for the one before them and are not in the buffer of the connection yet. */
function unsentBytes(socket: Socket, { responses }: Entry): number {
  const waiting = [...responses].filter((response) => response.socket === null)
  return socket.writableLength + sum(waiting.map(({ writableLength }) => writableLength))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function quietest(entries: ReadonlyMap<Socket, Entry>, address: string | null): Socket | null {
  const now = performance.now()
  let chosen: { socket: Socket; rank: number; activeAt: number } | null = null
  for (const [socket, entry] of entries) {
    if (address !== null && entry.address !== address) continue
    const rank = rankOf(entry, now)
    if (rank === null) continue
    const isBetter =
      !chosen || rank < chosen.rank || (rank === chosen.rank && entry.activeAt < chosen.activeAt)
    if (isBetter) chosen = { socket, rank, activeAt: entry.activeAt }
  }
  return chosen?.socket ?? null
}

/** The order in which connections are replaced, lowest first; null if the connection is in use. */
function rankOf({ requests, isUpgraded, activeAt }: Entry, now: number): number | null {
  // Heartbeats find out whether a WebSocket is still in use.
  if (isUpgraded) return null
  const quietMs = now - activeAt
  // A connection that was just opened probably sends its request soon.
  if (requests.size === 0) return quietMs > IDLE_MS ? 0 : 2
  const isReceiving = [...requests].every(({ complete }) => !complete)
  return isReceiving && quietMs > STALLED_MS ? 1 : null
}
