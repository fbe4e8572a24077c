import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '../../testing/eventually.ts'
import { createPace, writeEvents } from './paced-events.ts'

it('events that wait for their client count as the bytes that they take', async () => {
  const text = `event: next\ndata: ${'語'.repeat(8_000_000)}\n\n`
  let answer: ServerResponse | null = null
  const closing = new AbortController()
  const server = createServer((_request, response) => {
    answer = response
    const events = (async function* () {
      yield text
      await new Promise((resolve) => closing.signal.addEventListener('abort', resolve))
    })()
    void writeEvents(response, events, { pace: createPace(), signal: closing.signal, withinMs: 60_000 })
  })
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  // Nothing reads the body.
  const client = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }, () => {})
  await eventually(() => (answer?.socket?.writableLength ?? 0) >= 3 * 8_000_000, 5_000)
  closing.abort()
  client.destroy()
  server.close()
})
