import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { operationText } from '../scripts/client/operations.ts'
import { type Person, signUp } from '../scripts/client/people.ts'
import { tusPatch } from '../scripts/client/tus.ts'
import { requestUpload } from '../scripts/client/uploads.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { BOTH_MODES, type Product, startProduct } from '../testing/product/product.ts'

// Much less than the idle timeout of a connection.
const ANSWERED_WITHIN_MS = 15_000
const RUNS = process.env.MOBLOG_TEST_BIG ? 300 : 15

type Route = { url: string; headers: Record<string, string> }

const part = (disposition: string, body: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ])

describe.each(BOTH_MODES)('a damaged or unusual upload, %s', (mode) => {
  let product: Product
  let mei: Person
  let photo: MediaFile
  beforeAll(async () => {
    product = await startProduct(mode)
    mei = await signUp(product.url, 'Mei')
    photo = await mediaFile('photo.jpg')
  })
  afterAll(() => product?.close())

  const errorLines = () =>
    product
      .programs()
      .flatMap((program) => program.output().split('\n'))
      .filter((line) => /"level":"?(50|60|error|fatal)/.test(line))

  /** Returns both addresses that accept a file in one request, with the headers that they require. */
  const routes = (multipartUrl: string): [Route, Route] => [
    { url: multipartUrl, headers: {} },
    {
      url: product.url,
      headers: { 'apollo-require-preflight': '1', authorization: `Bearer ${mei.accessToken}` },
    },
  ]

  const operations = (uploadId: string, key: string) =>
    part(
      'name="operations"',
      JSON.stringify({
        query: operationText('upload-media'),
        variables: { input: { uploadId, key, file: null } },
      }),
    )

  async function send(url: string, headers: Record<string, string>, body: Buffer) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
    })
    return { status: response.status, text: await response.text() }
  }

  it('gets a client error at once, at any place of the damage', async () => {
    const damage = fc.record({
      isAtGateway: fc.boolean(),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      inserted: fc.constantFrom('', '\r\n--b\r\nbad header\r\n\r\nx\r\n', '\r\n--b', '\r\n--b--\r\n', '\0'),
      keepsRest: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(damage, async ({ isAtGateway, at, inserted, keepsRest }) => {
        const { uploadSession, key, multipartUrl } = await requestUpload(mei, photo, { byteSize: 1_000_000 })
        const [own, gateway] = routes(multipartUrl)
        const route = isAtGateway ? gateway : own
        const whole = Buffer.concat([
          operations(uploadSession.id, key),
          part('name="map"', '{"0":["variables.input.file"]}'),
          part('name="0"; filename="a.jpg"', photo.bytes),
          Buffer.from('--b--\r\n'),
        ])
        const place = Math.floor(at * whole.length)
        const rest = keepsRest ? whole.subarray(place) : Buffer.alloc(0)
        const body = Buffer.concat([whole.subarray(0, place), Buffer.from(inserted), rest])
        const { status, text } = await send(route.url, route.headers, body)
        expect(status).toBeLessThan(500)
        expect(text).not.toContain('INTERNAL_SERVER_ERROR')
        await mei.client.ask('cancel-upload', { input: { uploadId: uploadSession.id } })
      }),
      { numRuns: RUNS },
    )
    expect(errorLines()).toEqual([])
  })

  it('gets a response at once if it maps files to unknown variables or maps missing files', async () => {
    const { uploadSession, key, multipartUrl } = await requestUpload(mei, photo)
    const maps = [
      '{"0":["variables.x"],"1":["variables.input.file"]}',
      '{"0":["variables.input.file"],"1":["variables.input.file"]}',
      '{"1":["variables.input.file"]}',
      '{"0":["variables.x"]}',
      '{"0":["variables.input.file","variables.input.key"]}',
    ]
    for (const { url, headers } of routes(multipartUrl)) {
      for (const sentKey of [key, 'x']) {
        for (const map of maps) {
          const body = Buffer.concat([
            operations(uploadSession.id, sentKey),
            part('name="map"', map),
            part('name="0"; filename="a"', '0123456789'),
            Buffer.from('--b--\r\n'),
          ])
          const { status, text } = await send(url, headers, body)
          expect({ map, status }).toEqual({ map, status: expect.any(Number) })
          expect(status).toBeLessThan(500)
          expect(text).not.toContain('INTERNAL_SERVER_ERROR')
        }
      }
    }
    expect(errorLines()).toEqual([])
  })

  it('causes no error in the log if the client disconnects', async () => {
    for (const { url, headers } of [0, 1, 2].flatMap(() =>
      routes(new URL('/uploads/graphql', product.addresses.storage).href),
    )) {
      const { uploadSession, key } = await requestUpload(mei, photo, { byteSize: 1_000_000 })
      const { hostname, port, pathname } = new URL(url)
      const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
      const lines = [
        `POST ${pathname} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: multipart/form-data; boundary=b',
        'Content-Length: 260000',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ]
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
      socket.write(operations(uploadSession.id, key))
      socket.write(part('name="map"', '{"0":["variables.input.file"]}'))
      socket.write(part('name="0"; filename="a"', Buffer.alloc(50_000)))
      await sleep(300)
      socket.destroy()
    }
    await sleep(500)
    expect(errorLines()).toEqual([])
  })

  it('by parallel PATCH requests is stored once, and displaced requests cause no error in the log', async () => {
    for (let round = 0; round < 4; round++) {
      const grant = await requestUpload(mei, photo)
      const answers = await Promise.allSettled(
        Array.from({ length: 8 }, () => tusPatch(grant, 0, photo.bytes)),
      )
      const statuses = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.status : 0))
      expect(statuses.filter((status) => status === 204).length).toBe(1)
      expect(statuses.every((status) => [0, 204, 409, 410, 403].includes(status))).toBe(true)
    }
    expect(errorLines()).toEqual([])
  })

  it('is refused if its HTTP framing or content encoding is invalid', async () => {
    const { uploadSession, key, tusUrl } = await requestUpload(mei, photo)
    const { hostname, port, pathname } = new URL(tusUrl)
    const ask = (head: string[], body = '') =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
        let answer = ''
        socket.on('data', (chunk) => {
          answer += chunk
        })
        socket.once('error', reject)
        socket.once('close', () => resolve(answer.split('\r\n')[0] ?? ''))
        socket.write(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`)
      })
    expect(await ask(['GET /livez HTTP/1.1', 'Host: a', 'Host: b'])).toContain(' 400 ')
    const patch = [
      `PATCH ${pathname} HTTP/1.1`,
      'Host: localhost',
      'Tus-Resumable: 1.0.0',
      `Authorization: Bearer ${key}`,
      'Upload-Offset: 0',
      'Content-Type: application/offset+octet-stream',
    ]
    expect(await ask([...patch, 'Transfer-Encoding: gzip, chunked'], '1\r\nx\r\n0\r\n\r\n')).toContain(
      ' 400 ',
    )
    expect(await ask([...patch, 'Content-Encoding: gzip', 'Content-Length: 1'], 'x')).toContain(' 415 ')
    const { uploadSession: now } = await mei.client.ask('upload-session', { id: uploadSession.id })
    expect(now?.receivedBytes).toBe(0)
  })

  it('succeeds with a multipart media type in another letter case', async () => {
    const { uploadSession, key, multipartUrl } = await requestUpload(mei, photo)
    const body = Buffer.concat([
      operations(uploadSession.id, key),
      part('name="map"', '{"0":["variables.input.file"]}'),
      part('name="0"; filename="a.jpg"', photo.bytes),
      Buffer.from('--b--\r\n'),
    ])
    const { text } = await send(multipartUrl, { 'content-type': 'MULTIPART/form-data; boundary=b' }, body)
    expect(text).toContain('UploadMediaPayload')
  })
})
