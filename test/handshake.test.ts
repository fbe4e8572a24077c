import { randomBytes } from 'node:crypto'
import { expectMember } from '../scripts/client/client.ts'
import { fileOf, type MediaFile } from '../scripts/client/media-file.ts'
import { type Person, signUp } from '../scripts/client/people.ts'
import { tusDelete, tusHead, tusPatch } from '../scripts/client/tus.ts'
import {
  requestUpload,
  sendMultipart,
  tryRequestUpload,
  uploadByTus,
  uploadEnd,
  uploadSession,
} from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { folderSize } from '../testing/product/folder-size.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { BOTH_MODES, type Product, startProduct } from '../testing/product/product.ts'

const GIB = 1024 ** 3

/** Returns the code of a failure, or undefined for other results. */
const codeOf = (answer: object | null) => (answer && 'code' in answer ? answer.code : undefined)

describe.each(BOTH_MODES)('the upload handshake, %s', (mode) => {
  let product: Product
  let mei: Person
  let clip: MediaFile

  beforeAll(async () => {
    product = await startProduct(mode, {
      // Without renditions, nothing else is written while the test measures the folder.
      env: { STORAGE_USER_QUOTA: '10GiB', STORAGE_MAX_VIDEO: '4GiB', STORAGE_WORKERS: '0' },
    })
    clip = await mediaFile('clip.mp4')
  })
  afterAll(() => product?.close())
  beforeEach(async () => {
    mei = await signUp(product.url, 'Mei')
  })

  const usage = async () => (await mei.client.ask('viewer', {})).viewer?.storageUsage
  const nothing = { usedBytes: 0, reservedBytes: 0, quotaBytes: 10 * GIB }

  /** Runs work that ends in a failure, and checks that it leaves neither reserved space nor files behind. */
  async function leavingNothing<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = await folderSize(product.dataDir)
    const result = await work()
    await eventually(usage, (now) => now?.usedBytes === 0 && now.reservedBytes === 0)
    expect(await usage()).toEqual(nothing)
    // A few hundred bytes about the refused upload may be stored, but none of its content.
    await eventually(
      () => folderSize(product.dataDir),
      (now) => now - before < 500,
    )
    return result
  }

  const viaTus = async (file: MediaFile, changes: Parameters<typeof requestUpload>[2] = {}) => {
    const grant = await requestUpload(mei, file, changes)
    await tusPatch(grant, 0, file.bytes)
    return uploadEnd(mei, grant.uploadSession.id)
  }
  const viaMultipart = async (file: MediaFile, changes: Parameters<typeof requestUpload>[2] = {}) => {
    const { uploadSession, ...grant } = await requestUpload(mei, file, changes)
    const { result } = await sendMultipart({ ...grant, uploadId: uploadSession.id }, file)
    return result
  }

  describe('before a byte is sent', () => {
    it.each([
      ['an empty file', { byteSize: 0 }, 'input.byteSize'],
      ['no size', { byteSize: null }, 'input.byteSize'],
      ['no name', { fileName: '' }, 'input.fileName'],
      ['a name of control characters', { fileName: '\u0000\u001b' }, 'input.fileName'],
      ['a name that is too long', { fileName: 'x'.repeat(5_000) }, 'input.fileName'],
      ['a malformed SHA-256', { sha256: 'abc' }, 'input.sha256'],
    ])('refuses %s', async (_what, change, field) => {
      const input = { fileName: 'a.mp4', mimeType: 'video/mp4', byteSize: 1_000, ...change }
      const answer = await leavingNothing(() => tryRequestUpload(mei, input))
      expect(expectMember(answer, 'InvalidInput').field).toBe(field)
    })

    it.each(['text/plain', 'application/x-mpegurl', 'application/vnd.apple.mpegurl', 'nonsense'])(
      'refuses the type %s',
      async (mimeType) => {
        const input = { fileName: 'a', mimeType, byteSize: 1_000 }
        const answer = await leavingNothing(() => tryRequestUpload(mei, input))
        if (answer.__typename === 'InvalidInput') expect(answer.field).toBe('input.mimeType')
        else expect(expectMember(answer, 'UnsupportedMedia').supportedMimeTypes).toContain('image/jpeg')
      },
    )

    it.each([
      ['video/mp4', 4 * GIB],
      ['image/jpeg', 50 * 1024 ** 2],
    ])('refuses %s above the limit of its kind', async (mimeType, maxBytes) => {
      const input = { fileName: 'a', mimeType, byteSize: maxBytes + 1 }
      const answer = await leavingNothing(() => tryRequestUpload(mei, input))
      expect(expectMember(answer, 'TooLarge').maxBytes).toBe(maxBytes)
    })

    it('refuses an upload above the quota, and counts open uploads', async () => {
      const input = { fileName: 'a.mp4', mimeType: 'video/mp4', byteSize: 4 * GIB }
      const first = expectMember(await tryRequestUpload(mei, input), 'RequestUploadPayload')
      const second = expectMember(await tryRequestUpload(mei, input), 'RequestUploadPayload')
      expect(await usage()).toEqual({ ...nothing, reservedBytes: 8 * GIB })
      expect(expectMember(await tryRequestUpload(mei, input), 'QuotaExceeded')).toMatchObject({
        code: 'QUOTA_EXCEEDED',
        quotaBytes: 10 * GIB,
        usedBytes: 0,
        reservedBytes: 8 * GIB,
      })
      for (const { uploadSession } of [first, second]) {
        const { cancelUpload } = await mei.client.ask('cancel-upload', {
          input: { uploadId: uploadSession.id },
        })
        expect(expectMember(cancelUpload, 'CancelUploadPayload').uploadSession.state).toBe('CANCELLED')
      }
      expect(await usage()).toEqual(nothing)
    })

    it('keeps the quota for simultaneous requests', async () => {
      const input = { fileName: 'a.mp4', mimeType: 'video/mp4', byteSize: 3 * GIB }
      const answers = await Promise.all(Array.from({ length: 8 }, () => tryRequestUpload(mei, input)))
      const granted = answers.filter(({ __typename }) => __typename === 'RequestUploadPayload')
      expect(granted).toHaveLength(3)
    })
  })

  describe('for bytes that differ from the request', () => {
    const noise = () => fileOf('noise.mp4', 'video/mp4', randomBytes(50_000))
    const text = (content: string) => fileOf('clip.mp4', 'video/mp4', Buffer.from(content))
    const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'
    const dash = '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"></MPD>'

    it.each<[string, () => MediaFile]>([
      ['random bytes', noise],
      ['plain text', () => text('This is no film, whatever it is called.\n'.repeat(50))],
      ['an HLS playlist named .mp4', () => text(playlist)],
      ['a DASH manifest named .mp4', () => text(dash)],
      ['an ffconcat script named .mp4', () => text("ffconcat version 1.0\nfile '/etc/passwd'\n")],
      ['one byte', () => text('x')],
    ])('rejects %s as media', async (_what, make) => {
      const file = make()
      const session = await leavingNothing(() => viaTus(file))
      expect(session).toMatchObject({
        state: 'REJECTED',
        media: null,
        failure: { code: 'UNSUPPORTED_MEDIA' },
      })
      const answer = await leavingNothing(() => viaMultipart(file))
      expect(codeOf(answer)).toBe('UNSUPPORTED_MEDIA')
    })

    it('stores or rejects a truncated file', async () => {
      const half = fileOf('half.mp4', 'video/mp4', clip.bytes.subarray(0, clip.bytes.length / 2))
      expect(['COMPLETED', 'REJECTED']).toContain((await viaTus(half)).state)
    })

    it('rejects other bytes of the same size', async () => {
      const sha256 = 'a'.repeat(64)
      const session = await leavingNothing(() => viaTus(clip, { sha256 }))
      expect(session).toMatchObject({ state: 'REJECTED', failure: { code: 'CHECKSUM_MISMATCH' } })
      const answer = await leavingNothing(() => viaMultipart(clip, { sha256 }))
      expect(codeOf(answer)).toBe('CHECKSUM_MISMATCH')
    })

    it('rejects a multipart file that is shorter than announced', async () => {
      const byteSize = clip.bytes.length + 100
      const answer = await leavingNothing(() => viaMultipart(clip, { byteSize, sha256: null }))
      expect(codeOf(answer)).toBe('CHECKSUM_MISMATCH')
    })

    it('refuses a multipart file that is longer than announced, and still accepts the right file', async () => {
      const short = fileOf('clip.mp4', 'video/mp4', clip.bytes.subarray(0, -100))
      const { uploadSession: session, ...grant } = await requestUpload(mei, short)
      const send = async (file: MediaFile) =>
        (await sendMultipart({ ...grant, uploadId: session.id }, file)).result
      expect(codeOf(await send(clip))).toBe('TOO_LARGE')
      expect(await uploadSession(mei, session.id)).toMatchObject({ receivedBytes: 0, media: null })
      expect((await send(short))?.__typename).toBe('UploadMediaPayload')
    })

    it('rejects an empty multipart file', async () => {
      const empty = fileOf('clip.mp4', 'video/mp4', Buffer.alloc(0))
      const answer = await leavingNothing(() => viaMultipart(empty, { byteSize: 1_000, sha256: null }))
      expect(codeOf(answer)).toBe('CHECKSUM_MISMATCH')
    })

    it('refuses tus bytes beyond the announced size and keeps the upload open', async () => {
      const grant = await requestUpload(mei, clip, { byteSize: clip.bytes.length - 100, sha256: null })
      const { status } = await tusPatch(grant, 0, clip.bytes)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect((await uploadSession(mei, grant.uploadSession.id)).state).toMatch(/^(REQUESTED|UPLOADING)$/)
      await leavingNothing(() => tusDelete(grant))
    })

    it('keeps an upload with fewer tus bytes than announced open', async () => {
      const grant = await requestUpload(mei, clip, { byteSize: clip.bytes.length + 100, sha256: null })
      expect((await tusPatch(grant, 0, clip.bytes)).status).toBe(204)
      expect(await uploadSession(mei, grant.uploadSession.id)).toMatchObject({
        state: 'UPLOADING',
        receivedBytes: clip.bytes.length,
        media: null,
      })
      expect(await tusDelete(grant)).toBe(204)
      await eventually(usage, (now) => now?.reservedBytes === 0)
    })

    it('refuses a wrong Upload-Checksum, and accepts the bytes again', async () => {
      const grant = await requestUpload(mei, clip)
      const wrong = { 'upload-checksum': `sha1 ${Buffer.alloc(20).toString('base64')}` }
      const { status } = await tusPatch(grant, 0, clip.bytes, wrong)
      // tus 1.0.0, checksum extension: 460 for a mismatch, 400 if the algorithm is not supported.
      expect([400, 460]).toContain(status)
      expect(await tusHead(grant)).toEqual({ status: 200, offset: 0 })
      await tusPatch(grant, 0, clip.bytes)
      expect((await uploadEnd(mei, grant.uploadSession.id)).state).toBe('COMPLETED')
    })
  })

  describe('for an upload key', () => {
    it('refuses a second upload with the same key', async () => {
      const grant = await requestUpload(mei, clip)
      await tusPatch(grant, 0, clip.bytes)
      const { media } = await uploadEnd(mei, grant.uploadSession.id)
      expect((await tusPatch(grant, 0, clip.bytes)).status).toBeGreaterThanOrEqual(400)
      const { result } = await sendMultipart({ ...grant, uploadId: grant.uploadSession.id }, clip)
      expect(['CONFLICT', 'NOT_ALLOWED']).toContain(codeOf(result))
      expect((await uploadSession(mei, grant.uploadSession.id)).media?.id).toBe(media?.id)
      expect((await usage())?.usedBytes).toBe(clip.bytes.length)
    })

    it('creates one media file for simultaneous uploads with the same key', async () => {
      const grant = await requestUpload(mei, clip)
      const target = { ...grant, uploadId: grant.uploadSession.id }
      await Promise.all([
        tusPatch(grant, 0, clip.bytes),
        sendMultipart(target, clip),
        sendMultipart(target, clip),
      ])
      expect((await uploadEnd(mei, grant.uploadSession.id)).state).toBe('COMPLETED')
      expect(await usage()).toMatchObject({ usedBytes: clip.bytes.length, reservedBytes: 0 })
    })

    it('refuses a key for another upload', async () => {
      const [one, other] = [await requestUpload(mei, clip), await requestUpload(mei, clip)]
      const crossed = { tusUrl: one.tusUrl, key: other.key }
      expect([401, 403, 404]).toContain((await tusHead(crossed)).status)
      expect([401, 403, 404]).toContain((await tusPatch(crossed, 0, clip.bytes)).status)
      expect([401, 403, 404]).toContain(await tusDelete(crossed))
      const { result } = await sendMultipart({ ...other, uploadId: one.uploadSession.id }, clip)
      expect(codeOf(result)).toBe('NOT_ALLOWED')
      for (const { uploadSession: session } of [one, other])
        expect((await uploadSession(mei, session.id)).state).toBe('REQUESTED')
    })

    it.each(['nonsense', ''])('refuses the key "%s"', async (key) => {
      const grant = await requestUpload(mei, clip)
      expect([401, 403, 404]).toContain((await tusPatch({ ...grant, key }, 0, clip.bytes)).status)
      const { result } = await sendMultipart({ ...grant, key, uploadId: grant.uploadSession.id }, clip)
      expect(codeOf(result)).toBe('NOT_ALLOWED')
    })

    it('refuses an access token instead of a key', async () => {
      const grant = await requestUpload(mei, clip)
      const status = (await tusPatch({ ...grant, key: mei.accessToken }, 0, clip.bytes)).status
      expect([401, 403, 404]).toContain(status)
    })

    it('refuses more bytes for a cancelled upload', async () => {
      const grant = await requestUpload(mei, clip)
      await tusPatch(grant, 0, clip.bytes.subarray(0, 5_000))
      await leavingNothing(() =>
        mei.client.ask('cancel-upload', { input: { uploadId: grant.uploadSession.id } }),
      )
      expect((await tusPatch(grant, 5_000, clip.bytes.subarray(5_000))).status).toBeGreaterThanOrEqual(400)
      expect((await uploadSession(mei, grant.uploadSession.id)).state).toBe('CANCELLED')
    })

    it("hides another user's upload from queries, renewal and cancelling", async () => {
      const { uploadSession: session } = await requestUpload(mei, clip)
      const other = await signUp(product.url, 'Other')
      expect(await other.client.ask('upload-session', { id: session.id })).toEqual({ uploadSession: null })
      const input = { uploadId: session.id }
      const { renewUploadKey } = await other.client.ask('renew-upload-key', { input })
      expect(expectMember(renewUploadKey, 'RequestFailed').code).toBe('NOT_FOUND')
      const { cancelUpload } = await other.client.ask('cancel-upload', { input })
      expect(expectMember(cancelUpload, 'RequestFailed').code).toBe('NOT_FOUND')
      expect((await uploadSession(mei, session.id)).state).toBe('REQUESTED')
    })

    it('refuses GET of uploaded bytes and creation without a handshake', async () => {
      const grant = await requestUpload(mei, clip)
      await tusPatch(grant, 0, clip.bytes)
      const headers = { authorization: `Bearer ${grant.key}`, 'tus-resumable': '1.0.0' }
      expect((await fetch(grant.tusUrl, { headers })).status).toBeGreaterThanOrEqual(400)
      const created = await fetch(grant.tusUrl.replace(/\/[^/]+$/, '/'), {
        method: 'POST',
        headers: { ...headers, 'upload-length': '5' },
      })
      expect(created.status).toBeGreaterThanOrEqual(400)
    })
  })

  it('counts stored media against the quota until they are deleted', async () => {
    const { id } = await uploadByTus(mei, clip)
    expect(await usage()).toEqual({ ...nothing, usedBytes: clip.bytes.length })
    await leavingDeleted(id)
    expect(await usage()).toEqual(nothing)
  })

  async function leavingDeleted(mediaId: string): Promise<void> {
    const { deleteMedia } = await mei.client.ask('delete-media', { input: { mediaId } })
    expectMember(deleteMedia, 'DeleteMediaPayload')
    await eventually(usage, (now) => now?.usedBytes === 0)
  }
})
