import { bareAddress } from '../scripts/client/media-address.ts'
import { type MediaAccess, newestAccess, publish } from '../scripts/client/moblogs.ts'
import { befriend, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { type Fetched, fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('delivery of a media file over HTTP, %s', (mode) => {
  let product: Product
  let film: Fetched
  let access: MediaAccess
  let size: number

  beforeAll(async () => {
    product = await startProduct(mode)
    const [mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    const { id } = await uploadByTus(mei, await mediaFile('clip.mp4'))
    await publish(mei, { mediaIds: [id] })
    access = await newestAccess(jun.client, mei)
    // The copy that a friend receives. It does not change any more.
    film = await fetchBytes(access.url)
    size = film.bytes.length
  })
  afterAll(() => product?.close())

  const get = (headers: Record<string, string>, method = 'GET') => fetchBytes(access.url, { method, headers })

  it('accepts the token in the address or in the Authorization header', async () => {
    const byBearer = await fetchBytes(bareAddress(access.url), {
      headers: { authorization: `Bearer ${access.token}` },
    })
    expect(byBearer).toMatchObject({ status: 200, sha256: film.sha256 })
    expect(await fetchBytes(access.url)).toMatchObject({ status: 200, sha256: film.sha256 })
  })

  it('sends headers that describe the file and keep the response and the token private', async () => {
    const { headers } = await fetchBytes(access.url)
    expect(headers.get('accept-ranges')).toBe('bytes')
    expect(headers.get('content-length')).toBe(`${size}`)
    expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
    expect(headers.get('cache-control')).toContain('private')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('answers HEAD like GET, without a body', async () => {
    const [head, whole] = await Promise.all([get({}, 'HEAD'), get({})])
    expect({ status: head.status, length: head.bytes.length }).toEqual({ status: 200, length: 0 })
    for (const name of ['content-length', 'content-type', 'etag', 'accept-ranges'])
      expect({ [name]: head.headers.get(name) }).toEqual({ [name]: whole.headers.get(name) })
  })

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100-199', 100, 200],
    ['bytes=1000-', 1000, undefined],
    ['bytes=-500', -500, undefined],
    ['bytes=5000-99999999', 5000, undefined],
    ['bytes=-99999999', 0, undefined],
  ])('answers Range: %s with that part', async (range, from, to) => {
    const part = film.bytes.subarray(from, to)
    const start = from < 0 ? size + from : from
    const { status, headers, bytes } = await get({ range })
    expect(status).toBe(206)
    expect(headers.get('content-range')).toBe(`bytes ${start}-${start + part.length - 1}/${size}`)
    expect(bytes.equals(part)).toBe(true)
  })

  it('answers HEAD with a Range with 206 or 200 and no body', async () => {
    // RFC 9110 §14.2: Range is defined for GET; a server may ignore it for HEAD.
    const { status, bytes } = await get({ range: 'bytes=0-9' }, 'HEAD')
    expect([200, 206]).toContain(status)
    expect(bytes).toHaveLength(0)
  })

  it.each(['bytes=99999999-', 'bytes=-0'])('answers Range: %s with 416', async (range) => {
    // RFC 9110 §15.5.17: a 416 response SHOULD include Content-Range: bytes */length.
    const { status, headers, bytes } = await get({ range })
    expect({ status, range: headers.get('content-range') }).toEqual({ status: 416, range: `bytes */${size}` })
    expect(bytes.length).toBeLessThan(1_000)
  })

  it.each(['bytes=9-5', 'bytes=a-b', 'pages=1-2', 'bytes'])('ignores Range: %s', async (range) => {
    // RFC 9110 §14.2: a Range that cannot be understood is ignored.
    expect(await get({ range })).toMatchObject({ status: 200, sha256: film.sha256 })
  })

  it('answers several ranges with all of them or with the whole file', async () => {
    const { status, headers, bytes } = await get({ range: 'bytes=0-9,100-109' })
    if (status === 200) expect(bytes).toHaveLength(size)
    else expect(headers.get('content-type')).toMatch(/^multipart\/byteranges/)
  })

  it('answers If-Range with the part if the file is the same, and otherwise with the whole file', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('etag') ?? ''
    expect(await get({ range: 'bytes=0-9', 'if-range': etag })).toMatchObject({ status: 206 })
    expect(await get({ range: 'bytes=0-9', 'if-range': '"another"' })).toMatchObject({
      status: 200,
      sha256: film.sha256,
    })
    // RFC 9110 §13.1.5: a weak validator never matches here.
    expect((await get({ range: 'bytes=0-9', 'if-range': `W/${etag}` })).status).toBe(200)
  })

  it('answers If-None-Match with 304 if the client has the file', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('etag') ?? ''
    const { status, bytes } = await get({ 'if-none-match': etag })
    expect({ status, length: bytes.length }).toEqual({ status: 304, length: 0 })
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('refuses %s', async (method) => {
    expect((await get({}, method)).status).toBe(405)
  })

  it('allows reads from other origins', async () => {
    const { headers } = await get({ origin: 'https://app.example' })
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })
})
