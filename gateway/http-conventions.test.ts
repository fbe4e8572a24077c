import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { brotliDecompressSync, gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib'
import { startTestGateway, type TestGateway } from '../testing/gateway/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.stop())

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

// fetch decodes answers and adds headers of its own.
function send(method: string, path: string, headers: Record<string, string>, body?: string | Buffer) {
  return new Promise<Answer>((resolve, reject) => {
    const { port } = gateway
    const call = httpRequest({ host: '127.0.0.1', port, method, path, headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const { statusCode = 0, headers } = response
      resolve({ status: statusCode, headers, body: Buffer.concat(chunks) })
    })
    call.once('error', reject)
    call.end(body)
  })
}
const post = (query: string, headers: Record<string, string> = {}) =>
  send('POST', '/graphql', { 'content-type': 'application/json', ...headers }, JSON.stringify({ query }))
const codeIn = ({ body }: Answer) => JSON.parse(body.toString()).errors[0].extensions.code

const LARGE = '{ __schema { types { name description } } }'
const SMALL = '{ __typename }'

describe('a request for a stream', () => {
  const MUTATION = 'mutation { signOut { __typename } }'
  const stream = { accept: 'text/event-stream' }

  it.each([
    ['', ''],
    ['before a second question mark', '?x'],
    ['before another query', `&query=${encodeURIComponent(SMALL)}`],
    [
      'before another one with a name',
      `&operationName=A&query=${encodeURIComponent('query A { __typename }')}`,
    ],
  ])('with GET runs no mutation %s', async (_where, rest) => {
    for (const headers of [stream, { accept: 'application/json, text/event-stream' }]) {
      const { body } = await send('GET', `/graphql?query=${encodeURIComponent(MUTATION)}${rest}`, headers)
      expect(body.toString()).not.toContain('signOut')
    }
  })

  it.each([
    'text/plain',
    'text/plain; x=application/json',
    'application/x-www-form-urlencoded;application/json',
  ])('is refused if its content type is %s, which needs no preflight request', async (type) => {
    for (const path of ['/graphql', '/graphql?token=any']) {
      const answer = await send(
        'POST',
        path,
        { ...stream, 'content-type': type },
        JSON.stringify({ query: MUTATION }),
      )
      expect([path, answer.status, codeIn(answer)]).toEqual([path, 415, 'BAD_REQUEST'])
    }
  })

  it.each([
    ['text/event-stream;q=0, application/json', 'application/json; charset=utf-8'],
    ['application/json;q=0, text/event-stream', 'text/event-stream; charset=utf-8'],
    ['text/event-stream;q=0.5, application/json', 'text/event-stream; charset=utf-8'],
  ])('is recognized by what its client accepts: %s', async (accept, type) => {
    expect((await post(SMALL, { accept })).headers['content-type']).toBe(type)
  })
})

describe('a response of more than a kilobyte', () => {
  const plain = async () => (await post(LARGE)).body.toString()

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompressSync],
  ])('is compressed with %s', async (coding, decode) => {
    const { headers, body } = await post(LARGE, { 'accept-encoding': coding })
    expect(headers['content-encoding']).toBe(coding)
    expect(headers.vary).toMatch('accept-encoding')
    expect(Number(headers['content-length'])).toBe(body.length)
    const text = await plain()
    expect(decode(body).toString()).toBe(text)
    expect(body.length).toBeLessThan(text.length / 3)
  })

  it.each([
    ['gzip;q=0.5, br;q=0.9, zstd;q=0.1', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'zstd'],
    ['zstd;q=0, br;q=0, *', 'gzip'],
    ['*;q=0', undefined],
    ['gzip;q=0', undefined],
    ['deflate', undefined],
    ['identity', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['', undefined],
  ])('is sent for "accept-encoding: %s" with the coding %s', async (header, coding) => {
    const { headers, body } = await post(LARGE, { 'accept-encoding': header })
    expect(headers['content-encoding']).toBe(coding)
    if (coding === undefined) expect(body.toString()).toBe(await plain())
  })

  it('is marked as dependent on the header if it is not compressed', async () => {
    expect((await post(LARGE)).headers.vary).toMatch('accept-encoding')
  })
})

it('a small response and an event stream are not compressed', async () => {
  const small = await post(SMALL, { 'accept-encoding': 'gzip, br, zstd' })
  expect(small.headers['content-encoding']).toBeUndefined()
  const stream = await post(LARGE, { 'accept-encoding': 'gzip', accept: 'text/event-stream' })
  expect(stream.headers['content-encoding']).not.toMatch(/gzip|br|zstd/)
  expect(stream.body.toString()).toMatch('event: next')
})

describe('a page of another origin', () => {
  it('may send the headers that it asks for', async () => {
    const { status, headers } = await send('OPTIONS', '/graphql', {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-client-version',
    })
    expect(status).toBe(204)
    expect(headers['access-control-allow-headers']).toBe('authorization,x-client-version')
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers.vary).toMatch('access-control-request-headers')
  })

  it('may read the headers of a response that clients need', async () => {
    const { headers } = await post(SMALL, { origin: 'https://app.example' })
    expect(headers['access-control-expose-headers']?.split(', ')).toEqual(
      expect.arrayContaining(['date', 'retry-after', 'x-request-id']),
    )
  })
})

describe('a query with GET', () => {
  const path = `/graphql?query=${encodeURIComponent(SMALL)}`

  it('is refused without a header that needs a preflight request', async () => {
    expect((await send('GET', path, {})).status).toBe(400)
  })

  it.each(['apollo-require-preflight', 'graphql-require-preflight'])('is answered with %s', async (name) => {
    expect((await send('GET', path, { [name]: '1' })).status).toBe(200)
  })

  it('is authenticated if it has the header "authorization"', async () => {
    const answer = await send('GET', path, { authorization: 'Bearer nonsense' })
    expect([answer.status, codeIn(answer)]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('is answered at an address that ends in a slash', async () => {
    const answer = await send('GET', path.replace('?', '/?'), { 'apollo-require-preflight': '1' })
    expect(answer.status).toBe(200)
  })
})

test('parameters of a GET request without a value count as not sent', async () => {
  const query = encodeURIComponent('query A { __typename }')
  const path = `/graphql?operationName=&variables=&extensions=&query=${query}`
  for (const accept of ['application/json', 'text/event-stream']) {
    const answer = await send('GET', path, { accept, 'apollo-require-preflight': '1' })
    expect([answer.status, answer.body.includes('"__typename":"Query"')]).toEqual([200, true])
  }
})

describe('a wrong operation name', () => {
  const query = 'query A { __typename }'

  it.each([
    ['POST', '/graphql', { 'content-type': 'application/json' }, { query, operationName: 'B' }],
    [
      'GET',
      `/graphql?operationName=B&query=${encodeURIComponent(query)}`,
      { 'apollo-require-preflight': '1' },
      undefined,
    ],
  ])('gets 400 with %s', async (method, path, headers: Record<string, string>, body) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await send(method, path, { ...headers, accept }, body && JSON.stringify(body))
      expect([answer.status, codeIn(answer)]).toEqual([400, 'OPERATION_RESOLUTION_FAILURE'])
    }
  })
})

describe('a body that the gateway cannot read', () => {
  const body = JSON.stringify({ query: SMALL })

  it.each([
    ['the content type text/plain', { 'content-type': 'text/plain' }, body],
    ['the content type of a form', { 'content-type': 'application/x-www-form-urlencoded' }, body],
    ['no content type', {}, body],
    ['an unsupported charset', { 'content-type': 'application/json; charset=utf-16' }, body],
    [
      'a content encoding',
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      gzipSync(body),
    ],
  ])('gets 415 with a GraphQL error for %s', async (_what, headers: Record<string, string>, sent) => {
    const answer = await send('POST', '/graphql', headers, sent)
    expect([answer.status, codeIn(answer)]).toEqual([415, 'BAD_REQUEST'])
    expect(answer.headers['content-type']).toMatch('application/json')
  })

  it('gets the error in the media type that the client accepts', async () => {
    const accept = 'application/graphql-response+json'
    const { headers } = await send('POST', '/graphql', { 'content-type': 'text/plain', accept }, body)
    expect(headers['content-type']).toMatch(accept)
  })
})

describe('the media type of a response', () => {
  const JSON_TYPE = 'application/json; charset=utf-8'
  const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8'

  it.each([
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['application/graphql-response+json', GRAPHQL_TYPE],
    ['application/json;q=0.9, application/graphql-response+json', GRAPHQL_TYPE],
    ['application/graphql-response+json;q=0.5, application/json', JSON_TYPE],
    ['application/json;q=0, */*', GRAPHQL_TYPE],
    ['multipart/mixed, application/graphql-response+json; charset=utf-8', GRAPHQL_TYPE],
  ])('for "accept: %s" is %s', async (accept, type) => {
    const { status, headers } = await post(SMALL, { accept })
    expect([status, headers['content-type']]).toEqual([200, type])
    expect(headers.vary).toMatch(/accept(,|$)/)
  })

  it.each(['text/plain', 'image/png, text/html', 'application/json;q=0'])(
    'for "accept: %s" is not available, so the operation is not executed',
    async (accept) => {
      const answer = await post('mutation { signOut { __typename } }', { accept })
      expect([answer.status, codeIn(answer)]).toEqual([406, 'BAD_REQUEST'])
    },
  )

  it.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
    ['*/*', 400],
  ])('decides the status of an invalid document: %s gets %i', async (accept, status) => {
    for (const query of ['{', '{ shoeSize }', 'query ($id: ID!) { user(id: $id) { id } }']) {
      expect((await post(query, { accept })).status).toBe(status)
    }
  })
})
