import { Upload as TusUpload } from 'tus-js-client'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import {
  patch,
  startTestStorage,
  type TusUpload as Target,
  type TestStorage,
  tus,
} from '../../../testing/storage/storage.ts'

let storage: TestStorage
let film: Buffer
const alice = newId()

beforeAll(async () => {
  const clips = await openClips()
  film = await clips.bytes('film.mp4')
  await clips.remove()
  storage = await startTestStorage()
})

afterAll(() => storage.stop())

const open = (byteSize: number | null = film.length) => storage.openUpload(alice, { byteSize })
const stateOf = async (uploadId: string) => (await storage.session(alice, uploadId)).state

/** Sends a request with exactly these headers and the key. */
const send = ({ url, key }: Target, method: string, headers: Record<string, string> = {}, body?: Buffer) =>
  fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body && { body: new Uint8Array(body) }),
  })
const CHUNK = {
  'tus-resumable': '1.0.0',
  'upload-offset': '0',
  'content-type': 'application/offset+octet-stream',
}

describe('X-HTTP-Method-Override', () => {
  it('allows tus-js-client to send with POST only', async () => {
    const upload = await open()
    const methods: string[] = []
    await new Promise<void>((resolve, reject) => {
      new TusUpload(film, {
        uploadUrl: upload.url,
        headers: { authorization: `Bearer ${upload.key}` },
        overridePatchMethod: true,
        addRequestId: true,
        chunkSize: 10_000,
        retryDelays: [],
        onBeforeRequest: (request) => void methods.push(request.getMethod()),
        onSuccess: () => resolve(),
        onError: reject,
      }).start()
    })
    expect(new Set(methods)).toEqual(new Set(['HEAD', 'POST']))
    await eventually(async () => (await stateOf(upload.uploadId)) === 'COMPLETED', 60_000)
  })

  it('turns a POST into a DELETE or a HEAD, regardless of case', async () => {
    const upload = await open()
    await patch(upload, 0, film.subarray(0, 100))
    const version = { 'tus-resumable': '1.0.0' }
    const head = await send(upload, 'POST', { ...version, 'x-http-method-override': 'head' })
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '100'])
    const end = await send(upload, 'POST', { ...version, 'x-http-method-override': 'DELETE' })
    expect(end.status).toBe(204)
    expect(await stateOf(upload.uploadId)).toBe('CANCELLED')
  })

  it.each([
    ['GET', 'DELETE', 405],
    ['HEAD', 'DELETE', 200],
    ['PUT', 'PATCH', 405],
    ['POST', 'GET', 405],
    ['POST', 'TRACE', 405],
    ['POST', '', 405],
  ])('has no effect on a %s request that names %p', async (method, override, status) => {
    const upload = await open()
    const headers = { ...CHUNK, 'x-http-method-override': override }
    expect((await send(upload, method, headers)).status).toBe(status)
    expect(await stateOf(upload.uploadId)).toBe('REQUESTED')
    await tus('DELETE', upload)
  })
})

describe('a page of another origin', () => {
  it.each([
    // tus-js-client with all its options, and Uppy, which is based on it.
    'authorization,content-type,tus-resumable,upload-offset,x-http-method-override,x-request-id',
    'tus-resumable,upload-defer-length,upload-length,upload-metadata,upload-concat,x-requested-with',
    'upload-complete,upload-draft-interop-version,upload-checksum',
    // Headers that instrumentation adds.
    'traceparent,tracestate,baggage',
  ])('may send %s', async (names) => {
    for (const address of ['/uploads', '/uploads/', `/uploads/${newId()}`, '/uploads/graphql']) {
      const { status, headers } = await fetch(`${storage.address()}${address}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': names,
        },
      })
      expect(status).toBe(204)
      expect(headers.get('access-control-allow-origin')).toBe('*')
      const allowed = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(', ')
      expect(allowed).toEqual(expect.arrayContaining([...names.split(','), '*']))
    }
  })

  it('may send POST instead of PATCH and read the headers that tus clients need', async () => {
    const upload = await open()
    const { headers } = await send(upload, 'OPTIONS')
    expect(headers.get('access-control-allow-methods')?.split(', ')).toEqual(
      expect.arrayContaining(['PATCH', 'POST', 'HEAD', 'DELETE']),
    )
    const exposed = (await tus('HEAD', upload)).headers.get('access-control-expose-headers')?.split(', ')
    expect(exposed).toEqual(
      expect.arrayContaining([
        'Location',
        'Upload-Offset',
        'Upload-Length',
        'Upload-Defer-Length',
        'Upload-Metadata',
        'Upload-Expires',
        'Tus-Version',
        'Tus-Extension',
        'Tus-Max-Size',
        'Retry-After',
      ]),
    )
  })
})

describe('the protocol version', () => {
  it.each(['HEAD', 'PATCH', 'DELETE'])('is required for %s', async (method) => {
    const upload = await open()
    for (const version of [{ 'tus-resumable': '0.2.2' }, { 'tus-resumable': '' }]) {
      const answer = await send(upload, method, { ...CHUNK, ...version })
      expect(answer.status).toBe(412)
      expect(answer.headers.get('tus-version')).toBe('1.0.0')
      expect(answer.headers.get('tus-resumable')).toBe('1.0.0')
    }
    expect(await stateOf(upload.uploadId)).toBe('REQUESTED')
  })

  it('is required to create an upload', async () => {
    const upload = await open()
    const answer = await send({ ...upload, url: `${storage.address()}/uploads` }, 'POST', {
      'upload-length': `${film.length}`,
    })
    expect(answer.status).toBe(412)
    expect(answer.headers.get('tus-version')).toBe('1.0.0')
  })
})

describe('the length of an upload', () => {
  it('may be repeated but not changed', async () => {
    const upload = await open()
    const length = (size: number) => ({ 'upload-length': `${size}` })
    expect((await patch(upload, 0, film.subarray(0, 9), length(film.length))).status).toBe(204)
    const other = await patch(upload, 9, film.subarray(9), length(film.length + 1))
    expect(other.status).toBe(400)
    expect(await other.text()).toContain(`${film.length}`)
    expect((await patch(upload, 9, film.subarray(9), length(film.length))).status).toBe(204)
  })

  it('cannot be smaller than the current offset', async () => {
    const upload = await open(null)
    await patch(upload, 0, film.subarray(0, 100))
    const answer = await patch(upload, 100, Buffer.alloc(0), { 'upload-length': '99' })
    expect(answer.status).toBe(400)
    expect((await tus('HEAD', upload)).headers.get('upload-defer-length')).toBe('1')
  })

  it('has the limit that OPTIONS returns', async () => {
    const { headers } = await send(await open(), 'OPTIONS')
    expect(headers.get('tus-max-size')).toBe(`${4 * 1024 ** 3}`)
  })
})
