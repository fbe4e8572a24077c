import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

let clips: Awaited<ReturnType<typeof openClips>>
let storage: TestStorage
let film: Buffer
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
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

/** Waits for the end of an upload and returns its session. */
const ended = (uploadId: string) =>
  eventually(async () => {
    const session = await storage.session(alice, uploadId)
    return ['COMPLETED', 'REJECTED'].includes(session.state) && session
  }, 60_000)

async function uploadWhole(bytes: Buffer, announced: Parameters<TestStorage['openUpload']>[1] = {}) {
  const upload = await storage.openUpload(alice, { byteSize: bytes.length, ...announced })
  const response = await patch(upload, 0, bytes)
  expect(response.status).toBe(204)
  return { upload, session: await ended(upload.uploadId) }
}

describe('a resumable upload', () => {
  it('becomes media, is registered once and leaves no upload file', async () => {
    const { upload, session } = await uploadWhole(film, { sha256: sha256(film), title: 'The sea' })
    expect(session).toMatchObject({
      state: 'COMPLETED',
      receivedBytes: film.length,
      failure: null,
      media: {
        kind: 'VIDEO',
        state: 'PROCESSING',
        title: 'The sea',
        mimeType: 'video/mp4',
        byteSize: film.length,
        sha256: sha256(film),
        width: 64,
        height: 36,
      },
    })
    await eventually(async () => storage.registered.length > 0, 60_000)
    const message = storage.registered.filter(({ uploadId }) => uploadId === upload.uploadId)
    expect(message).toEqual([
      expect.objectContaining({
        query: 'registerMedia',
        mediaId: session.media.id,
        ownerId: alice,
        mimeType: 'video/mp4',
        // Other users get nothing until a variant has been made.
        hasProgressive: false,
        hasStream: false,
        hasPoster: false,
      }),
    ])
    // It is removed after the transaction that stores the media, which the message may overtake.
    await eventually(async () => !(await storage.uploadFiles()).includes(upload.uploadId), 10_000)
  })

  it('continues from the offset after an interruption and reports the received bytes', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    expect(await storage.session(alice, upload.uploadId)).toMatchObject({
      state: 'REQUESTED',
      receivedBytes: 0,
    })
    const half = Math.floor(film.length / 2)
    await patch(upload, 0, film.subarray(0, half))
    expect(await storage.session(alice, upload.uploadId)).toMatchObject({
      state: 'UPLOADING',
      receivedBytes: half,
      media: null,
    })
    const head = await tus('HEAD', upload)
    expect(head.headers.get('upload-offset')).toBe(`${half}`)
    expect(head.headers.get('upload-length')).toBe(`${film.length}`)
    expect(Date.parse(head.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now())
    expect((await patch(upload, half, film.subarray(half))).status).toBe(204)
    expect(await ended(upload.uploadId)).toMatchObject({ state: 'COMPLETED' })
  })

  it('answers 409 to a wrong offset and changes nothing', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await patch(upload, 0, film.subarray(0, 100))
    expect((await patch(upload, 50, film.subarray(50))).status).toBe(409)
    expect((await tus('HEAD', upload)).headers.get('upload-offset')).toBe('100')
  })

  it('accepts no second file with the same upload key', async () => {
    const { upload } = await uploadWhole(film)
    expect((await patch(upload, 0, film)).status).toBe(409)
    const head = await tus('HEAD', upload)
    expect(head.status).toBe(200)
    expect(head.headers.get('upload-offset')).toBe(`${film.length}`)
    expect((await tus('DELETE', upload)).status).toBe(409)
  })

  it('refuses more bytes than were announced', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length - 10 })
    expect((await patch(upload, 0, film)).status).toBe(413)
    expect(await storage.session(alice, upload.uploadId)).toMatchObject({ receivedBytes: 0 })
  })

  it('accepts a live recording of unknown size and releases the rest of its reservation', async () => {
    const bob = newId()
    const upload = await storage.openUpload(bob, { byteSize: null })
    const usage = () => storage.ask(USAGE, { id: bob }, bob)
    expect((await usage())._entities[0].storageUsage.reservedBytes).toBe(4 * 1024 ** 3)
    expect((await tus('HEAD', upload)).headers.get('upload-defer-length')).toBe('1')
    await patch(upload, 0, film)
    const end = await patch(upload, film.length, Buffer.alloc(0), { 'upload-length': `${film.length}` })
    expect(end.status).toBe(204)
    await eventually(async () => (await storage.session(bob, upload.uploadId)).state === 'COMPLETED', 60_000)
    expect((await usage())._entities[0].storageUsage).toMatchObject({
      reservedBytes: 0,
      usedBytes: film.length,
    })
  })

  it('is cancelled by DELETE, which removes its bytes', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await patch(upload, 0, film.subarray(0, 100))
    expect((await tus('DELETE', upload)).status).toBe(204)
    expect(await storage.session(alice, upload.uploadId)).toMatchObject({ state: 'CANCELLED' })
    expect(await storage.uploadFiles()).not.toContain(upload.uploadId)
    expect((await patch(upload, 100, film.subarray(100))).status).toBe(410)
  })

  it('passes from a stalled connection to the next request immediately', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    const stalled = request(upload.url, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${upload.key}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': film.length,
      },
    })
    stalled.on('error', () => {})
    stalled.write(film.subarray(0, 1000))
    await eventually(
      async () => (await storage.session(alice, upload.uploadId)).receivedBytes === 1000,
      60_000,
    )
    const began = performance.now()
    const head = await tus('HEAD', upload)
    expect(performance.now() - began).toBeLessThan(500)
    expect(head.headers.get('upload-offset')).toBe('1000')
    expect((await patch(upload, 1000, film.subarray(1000))).status).toBe(204)
    expect(await ended(upload.uploadId)).toMatchObject({ state: 'COMPLETED' })
    stalled.destroy()
  })
})

const USAGE = `query Usage($id: ID!) {
  _entities(representations: [{ __typename: "User", id: $id }]) {
    ... on User { storageUsage { usedBytes reservedBytes quotaBytes } }
  }
}`

describe('an upload is rejected and its bytes are removed if', () => {
  it.each<[string, () => Buffer, { sha256?: string; byteSize?: number }, string, RegExp]>([
    [
      'its SHA-256 differs from the announced one',
      () => film,
      { sha256: '0'.repeat(64) },
      'CHECKSUM_MISMATCH',
      /SHA-256/,
    ],
    ['it is plain text', () => Buffer.from('no film'), {}, 'UNSUPPORTED_MEDIA', /No supported audio/],
    [
      'it is an HLS playlist',
      () => Buffer.from('#EXTM3U\n/etc/passwd\n'),
      {},
      'UNSUPPORTED_MEDIA',
      /playlist/,
    ],
  ])('%s', async (_name, bytes, announced, code, message) => {
    const { upload, session } = await uploadWhole(bytes(), announced)
    expect(session).toMatchObject({ state: 'REJECTED', media: null, failure: { code } })
    expect(session.failure.message).toMatch(message)
    await eventually(async () => !(await storage.uploadFiles()).includes(upload.uploadId), 60_000)
    expect((await patch(upload, 0, bytes())).status).toBe(410)
  })

  it('it is an empty recording', async () => {
    const upload = await storage.openUpload(alice, { byteSize: null })
    expect((await patch(upload, 0, Buffer.alloc(0), { 'upload-length': '0' })).status).toBe(204)
    expect(await ended(upload.uploadId)).toMatchObject({ failure: { code: 'UNSUPPORTED_MEDIA' } })
  })

  it('it is audio above the limit for audio', async () => {
    const small = await startTestStorage({ STORAGE_MAX_AUDIO: '1KiB' })
    try {
      const sound = await clips.bytes('sound.wav')
      const upload = await small.openUpload(alice, { byteSize: sound.length, mimeType: 'video/mp4' })
      await patch(upload, 0, sound)
      const session = await eventually(async () => {
        const found = await small.session(alice, upload.uploadId)
        return found.state === 'REJECTED' && found
      }, 60_000)
      expect(session.failure.code).toBe('TOO_LARGE')
    } finally {
      await small.stop()
    }
  })
})

describe('the address of an upload', () => {
  it('gives the same answer to every invalid key', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    const other = await storage.openUpload(alice, { byteSize: film.length })
    const claims = { sub: alice, upload: upload.uploadId, jti: upload.keyId }
    const past = Math.floor(Date.now() / 1000) - 10
    const keys = [
      '',
      'nonsense',
      other.key,
      await storage.uploadKey({ ...claims, exp: past }),
      await storage.uploadKey({ ...claims, jti: newId() }),
      await storage.uploadKey({ ...claims, sub: newId() }),
      await storage.uploadKey({ ...claims, aud: 'blog' }),
      await storage.uploadKey(claims, 'media+jwt'),
      await storage.host.keyring.sign({ aud: 'storage', exp: past + 3600, ...claims }, 'upload+jwt'),
    ]
    const answers = await Promise.all(
      keys.map(async (key) => {
        const response = await patch({ ...upload, key }, 0, film)
        return `${response.status} ${await response.text()}`
      }),
    )
    expect(new Set(answers)).toEqual(new Set([answers[0]]))
    expect(answers[0]).toMatch(/^401 \{"message":/)
    expect((await tus('HEAD', upload)).headers.get('upload-offset')).toBe('0')
  })

  it('accepts a renewed key at the same offset and refuses the former key', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    await patch(upload, 0, film.subarray(0, 500))
    const keyId = newId()
    const { replaceUploadKey } = await storage.internal(
      `mutation ($input: ReplaceUploadKeyInput!) {
        replaceUploadKey(input: $input) { refusal { code } upload { byteSize reservedBytes mimeType tusUrl } }
      }`,
      { input: { uploadId: upload.uploadId, ownerId: alice, keyId } },
    )
    expect(replaceUploadKey).toMatchObject({ refusal: null, upload: { byteSize: film.length } })
    expect((await tus('HEAD', upload)).status).toBe(401)
    const key = await storage.uploadKey({ sub: alice, upload: upload.uploadId, jti: keyId })
    expect((await tus('HEAD', { ...upload, key })).headers.get('upload-offset')).toBe('500')
  })

  it('can be closed repeatedly by communication, but not for another owner', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    const close = (ownerId: string) =>
      storage.internal(
        'mutation ($input: CloseUploadInput!) { closeUpload(input: $input) { refusal { code } } }',
        { input: { uploadId: upload.uploadId, ownerId } },
      )
    expect((await close(newId())).closeUpload.refusal.code).toBe('NOT_FOUND')
    expect((await close(alice)).closeUpload.refusal).toBeNull()
    expect((await close(alice)).closeUpload.refusal).toBeNull()
  })

  it('refuses GET, POST and malformed ids', async () => {
    const { upload } = await uploadWhole(film)
    expect((await tus('GET', upload)).status).toBe(405)
    expect((await tus('POST', upload)).status).toBe(405)
    expect((await tus('HEAD', { ...upload, url: `${storage.address()}/uploads/nothing` })).status).toBe(404)
    expect((await tus('GET', { ...upload, url: `${storage.address()}/uploads/` })).status).toBe(405)
    expect((await tus('HEAD', { ...upload, url: `${storage.address()}/uploads/..%2f..%2fetc` })).status).toBe(
      404,
    )
  })

  it('allows requests from pages of any origin', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    const preflight = await fetch(upload.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    const head = await tus('HEAD', upload)
    expect(head.headers.get('access-control-allow-origin')).toBe('*')
    expect(head.headers.get('access-control-expose-headers')).toContain('Upload-Offset')
  })

  it('shows an upload to its owner only', async () => {
    const upload = await storage.openUpload(alice, { byteSize: film.length })
    expect(await storage.session(newId(), upload.uploadId)).toBeNull()
    expect(await storage.session(alice, 'nonsense')).toBeNull()
  })
})
