import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const MIB = 1024 ** 2
let storage: TestStorage

beforeAll(async () => {
  storage = await startTestStorage({
    STORAGE_CAPACITY: '1GiB',
    STORAGE_USER_QUOTA: '300MiB',
    STORAGE_PUBLIC_URL: 'https://bytes.example/',
  })
})

afterAll(() => storage.stop())

const refusalCode = async (ownerId: string, announced: Parameters<TestStorage['requestRoom']>[1]) =>
  (await storage.requestRoom(ownerId, announced)).outcome.refusal?.code ?? null

describe('opening an upload', () => {
  it('reserves the bytes and returns the addresses for sending them', async () => {
    const { uploadId, outcome } = await storage.requestRoom(newId(), { byteSize: 5 })
    expect(outcome).toEqual({
      refusal: null,
      reservedBytes: 5,
      tusUrl: `https://bytes.example/uploads/${uploadId}`,
      multipartUrl: 'https://bytes.example/uploads/graphql',
    })
  })

  it('keeps the reservation for an hour until the first byte arrives', async () => {
    const { uploadId, ownerId } = await storage.openUpload(newId(), { byteSize: 5 })
    const query = 'query Until($id: ID!) { uploadSession(id: $id) { expiresAt } }'
    const { uploadSession } = await storage.ask(query, { id: uploadId }, ownerId)
    const hours = (Date.parse(uploadSession.expiresAt) - Date.now()) / 3600_000
    expect(hours).toBeCloseTo(1, 1)
    await close(uploadId, ownerId)
  })

  it('changes nothing when it is repeated', async () => {
    const owner = newId()
    const { uploadId } = await storage.requestRoom(owner, { byteSize: 200 * MIB })
    const again = await storage.requestRoom(owner, { byteSize: 200 * MIB }, uploadId)
    expect(again.outcome).toMatchObject({ refusal: null, reservedBytes: 200 * MIB })
    const other = await storage.requestRoom(newId(), { byteSize: 200 * MIB }, uploadId)
    expect(other.outcome.refusal.code).toBe('CONFLICT')
    expect(await refusalCode(owner, { byteSize: 101 * MIB })).toBe('QUOTA_EXCEEDED')
    await close(uploadId, owner)
  })

  it('returns media that the owner already stores, without reserving or counting it again', async () => {
    const clips = await openClips()
    const film = await clips.bytes('film.mp4')
    await clips.remove()
    const sha256 = createHash('sha256').update(film).digest('hex')
    const [owner, other] = [newId(), newId()]
    const announced = { byteSize: film.length, sha256 }
    const first = await storage.openUpload(owner, announced)
    const at = { ...first, url: `${storage.address()}/uploads/${first.uploadId}` }
    await patch(at, 0, film)
    const stored = await eventually(async () => {
      const session = await storage.session(owner, first.uploadId)
      return session.state === 'COMPLETED' && session
    }, 60_000)
    const again = await storage.requestRoom(owner, { ...announced, title: 'Again' })
    expect(again.outcome).toMatchObject({ refusal: null, reservedBytes: film.length })
    expect(await storage.session(owner, again.uploadId)).toEqual({ ...stored, id: again.uploadId })
    expect(await usage(owner)).toMatchObject({ usedBytes: film.length, reservedBytes: 0 })
    expect((await storage.requestRoom(owner, announced, again.uploadId)).outcome.refusal).toBeNull()
    // A SHA-256 does not reveal what another user stores, and a different size means a different file.
    for (const [ownerId, byteSize] of [
      [other, film.length],
      [owner, film.length + 1],
    ] as const) {
      const { uploadId } = await storage.requestRoom(ownerId, { byteSize, sha256 })
      expect(await storage.session(ownerId, uploadId)).toMatchObject({ state: 'REQUESTED', media: null })
      await close(uploadId, ownerId)
    }
    // If the stored bytes are lost, the owner is asked to send them again.
    const { id } = stored.media
    await rm(path.join(storage.folder, 'objects', id.slice(-4, -2)), { recursive: true })
    const lost = await storage.requestRoom(owner, announced)
    expect(await storage.session(owner, lost.uploadId)).toMatchObject({ state: 'REQUESTED' })
    await close(lost.uploadId, owner)
  })

  it('returns the limit with each refusal', async () => {
    const owner = newId()
    expect((await storage.requestRoom(owner, { byteSize: 5 * 1024 ** 3 })).outcome).toEqual({
      reservedBytes: null,
      tusUrl: null,
      multipartUrl: null,
      refusal: expect.objectContaining({ code: 'TOO_LARGE', maxBytes: 4 * 1024 ** 3, quotaBytes: null }),
    })
    expect(
      (await storage.requestRoom(owner, { mimeType: 'text/plain', byteSize: 1 })).outcome.refusal,
    ).toMatchObject({ code: 'UNSUPPORTED_MEDIA', supportedMimeTypes: expect.arrayContaining(['audio/*']) })
    expect((await storage.requestRoom(owner, { byteSize: 301 * MIB })).outcome.refusal).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      quotaBytes: 300 * MIB,
      usedBytes: 0,
      reservedBytes: 0,
    })
    expect(await refusalCode(owner, { byteSize: 0 })).toBe('UNSUPPORTED_MEDIA')
    // The request for 0 bytes comes first: a live recording reserves the maximum, which exceeds the quota here.
    expect(await refusalCode(owner, { byteSize: null })).toBe('QUOTA_EXCEEDED')
  })

  it('is not refused because of uploads of other users that send nothing', async () => {
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () => storage.requestRoom(newId(), { byteSize: 300 * MIB })),
    )
    expect(crowd.map(({ outcome }) => outcome.refusal)).toEqual(crowd.map(() => null))
    expect(await refusalCode(newId(), { byteSize: 300 * MIB })).toBeNull()
    await Promise.all(crowd.map(({ uploadId, ownerId }) => close(uploadId, ownerId)))
  })

  it('reserves no more than the quota when a hundred requests arrive at once', async () => {
    const owner = newId()
    const ask = () => storage.requestRoom(owner, { byteSize: 60 * MIB })
    const crowd = await Promise.all(Array.from({ length: 100 }, ask))
    const granted = crowd.filter(({ outcome }) => outcome.refusal === null)
    const codes = crowd.flatMap(({ outcome }) => outcome.refusal?.code ?? [])
    expect(granted).toHaveLength(5)
    expect(new Set(codes)).toEqual(new Set(['QUOTA_EXCEEDED']))
    const [one] = granted
    if (one) await close(one.uploadId, one.ownerId)
    expect((await ask()).outcome.refusal).toBeNull()
    expect((await ask()).outcome.refusal.code).toBe('QUOTA_EXCEEDED')
  })

  it('is refused while the disk is missing', async () => {
    const withoutDisk = await startTestStorage()
    try {
      await rm(path.join(withoutDisk.folder, 'objects'), { recursive: true })
      const { outcome } = await withoutDisk.requestRoom(newId(), { byteSize: 5 })
      expect(outcome.refusal.code).toBe('STORAGE_UNAVAILABLE')
      expect((await fetch(`${withoutDisk.address()}/readyz`)).status).toBe(503)
    } finally {
      await withoutDisk.stop()
    }
  })

  it('has no field for viewers', async () => {
    await expect(
      storage.ask('mutation ($i: CloseUploadInput!) { closeUpload(input: $i) { refusal { code } } }', {
        i: { uploadId: newId(), ownerId: newId() },
      }),
    ).rejects.toThrow('Cannot query field "closeUpload"')
  })
})

function close(uploadId: string, ownerId: string) {
  return storage.internal(
    'mutation ($i: CloseUploadInput!) { closeUpload(input: $i) { refusal { code } } }',
    {
      i: { uploadId, ownerId },
    },
  )
}

const USAGE = `query Usage($id: ID!) {
  _entities(representations: [{ __typename: "User", id: $id }]) {
    ... on User { storageUsage { usedBytes reservedBytes } }
  }
}`

async function usage(ownerId: string) {
  return (await storage.ask(USAGE, { id: ownerId }, ownerId))._entities[0].storageUsage
}
