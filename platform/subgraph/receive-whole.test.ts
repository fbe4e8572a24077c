import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { eventually } from '../../testing/eventually.ts'
import { type ReceiveOptions, receiveWhole } from './receive-whole.ts'

let server: Server
let pool: Pool

async function receive(answer: RequestListener, options?: ReceiveOptions) {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 })
  return receiveWhole(pool, { method: 'GET', path: '/' }, options)
}
afterEach(async () => {
  server.closeAllConnections()
  await pool.close()
  await new Promise((resolve) => server.close(resolve))
})

const endless: RequestListener = (_request, response) => {
  const write = () => {
    while (response.write(Buffer.alloc(1_000, 'x')));
    response.once('drain', write)
  }
  write()
}

describe('an answer that is received as a whole', () => {
  it('has its status and its bytes, however many parts it comes in', async () => {
    const answer = await receive((_request, response) => {
      response.writeHead(200)
      for (const letter of 'abc') response.write(letter.repeat(100_000))
      response.end()
    })
    expect([answer.status, answer.body.length]).toEqual([200, 300_000])
    expect(answer.body.toString()).toMatch(/^a+b+c+$/)
  })

  it('has only its status if it is another one than 200, however large it is', async () => {
    const answer = await receive(
      (_request, response) => void response.writeHead(503).end(Buffer.alloc(200_000)),
      { maxBytes: 50_000 },
    )
    expect([answer.status, answer.body.length]).toEqual([503, 0])
  })

  it('is given up when it becomes too large', async () => {
    let isOpen = true
    const received = receive(
      (request, response) => {
        request.socket.once('close', () => {
          isOpen = false
        })
        endless(request, response)
      },
      { maxBytes: 50_000 },
    )
    await expect(received).rejects.toMatchObject({ extensions: { code: 'OPERATION_TOO_COSTLY' } })
    await eventually(async () => !isOpen)
  })

  it.each([
    ['before it begins', 0],
    ['while it is received', 50],
  ])('is given up when its signal aborts %s', async (_when, afterMs) => {
    const giving = new AbortController()
    if (afterMs === 0) giving.abort(new Error('given up'))
    else setTimeout(() => giving.abort(new Error('given up')), afterMs)
    await expect(receive(endless, { signal: giving.signal })).rejects.toThrow('given up')
  })

  it.each([
    ['its signal aborts', () => ({ signal: AbortSignal.timeout(100) }), 'TimeoutError'],
    ['none becomes free in time', () => ({ waitMs: 100 }), 'ConnectTimeoutError'],
  ])('is given up while its request waits for a connection, if %s', async (_what, options, name) => {
    let requests = 0
    const slowly: RequestListener = (_request, response) => {
      requests += 1
      setTimeout(() => response.end(), 500)
    }
    const first = receive(slowly)
    await eventually(() => requests === 1)
    const startedAt = performance.now()
    await expect(receiveWhole(pool, { method: 'GET', path: '/' }, options())).rejects.toMatchObject({ name })
    expect(performance.now() - startedAt).toBeLessThan(400)
    expect((await first).status).toBe(200)
    expect((await receiveWhole(pool, { method: 'GET', path: '/' }, { waitMs: 100 })).status).toBe(200)
    expect(requests).toBe(2)
  })

  it('fails if the connection ends before it', async () => {
    const received = receive((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write('{}', () => response.destroy())
    })
    await expect(received).rejects.toThrow()
  })
})
