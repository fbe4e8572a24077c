import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

let clips: Awaited<ReturnType<typeof openClips>>
let storage: TestStorage
let film: Buffer
const alice = newId()

beforeAll(async () => {
  clips = await openClips()
  film = await clips.bytes('film.mp4')
  storage = await startTestStorage()
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const open = (byteSize: number | null = film.length) => storage.openUpload(alice, { byteSize })
const checksum = (algorithm: string, bytes: Uint8Array) => ({
  'upload-checksum': `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`,
})
const offsetOf = async (upload: { url: string; key: string }) =>
  (await tus('HEAD', upload)).headers.get('upload-offset')
const isReady = (uploadId: string) =>
  eventually(async () => (await storage.session(alice, uploadId)).state === 'COMPLETED', 60_000)

describe('a chunk with a checksum', () => {
  it.each(['sha1', 'sha256', 'md5'])('is accepted if its %s matches', async (algorithm) => {
    const upload = await open()
    const [first, rest] = [film.subarray(0, 1000), film.subarray(1000)]
    expect((await patch(upload, 0, first, checksum(algorithm, first))).status).toBe(204)
    expect((await patch(upload, 1000, rest, checksum(algorithm, rest))).status).toBe(204)
    await isReady(upload.uploadId)
  })

  it('is discarded if the checksum does not match, and the offset stays', async () => {
    const upload = await open()
    await patch(upload, 0, film.subarray(0, 1000))
    const broken = Buffer.from(film.subarray(1000))
    broken.writeUInt8(broken.readUInt8(17) ^ 1, 17)
    const right = checksum('sha1', film.subarray(1000))
    expect((await patch(upload, 1000, broken, right)).status).toBe(460)
    expect(await offsetOf(upload)).toBe('1000')
    expect(await storage.session(alice, upload.uploadId)).toMatchObject({ receivedBytes: 1000 })
    expect((await patch(upload, 1000, film.subarray(1000), right)).status).toBe(204)
    await isReady(upload.uploadId)
  })

  it('does not change the offset until it is complete, even after a cut connection or a crash', async () => {
    const upload = await open()
    const cut = new AbortController()
    const part = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(film.subarray(0, 500))),
    })
    const sending = fetch(upload.url, {
      method: 'PATCH',
      body: part,
      duplex: 'half',
      signal: cut.signal,
      headers: {
        authorization: `Bearer ${upload.key}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        ...checksum('sha1', film),
      },
    } as RequestInit)
    await eventually(
      async () => (await storage.session(alice, upload.uploadId)).receivedBytes === 500,
      60_000,
    )
    cut.abort()
    await expect(sending).rejects.toThrow()
    expect(await offsetOf(upload)).toBe('0')
    // The state after a process was killed when it had written such a chunk to its last byte, but not checked it.
    await patch(upload, 0, film.subarray(0, 700))
    await storage.restart(async () => {
      const file = path.join(storage.folder, 'uploads', upload.uploadId)
      await writeFile(`${file}.unchecked`, '700\n')
      await writeFile(file, film)
    })
    const again = { ...upload, url: `${storage.address()}/uploads/${upload.uploadId}` }
    expect(await offsetOf(again)).toBe('700')
    expect((await patch(again, 700, film.subarray(700))).status).toBe(204)
    await isReady(upload.uploadId)
  })

  it.each([
    ['an algorithm that is not offered', 'crc32 AAAAAA=='],
    ['no algorithm', 'Kq5sNclPz7QV2+lfQIuc6R7oRu0='],
    ['no Base64', 'sha1 Kq5s_clPz7QV2-lfQIuc6R7oRu0='],
    ['a digest of another length', 'sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0='],
    ['nothing', ''],
  ])('is refused with %s', async (_name, header) => {
    const upload = await open()
    expect((await patch(upload, 0, film, { 'upload-checksum': header })).status).toBe(400)
    expect(await offsetOf(upload)).toBe('0')
  })
})

describe('creating an upload', () => {
  const create = (key: string, headers: Record<string, string>, address = '/uploads') =>
    fetch(`${storage.address()}${address}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0', ...headers },
    })

  it('returns the address of the existing upload each time', async () => {
    const upload = await open()
    const length = { 'upload-length': `${film.length}`, 'upload-metadata': 'filename c2VhLm1wNA==' }
    for (const address of ['/uploads', '/uploads/']) {
      const created = await create(upload.key, length, address)
      expect(created.status).toBe(201)
      expect(new URL(created.headers.get('location') ?? '').pathname).toBe(`/uploads/${upload.uploadId}`)
    }
    await patch(upload, 0, film)
    const later = await create(upload.key, length)
    expect([later.status, later.headers.get('upload-offset')]).toEqual([201, `${film.length}`])
  })

  it('accepts only the announced length', async () => {
    const upload = await open()
    const status = async (headers: Record<string, string>, key = upload.key) =>
      (await create(key, headers)).status
    expect(await status({ 'upload-length': `${film.length - 1}` })).toBe(400)
    expect(await status({ 'upload-length': `${film.length + 1}` })).toBe(413)
    expect(await status({ 'upload-length': 'many' })).toBe(400)
    expect(await status({ 'upload-defer-length': '1' })).toBe(400)
    expect(await status({})).toBe(400)
    const live = await open(null)
    expect(await status({ 'upload-defer-length': '1' }, live.key)).toBe(201)
    expect(await status({ 'upload-length': `${film.length}` }, live.key)).toBe(201)
    expect(await status({ 'upload-length': `${film.length}` }, live.key)).toBe(201)
    expect(await status({ 'upload-length': '7' }, live.key)).toBe(400)
  })

  it('is refused without a valid upload key, and after the upload has ended', async () => {
    const upload = await open()
    const length = { 'upload-length': `${film.length}` }
    expect((await create('nonsense', length)).status).toBe(401)
    const { url, ...claims } = { ...upload, sub: alice, upload: newId(), jti: upload.keyId }
    expect((await create(await storage.uploadKey(claims), length)).status).toBe(401)
    await tus('DELETE', { ...upload, url })
    expect((await create(upload.key, length)).status).toBe(410)
    expect((await fetch(`${storage.address()}/uploads`)).status).toBe(405)
  })

  it('is listed by OPTIONS with all other extensions', async () => {
    for (const address of ['/uploads', '/uploads/', `/uploads/${newId()}`]) {
      const { headers } = await fetch(`${storage.address()}${address}`, { method: 'OPTIONS' })
      expect(headers.get('tus-extension')).toBe(
        'creation,creation-defer-length,termination,expiration,checksum',
      )
      expect(headers.get('tus-checksum-algorithm')).toBe('sha1,sha256,md5')
    }
  })
})
