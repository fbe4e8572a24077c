import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something that stands in front of a service, passes everything on and remembers who asked. */
export type Recorder = {
  address: string
  /** The tokens that requests carried as `Authorization: Bearer`, oldest first. */
  tokens: string[]
  close(): Promise<void>
}

/** Stands in front of the service at an address. */
export async function recordRequestsTo(target: string): Promise<Recorder> {
  const tokens: string[] = []
  const server = createServer(async (request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (token) tokens.push(token)
    const answer = await passOn(target, request).catch(() => null)
    if (!answer) return void response.writeHead(502).end()
    const type = answer.headers.get('content-type') ?? 'application/json'
    response.writeHead(answer.status, { 'content-type': type })
    response.end(Buffer.from(await answer.arrayBuffer()))
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

async function passOn(target: string, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { authorization, 'content-type': type } = request.headers
  return fetch(target + request.url, {
    method: request.method ?? 'GET',
    headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
    ...(chunks.length > 0 && { body: new Uint8Array(Buffer.concat(chunks)) }),
  })
}
