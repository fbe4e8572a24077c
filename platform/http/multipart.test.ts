import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { readMultipart } from './multipart.ts'
import { RefusedRequest } from './refused-request.ts'
import { endUnreadBody } from './unread-body.ts'

const part = (disposition: string, body: string) =>
  `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`
const PARTS = [
  // The first three are a complete request.
  part('name="operations"', '{"query":"{a}","variables":{"file":null}}'),
  part('name="map"', '{"0":["variables.file"]}'),
  part('name="0"; filename="x.txt"', 'content'),
  part('name="operations"', '{bad'),
  part('name="operations"; filename="x"', '{}'),
  part('name="map"', '{"0":["nowhere.file"]}'),
  '--b\r\nbad header',
  '--b--\r\n',
]

const answers: string[] = []
const faults: unknown[] = []
let server: Server

beforeAll(async () => {
  server = createServer((request, response) => {
    endUnreadBody(request, response)
    readMultipart(request, response).then(
      () => response.end('read'),
      (error) => {
        if (!(error instanceof RefusedRequest)) faults.push(error)
        response.end('refused')
      },
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('answers any sequence of parts that is cut off anywhere, without an unhandled parser error', async () => {
  const { port } = server.address() as AddressInfo
  const cutBody = fc
    .tuple(
      fc.oneof(
        fc.constant(PARTS.slice(0, 3)),
        fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 4 }),
      ),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([parts, kept]) => parts.join('').slice(0, Math.ceil(parts.join('').length * kept)))
  await fc.assert(
    fc.asyncProperty(cutBody, async (body) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body,
      })
      answers.push(await response.text())
    }),
    { numRuns: 200 },
  )
  expect(faults).toEqual([])
  expect(answers).toContain('refused')
  expect(answers).toContain('read')
})
