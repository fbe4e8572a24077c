import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { Upload } from 'graphql-upload-minimal'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

let clips: Awaited<ReturnType<typeof openClips>>
let storage: TestStorage
let photo: Buffer
const alice = newId()

const UPLOAD_MEDIA = `mutation Upload($input: UploadMediaInput!) {
  uploadMedia(input: $input) {
    __typename
    ... on UploadMediaPayload { uploadSession { id state receivedBytes } media { id kind sha256 mimeType } }
    ... on Failure { code message }
    ... on InvalidInput { field }
  }
}`

beforeAll(async () => {
  clips = await openClips()
  photo = await clips.bytes('photo.jpg')
  storage = await startTestStorage({ STORAGE_MAX_MULTIPART: '200KiB' })
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

type Parts = { input: Record<string, unknown>; bytes?: Uint8Array | null; query?: string; map?: string }

async function send(
  { input, bytes = photo, query = UPLOAD_MEDIA, map = '{"0":["variables.input.file"]}' }: Parts,
  to: TestStorage = storage,
) {
  const variant = new FormData()
  variant.append('operations', JSON.stringify({ query, variables: { input: { ...input, file: null } } }))
  variant.append('map', map)
  if (bytes) variant.append('0', new Blob([new Uint8Array(bytes)]), 'a.exe')
  const response = await fetch(`${to.address()}/uploads/graphql`, { method: 'POST', body: variant })
  return {
    status: response.status,
    body: (await response.json()) as { data?: { uploadMedia?: unknown }; errors?: object[] },
  }
}

const open = async (announced: Parameters<TestStorage['openUpload']>[1] = {}) => {
  const { uploadId, key, keyId } = await storage.openUpload(alice, {
    byteSize: photo.length,
    mimeType: 'image/jpeg',
    ...announced,
  })
  return { input: { uploadId, key }, keyId }
}

const outcome = async (parts: Parts) => (await send(parts)).body.data?.uploadMedia

/** Begins to send the photo, and then sends nothing more. Resolves when the first bytes have arrived. */
async function stall({ uploadId, key }: { uploadId: string; key: string }) {
  const operations = JSON.stringify({
    query: UPLOAD_MEDIA,
    variables: { input: { uploadId, key, file: null } },
  })
  const part = (head: string, content: string) =>
    `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}`
  const stalled = request(`${storage.address()}/uploads/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  })
  const answer = once(stalled, 'response').then(async ([response]) =>
    JSON.parse(`${Buffer.concat(await response.toArray())}`),
  )
  stalled.on('error', () => {})
  stalled.write(part('name="operations"', `${operations}\r\n`))
  stalled.write(part('name="map"', '{"0":["variables.input.file"]}\r\n'))
  stalled.write(part('name="0"; filename="a"\r\nContent-Type: image/jpeg', ''))
  stalled.write(photo.subarray(0, 1_000))
  await eventually(async () => (await storage.session(alice, uploadId)).receivedBytes > 0)
  return { answer }
}

describe('uploadMedia', () => {
  it('stores a file and answers after its verification', async () => {
    const { input } = await open()
    expect(await outcome({ input })).toEqual({
      __typename: 'UploadMediaPayload',
      uploadSession: { id: input.uploadId, state: 'COMPLETED', receivedBytes: photo.length },
      media: {
        id: expect.any(String),
        kind: 'IMAGE',
        mimeType: 'image/jpeg',
        sha256: createHash('sha256').update(photo).digest('hex'),
      },
    })
  })

  it('accepts a file whose request the gateway has already parsed', async () => {
    const { input } = await open()
    const file = new Upload()
    const bytes = {
      createReadStream: () => Readable.from([photo]),
      filename: 'x',
      mimetype: '',
      encoding: '',
    }
    Object.assign(file, { promise: Promise.resolve(bytes) })
    const { uploadMedia } = await storage.ask(UPLOAD_MEDIA, { input: { ...input, file } }, alice)
    expect(uploadMedia.uploadSession.state).toBe('COMPLETED')
  })

  it('accepts only one file per upload key', async () => {
    const { input } = await open()
    await send({ input })
    expect(await outcome({ input })).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it('passes from a stalled connection to the next request immediately', async () => {
    const upload = await storage.openUpload(alice, { byteSize: photo.length, mimeType: 'image/jpeg' })
    const stalled = [await stall(upload), await stall(upload)].map(({ answer }) => answer)
    expect((await tus('HEAD', upload)).headers.get('upload-offset')).toBe('0')
    stalled.push((await stall(upload)).answer)
    const input = { uploadId: upload.uploadId, key: upload.key }
    expect(await outcome({ input })).toMatchObject({ __typename: 'UploadMediaPayload' })
    for (const answer of await Promise.all(stalled)) {
      expect(answer.data.uploadMedia).toMatchObject({ __typename: 'InvalidInput', field: 'input.file' })
    }
  }, 10_000)

  it('returns the failure code of a rejected file', async () => {
    const text = Buffer.from('only text')
    const { input: asText } = await open({ byteSize: text.length })
    expect(await outcome({ input: asText, bytes: text })).toMatchObject({ code: 'UNSUPPORTED_MEDIA' })
    const { input: other } = await open({ sha256: 'a'.repeat(64) })
    expect(await outcome({ input: other })).toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    const { input: less } = await open({ byteSize: photo.length + 1 })
    expect(await outcome({ input: less })).toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    expect(await storage.uploadFiles()).toEqual([])
  })

  it('refuses more bytes than announced and keeps the upload open', async () => {
    const { input } = await open({ byteSize: photo.length - 1 })
    expect(await outcome({ input })).toMatchObject({ __typename: 'RequestFailed', code: 'TOO_LARGE' })
    expect(await storage.session(alice, input.uploadId)).toMatchObject({
      state: 'REQUESTED',
      receivedBytes: 0,
    })
  })

  it('refuses files that are too large for one request, by announced size and by bytes received', async () => {
    const { input } = await open({ byteSize: 300 * 1024 })
    expect(await outcome({ input, bytes: Buffer.alloc(300 * 1024) })).toMatchObject({ code: 'TOO_LARGE' })
    const { input: live } = await open({ byteSize: null })
    expect(await outcome({ input: live, bytes: Buffer.alloc(300 * 1024) })).toMatchObject({
      code: 'TOO_LARGE',
    })
    expect((await send({ input, bytes: Buffer.alloc(2 * 1024 ** 2) })).status).toBe(413)
  })

  it('answers EXPIRED to an expired upload key and NOT_ALLOWED to a wrong one', async () => {
    const { input, keyId } = await open()
    const claims = { sub: alice, upload: input.uploadId, jti: keyId }
    const old = await storage.uploadKey({ ...claims, exp: Math.floor(Date.now() / 1000) - 5 })
    expect(await outcome({ input: { ...input, key: old } })).toMatchObject({ code: 'EXPIRED' })
    expect(await outcome({ input: { ...input, key: 'wrong' } })).toMatchObject({ code: 'NOT_ALLOWED' })
    const { input: another } = await open()
    expect(await outcome({ input: { ...input, key: another.key } })).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it('names the invalid field', async () => {
    const { input } = await open()
    expect(await outcome({ input: { ...input, uploadId: 'x' } })).toMatchObject({ field: 'input.uploadId' })
    expect(await outcome({ input, bytes: null })).toMatchObject({ field: 'input.file' })
  })
})

describe('the multipart address', () => {
  it.each([
    ['a query', '{ __typename }'],
    ['two fields', `mutation { __typename a: uploadMedia(input: {}) { __typename } }`],
    ['another mutation', 'mutation D($input: MediaIdInput!) { deleteMedia(input: $input) { __typename } }'],
    ['a fragment', 'mutation { ...F } fragment F on Mutation { deleteMedia(input: {}) { __typename } }'],
    ['no GraphQL', 'nonsense {'],
  ])('refuses %s', async (_name, query) => {
    const { input } = await open()
    expect(await send({ input, query })).toMatchObject({ status: 403 })
  })

  it('refuses requests that are not multipart requests', async () => {
    const address = `${storage.address()}/uploads/graphql`
    const json = { 'content-type': 'application/json' }
    const answers = await Promise.all([
      fetch(address),
      fetch(address, { method: 'POST', headers: json, body: '{}' }),
      fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: '',
      }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([405, 415, 400])
    expect(await send({ input: {}, map: 'nonsense' })).toMatchObject({ status: 400 })
  })

  it.each([
    ['an unknown field', { zz: 1 }, {}],
    ['an unknown field whose name looks like the end of a value', { 'z;z': 1 }, {}],
    ['a file in the place of the key', {}, { map: '{"0":["variables.input.key"]}' }],
    ['a list in the place of the id', { uploadId: [1] }, {}],
  ])('answers %s with a request id and without the values of the client', async (_name, more, parts) => {
    const { input } = await open()
    const { status, body } = await send({ input: { ...input, ...more }, ...parts })
    expect([status, Object.keys(body)]).toEqual([200, ['errors']])
    const { errors = [] } = body
    expect(errors).not.toEqual([])
    for (const error of errors) {
      expect(error).toEqual({
        message: expect.stringMatching(/^Variable "\$input" got an invalid value/),
        locations: [expect.any(Object)],
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      })
    }
    const answer = JSON.stringify(body)
    for (const hidden of [input.key, input.uploadId, 'createReadStream', 'promise'])
      expect(answer).not.toContain(hidden)
  })

  it('suggests no names from the schema in production', async () => {
    const query = UPLOAD_MEDIA.replace('receivedBytes', 'receivedByte')
    const { input } = await open()
    const elsewhere = (await send({ input, query })).body
    expect(JSON.stringify(elsewhere)).toContain('Did you mean')
    const production = await startTestStorage({ NODE_ENV: 'production', ALLOW_BUNDLED_FFMPEG: 'true' })
    try {
      const { body } = await send({ input, query }, production)
      expect(body).toMatchObject({
        errors: [{ message: 'Cannot query field "receivedByte" on type "UploadSession".' }],
      })
    } finally {
      await production.stop()
    }
  })
})
