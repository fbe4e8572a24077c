import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type SendEnd, sendBytes } from './send-bytes.ts'

const text = Buffer.from('some bytes')

// In Node.js, tus-js-client sends buffers, and not what browsers send.
function partOf(bytes: Buffer, start: number, end: number): Blob {
  const part = bytes.subarray(start, end)
  return Object.assign(part, { size: part.length }) as unknown as Blob
}

let server: Server
let answer: RequestListener

/** Sends bytes to a server whose answers are those of a test. */
async function send(bytes: Buffer = text): Promise<SendEnd> {
  const { port } = server.address() as AddressInfo
  const source = {
    size: bytes.length,
    isOpenEnded: false,
    slice: async (start: number, end: number) => ({
      value: partOf(bytes, start, end),
      done: end >= bytes.length,
    }),
    whenWhole: async () => {},
  }
  const target = { tusUrl: `http://127.0.0.1:${port}/uploads/1`, key: 'k' }
  return sendBytes(target, source, () => {}, new AbortController().signal)
}

/** Answers as the upload server does if all is well, but in another way to one method. */
const other =
  (method: string, status: number, headers: Record<string, string>, body = ''): RequestListener =>
  (request, response) => {
    const tus = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'upload-length': `${text.length}` }
    request.resume().once('end', () => {
      if (request.method === method) response.writeHead(status, headers).end(body)
      else response.writeHead(200, tus).end()
    })
  }

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('an answer that is not from the upload server', () => {
  const HTML = { 'content-type': 'text/html' }
  it.each(
    ['HEAD', 'PATCH'].flatMap((method) =>
      [200, 204, 400, 401, 403, 404, 408, 409, 410, 413, 421, 425, 502].map(
        (status) => [method, status] as const,
      ),
    ),
  )('to %s with the status %i is an interruption', async (method, status) => {
    answer = other(method, status, HTML)
    expect(await send()).toEqual({ kind: 'INTERRUPTED', retryAfterSeconds: null })
  })

  it('says how long to wait', async () => {
    answer = other('PATCH', 425, { ...HTML, 'retry-after': '7' })
    expect(await send()).toEqual({ kind: 'INTERRUPTED', retryAfterSeconds: 7 })
  })
})

it('is sent in smaller parts if a proxy refuses large requests', async () => {
  const film = Buffer.alloc(3 * 1024 ** 2, 'film')
  const most = 1024 ** 2
  const received: Buffer[] = []
  const parts: number[] = []
  answer = async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    if (body.length > most) {
      response.writeHead(413, { 'content-type': 'text/html' }).end()
      return
    }
    if (request.method === 'PATCH') {
      received.push(body)
      parts.push(body.length)
    }
    const offset = received.reduce((sum, { length }) => sum + length, 0)
    const lengths = { 'upload-offset': `${offset}`, 'upload-length': `${film.length}` }
    response.writeHead(request.method === 'PATCH' ? 204 : 200, { 'tus-resumable': '1.0.0', ...lengths }).end()
  }
  const kinds: string[] = []
  while (kinds.at(-1) !== 'COMPLETE' && kinds.length < 8) kinds.push((await send(film)).kind)
  expect(kinds.at(-1)).toBe('COMPLETE')
  expect(Buffer.concat(received).equals(film)).toBe(true)
  expect(Math.max(...parts)).toBe(most)
})

describe('an answer of the upload server', () => {
  it.each([
    ['KEY_REFUSED', 401],
    ['GONE', 410],
    ['TAKES_NO_MORE', 409],
    ['TOO_LARGE', 413],
    ['REFUSED', 400],
  ])('means %s if its status is %i', async (kind, status) => {
    answer = other('PATCH', status, { 'tus-resumable': '1.0.0' }, '{"message":"No."}')
    expect(await send()).toMatchObject({ kind })
  })
})
