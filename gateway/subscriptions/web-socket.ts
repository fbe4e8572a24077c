import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { bodiesUnderWay } from '../../platform/http/read-body.ts'

/** How often a client is asked for a sign of life, and how long it may take to answer, in milliseconds. */
export type Heartbeat = { everyMs: number; withinMs: number }

// How much may wait for a slow client before its own messages are no longer read.
const MAX_WAITING = 64
const MAX_WAITING_BYTES = 1024 ** 2
const CLOSE_WITHIN_MS = 5_000
const MAX_REASON_BYTES = 123
// RFC 6455 §5.2: a control frame of a client has two bytes of header and four of mask.
const CONTROL_FRAME_BYTES = 6

/** Sends pings, and disconnects a client that does not answer one in time: it has gone, or does not read. */
export function keepAlive(socket: WebSocket, { everyMs, withinMs }: Heartbeat): void {
  let waiting: NodeJS.Timeout | undefined
  const beating = setInterval(() => {
    waiting ??= setTimeout(() => socket.terminate(), withinMs)
    socket.ping()
  }, everyMs)
  socket.on('pong', () => {
    clearTimeout(waiting)
    waiting = undefined
  })
  socket.once('close', () => {
    clearInterval(beating)
    clearTimeout(waiting)
  })
}

/** Counts incomplete messages in the budget for incomplete request bodies. */
export function holdInBudget(socket: WebSocket, connection: Duplex, address: string): void {
  const open = () => bodiesUnderWay.open(address, () => socket.terminate())
  let held = open()
  // First, because the library reports a complete message while it handles the bytes.
  connection.prependListener('data', (bytes: Buffer) => held.add(bytes.length))
  const forgetFrame = (data: Buffer) => held.add(-(data.length + CONTROL_FRAME_BYTES))
  socket.on('ping', forgetFrame).on('pong', forgetFrame)
  socket.on('message', () => {
    held.release()
    held = open()
  })
  socket.once('close', () => held.release())
}

/**
 * Creates the function that sends a message. It resolves when the message has left the process, so that a slow client
 * slows down its own streams.
 */
export function createSender(socket: WebSocket): (text: string) => Promise<void> {
  let waiting = 0
  const isBehind = () => waiting > MAX_WAITING || socket.bufferedAmount > MAX_WAITING_BYTES
  return (text) =>
    new Promise((resolve) => {
      if (socket.readyState !== WebSocket.OPEN) return resolve()
      waiting += 1
      // As bytes, because text takes more memory, and waits as a number of characters.
      socket.send(Buffer.from(text), { binary: false }, () => {
        waiting -= 1
        if (!isBehind() && socket.isPaused) socket.resume()
        // It fails only if the connection has ended, of which the socket tells by itself.
        resolve()
      })
      if (isBehind()) socket.pause()
    })
}

/** Closes a socket with a reason. A client that does not confirm it in time is disconnected. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_BYTES).toString())
  if (socket.isPaused) socket.resume()
  setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS).unref()
}
