import fc from 'fast-check'
import { operationNames, readOperation } from '../../schema/read-operation.ts'
import { type OperationSource, operationOf, randomSelections } from './random-operations.ts'

/** A request as it is written to a connection. */
export type RandomRequest = {
  method: string
  /** Path and query string. */
  path: string
  headers: Record<string, string>
  /** Latin-1: each character is a byte. */
  body: string | null
}

/** Real ids, tokens and paths, so that random requests pass the first check. */
export type RealThings = {
  sessionTokens: readonly string[]
  /** Ids of users, posts, media and uploads. */
  ids: readonly string[]
  uploads: readonly { path: string; key: string }[]
  /** Paths of media and pages with their tokens. */
  paths: readonly string[]
  operations: OperationSource
}

// These operations delete the account, end sessions or change the password that other requests need.
const NOT_SENT = /delete-account|sign-out|end-session|change-password/

/** Creates random requests to all addresses of the product: GraphQL, uploads, media and pages. */
export function randomRequests(real: RealThings): fc.Arbitrary<RandomRequest> {
  return fc.oneof(
    { weight: 6, arbitrary: graphqlRequests(real) },
    { weight: 2, arbitrary: tusRequests(real) },
    { weight: 1, arbitrary: multipartRequests(real) },
    { weight: 2, arbitrary: pathRequests(real) },
  )
}

const oddTexts = fc.oneof(
  fc.constantFrom(
    '',
    '\0',
    '-1',
    '0',
    '1e999',
    'null',
    '__proto__',
    '\ud800',
    '\ufeff',
    '%00',
    '../..',
    "' OR 1=1--",
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 1, max: 5_000 }).map((length) => 'x'.repeat(length)),
)
const oddValues = fc.oneof(
  oddTexts,
  fc.constantFrom(null, true, -1, 0.5, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e308),
  fc.array(fc.constantFrom(null, 1, 'a'), { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('id', 'input', '__proto__', 'length', 'toString'),
    fc.constantFrom(null, 1, 'a'),
  ),
)

/** Returns texts. Some are damaged: a part is cut out, repeated or replaced. */
function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const damage = fc.record({
    from: fc.nat({ max: 4_000 }),
    length: fc.nat({ max: 60 }),
    how: fc.oneof(
      { weight: 5, arbitrary: fc.constant('whole') },
      { weight: 1, arbitrary: fc.constantFrom('cut', 'twice', 'replaced', 'ended', 'wide') },
    ),
    other: oddTexts,
  })
  return fc.tuple(texts, damage).map(([text, { from, length, how, other }]) => {
    const start = text.length === 0 ? 0 : from % text.length
    const part = text.slice(start, start + length)
    const rest = text.slice(start + length)
    if (how === 'cut') return text.slice(0, start) + rest
    if (how === 'twice') return text.slice(0, start) + part + part + rest
    if (how === 'replaced') return text.slice(0, start) + other + rest
    if (how === 'ended') return text.slice(0, start)
    return how === 'wide' ? Buffer.from(text, 'utf16le').toString('latin1') : text
  })
}

function oddHeaders(real: RealThings): fc.Arbitrary<Record<string, string>> {
  const names = [
    'accept',
    'range',
    'if-range',
    'if-none-match',
    'origin',
    'forwarded',
    'x-forwarded-for',
    'prefer',
  ]
  const more = [
    'x-http-method-override',
    'accept-language',
    'last-event-id',
    'content-encoding',
    'expect',
    'te',
  ]
  const value = fc.oneof(
    oddTexts.map((text) =>
      Buffer.from(text)
        .toString('latin1')
        .replaceAll(/[^\x20-\x7e\x80-\xff]/g, ''),
    ),
    fc.constantFrom(
      'text/event-stream',
      '*/*',
      'bytes=0-',
      'bytes=5-1',
      'gzip',
      '100-continue',
      'for=unknown',
      'PATCH',
    ),
  )
  const authorization = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...real.sessionTokens).map((token) => `Bearer ${token}`) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('Bearer', 'Bearer a.b.c', 'Basic YTpi') },
  )
  return fc
    .tuple(
      fc.oneof(
        { weight: 2, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...names, ...more), value, { maxKeys: 2 }) },
      ),
      authorization,
    )
    .map(([headers, token]) => ({ ...headers, ...(token !== null && { authorization: token }) }))
}

function graphqlRequests(real: RealThings): fc.Arbitrary<RandomRequest> {
  const sent = operationNames().filter((name) => !NOT_SENT.test(name))
  const documents = fc.oneof(
    fc.integer().map((seed) => operationOf(randomSelections(real.operations, seed), seed % 2 === 0)),
    fc.constantFrom(...sent).map(readOperation),
  )
  const mostly = (likely: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 15, arbitrary: likely }, { weight: 1, arbitrary: oddValues })
  const ids = mostly(fc.constantFrom(...real.ids))
  const inputs = fc.record(
    {
      ...{ userId: ids, postId: ids, mediaId: ids, uploadId: ids, commentId: ids },
      mediaIds: mostly(fc.array(ids, { maxLength: 3 })),
      text: mostly(fc.constantFrom('Look!', 'x'.repeat(3_000))),
      audience: mostly(fc.constantFrom('PUBLIC', 'FRIENDS', 'ONLY_ME')),
      byteSize: mostly(fc.constantFrom(1, 9_000)),
      mimeType: mostly(fc.constantFrom('image/jpeg', 'video/mp4')),
      handle: oddValues,
    },
    { requiredKeys: [] },
  )
  // An input object may not have fields that its type does not define.
  const fewFields = fc
    .tuple(
      inputs,
      fc.subarray(['userId', 'postId', 'mediaId', 'uploadId', 'commentId', 'text'], { maxLength: 2 }),
    )
    .map(([input, names]) =>
      Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name as 'text'))),
    )
  const variables = mostly(
    fc.record({
      input: fc.oneof(fewFields, inputs),
      ...{ id: ids, handle: ids, query: mostly(fc.constant('mei')) },
      ...{ first: mostly(fc.constantFrom(1, 20)), after: mostly(fc.constant(null)) },
    }),
  )
  const payloads = fc.record({
    query: fc.oneof({ weight: 15, arbitrary: damaged(documents) }, { weight: 1, arbitrary: oddValues }),
    variables,
    operationName: mostly(fc.constant(null)),
    extensions: mostly(fc.constantFrom({}, { persistedQuery: { version: 1, sha256Hash: 'x' } }, null)),
  })
  const bodies = fc.oneof(
    { weight: 10, arbitrary: payloads.map((payload) => JSON.stringify(payload)) },
    { weight: 1, arbitrary: damaged(payloads.map((payload) => JSON.stringify(payload))) },
    { weight: 1, arbitrary: fc.array(payloads, { maxLength: 3 }).map((batch) => JSON.stringify(batch)) },
  )
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('application/graphql+json', 'text/plain', 'multipart/form-data', 'x'),
    },
  )
  const post = fc
    .tuple(
      bodies,
      type,
      oddHeaders(real),
      fc.oneof(
        { weight: 9, arbitrary: fc.constant('POST') },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'QUERY') },
      ),
    )
    .map(([body, contentType, headers, method]) => ({
      ...{ method, path: '/graphql', headers: { 'content-type': contentType, ...headers } },
      body: Buffer.from(body).toString('latin1'),
    }))
  const get = fc.tuple(payloads, oddHeaders(real)).map(([payload, headers]) => {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(payload)) {
      search.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
    const path = `/graphql?${search}`.slice(0, 8_000)
    return { method: 'GET', path, headers: { 'apollo-require-preflight': '1', ...headers }, body: null }
  })
  return fc.oneof({ weight: 4, arbitrary: post }, { weight: 1, arbitrary: get })
}

function tusRequests(real: RealThings): fc.Arbitrary<RandomRequest> {
  const numbers = fc.constantFrom('0', '1', '-1', '9007199254740993', 'NaN', '1e3', '', '0x10')
  return fc
    .record({
      upload: fc.constantFrom(...real.uploads),
      tail: fc.constantFrom('', '', '', '/', '/x', '%00', '?a=b'),
      method: fc.constantFrom('PATCH', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'GET', 'PUT'),
      headers: fc.record(
        {
          'tus-resumable': fc.constantFrom('1.0.0', '1.0.0', '0.2.2', ''),
          'content-type': fc.constantFrom('application/offset+octet-stream', 'application/json', ''),
          'upload-offset': numbers,
          'upload-length': numbers,
          'upload-defer-length': numbers,
          'upload-checksum': fc.constantFrom('sha1 AAAA', 'md5', 'sha256 !!!', 'crc32 AAAAAA=='),
          'upload-metadata': fc.constantFrom('filename d29ybGQ=', 'filename', 'a b c', ',,'),
        },
        { requiredKeys: [] },
      ),
      more: oddHeaders(real),
      hasKey: fc.boolean(),
      body: fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 200 })),
    })
    .map(({ upload, tail, method, headers, more, hasKey, body }) => ({
      method,
      path: `${upload.path}${tail}`,
      headers: { ...more, ...headers, ...(hasKey && { authorization: `Bearer ${upload.key}` }) },
      body: body === null ? null : Buffer.from(body).toString('latin1'),
    }))
}

function multipartRequests(real: RealThings): fc.Arbitrary<RandomRequest> {
  const part = fc.record({
    name: fc.constantFrom('operations', 'map', '0', '1', '', '__proto__'),
    fileName: fc.constantFrom(null, '', '\0', 'a.mp4', '"', 'x'.repeat(300)),
    type: fc.constantFrom(null, 'video/mp4', '', 'a/b; c'),
    content: fc.oneof(
      fc.constantFrom(
        '{"0":["variables.input.file"]}',
        '{"0":["__proto__.x"]}',
        '{"query":"{a}"}',
        '{',
        '[]',
        'null',
      ),
      fc.constantFrom(...real.uploads).map(({ key }) =>
        JSON.stringify({
          query: readOperation('upload-media'),
          variables: { input: { uploadId: real.ids[0], key, file: null } },
        }),
      ),
      oddTexts,
    ),
  })
  const text = fc.array(part, { maxLength: 5 }).map((parts) => {
    const lines = parts.flatMap(({ name, fileName, type, content }) => [
      '--boundary',
      `Content-Disposition: form-data; name="${name}"${fileName === null ? '' : `; filename="${fileName}"`}`,
      ...(type === null ? [] : [`Content-Type: ${type}`]),
      '',
      content,
    ])
    return `${[...lines, '--boundary--'].join('\r\n')}\r\n`
  })
  return fc
    .tuple(damaged(text), fc.constantFrom('/graphql', '/uploads/graphql'), oddHeaders(real))
    .map(([body, path, headers]) => ({
      ...{ method: 'POST', path, body: Buffer.from(body).toString('latin1') },
      headers: {
        'apollo-require-preflight': '1',
        ...headers,
        'content-type': 'multipart/form-data; boundary=boundary',
      },
    }))
}

function pathRequests(real: RealThings): fc.Arbitrary<RandomRequest> {
  const known = [
    '/',
    '/graphql/',
    '/livez',
    '/readyz',
    '/.well-known/jwks.json',
    '/m/',
    '/v/',
    '/uploads/',
    '/feeds/',
  ]
  const paths = damaged(fc.constantFrom(...known, ...real.paths)).map((path) =>
    // Encodes characters that Node's client refuses to send.
    `/${path}`
      .replace(/^\/+/, '/')
      .replaceAll(/[^\x21-\x7e]/g, (letter) => encodeURIComponent(letter.toWellFormed())),
  )
  return fc
    .tuple(
      paths,
      fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PATCH'),
      oddHeaders(real),
    )
    .map(([path, method, headers]) => ({ method, path: path.slice(0, 4_000), headers, body: null }))
}
