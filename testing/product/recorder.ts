import { request as call, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy that forwards all requests to a service and records their tokens. */
export type Recorder = {
  address: string
  /** The tokens that requests carried as `Authorization: Bearer`, oldest first. */
  tokens: string[]
  close(): Promise<void>
}

/** Starts a proxy in front of the service at an address. It streams requests and responses, including endless ones. */
export async function recordRequestsTo(target: string): Promise<Recorder> {
  const tokens: string[] = []
  const server = createServer((request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (token) tokens.push(token)
    const { method, headers, url } = request
    const passedOn = call(target + url, { method: method ?? 'GET', headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('error', () => response.destroy()).pipe(response)
    })
    passedOn.on('error', () => response.destroy())
    response.on('close', () => passedOn.destroy())
    request.pipe(passedOn)
  })
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
