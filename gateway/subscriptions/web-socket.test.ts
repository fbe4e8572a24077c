import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { createSender } from './web-socket.ts'

const ANSWER = '漢'.repeat(10_000_000)

describe('an answer over a WebSocket whose client does not read', () => {
  let server: WebSocketServer
  let client: WebSocket
  let socket: WebSocket
  let request: IncomingMessage
  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    client.on('error', () => {})
    ;[socket, request] = await once(server, 'connection')
    if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
    client.pause()
  })
  afterEach(() => {
    client.terminate()
    server.close()
  })

  it('is counted in bytes, and no more messages of the client are read', () => {
    void createSender(socket)(ANSWER)
    expect(socket.bufferedAmount).toBeGreaterThan(Buffer.byteLength(ANSWER) / 2)
    expect(socket.isPaused).toBe(true)
  })

  it('is no failure if the server cuts the connection', async () => {
    const sent = createSender(socket)(ANSWER)
    request.socket.destroy()
    await expect(sent).resolves.toBeUndefined()
  })
})
