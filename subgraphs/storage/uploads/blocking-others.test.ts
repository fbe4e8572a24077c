import pg from 'pg'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

const MIB = 1024 ** 2
let storage: TestStorage
let now = new Date()

beforeEach(async () => {
  now = new Date()
  const settings = {
    STORAGE_CAPACITY: '24MiB',
    STORAGE_USER_QUOTA: '24MiB',
    STORAGE_USER_OPEN_UPLOADS: '5',
    STORAGE_SWEEP_INTERVAL_SECONDS: '0.2',
  }
  storage = await startTestStorage(settings, () => now)
})

afterEach(() => storage.stop())

const open = (ownerId: string, byteSize: number) => storage.openUpload(ownerId, { byteSize })
const offsetOf = async (upload: { url: string; key: string }) =>
  Number((await tus('HEAD', upload)).headers.get('upload-offset'))
const expiresAt = async ({ uploadId, ownerId }: { uploadId: string; ownerId: string }) => {
  const query = 'query ($id: ID!) { uploadSession(id: $id) { expiresAt state } }'
  return (await storage.ask(query, { id: uploadId }, ownerId)).uploadSession
}
async function renew({ uploadId, ownerId }: { uploadId: string; ownerId: string }) {
  const keyId = newId()
  const { replaceUploadKey } = await storage.internal(
    'mutation ($input: ReplaceUploadKeyInput!) { replaceUploadKey(input: $input) { refusal { code message } } }',
    { input: { uploadId, ownerId, keyId } },
  )
  return {
    refusal: replaceUploadKey.refusal,
    key: await storage.uploadKey({ sub: ownerId, upload: uploadId, jti: keyId }),
  }
}

describe('users who announce uploads and send nothing', () => {
  it('take no space from other users', async () => {
    for (let user = 0; user < 4; user++) await open(newId(), 24 * MIB)
    const film = Buffer.alloc(20 * MIB)
    const upload = await open(newId(), film.length + 1)
    expect((await patch(upload, 0, film)).status).toBe(204)
  })

  it('take only a small space from other users when they send one byte', async () => {
    const uploads = await Promise.all(Array.from({ length: 4 }, () => open(newId(), 24 * MIB)))
    for (const opened of uploads) expect((await patch(opened, 0, Buffer.alloc(1))).status).toBe(204)
    const upload = await open(newId(), 20 * MIB + 1)
    expect((await patch(upload, 0, Buffer.alloc(20 * MIB))).status).toBe(204)
  })

  it('are refused above the limit of unfinished uploads, with the limit and the next step', async () => {
    const owner = newId()
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(owner, 10)))
    const { outcome } = await storage.requestRoom(owner, { byteSize: 10 })
    expect(outcome.refusal).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/5 unfinished uploads.*limit is 5\..*cancelUpload/),
    })
    expect((await storage.requestRoom(newId(), { byteSize: 10 })).outcome.refusal).toBeNull()
    await Promise.all(opened.slice(0, 1).map((upload) => tus('DELETE', upload)))
    expect((await storage.requestRoom(owner, { byteSize: 10 })).outcome.refusal).toBeNull()
  })

  it('lose an upload after an hour, even if they renew its key or send empty requests', async () => {
    const upload = await open(newId(), 10)
    const first = await expiresAt(upload)
    expect(Date.parse(first.expiresAt) - now.getTime()).toBe(3600_000)
    now = new Date(now.getTime() + 1800_000)
    const { key } = await renew(upload)
    expect((await patch({ ...upload, key }, 0, Buffer.alloc(0))).status).toBe(204)
    expect((await tus('HEAD', { ...upload, key })).status).toBe(200)
    expect(await expiresAt(upload)).toEqual(first)
    now = new Date(now.getTime() + 1801_000)
    expect((await renew(upload)).refusal).toMatchObject({
      code: 'EXPIRED',
      message: expect.stringContaining('requestUpload'),
    })
    await eventually(async () => (await expiresAt(upload)).state === 'EXPIRED', 60_000)
  })
})

describe('arriving bytes', () => {
  it('keep an upload open for a day', async () => {
    const upload = await open(newId(), 10)
    now = new Date(now.getTime() + 1800_000)
    const { headers } = await patch(upload, 0, Buffer.alloc(3))
    const day = new Date(now.getTime() + 24 * 3600_000)
    expect(Date.parse((await expiresAt(upload)).expiresAt)).toBe(day.getTime())
    expect(headers.get('upload-expires')).toBe(day.toUTCString())
  })

  it('are refused without free space, and accepted from the same offset when there is space again', async () => {
    const [first, second] = [await open(newId(), 15 * MIB), await open(newId(), 15 * MIB)]
    expect((await patch(first, 0, Buffer.alloc(14 * MIB))).status).toBe(204)
    const refused = await patch(second, 0, Buffer.alloc(15 * MIB, 1))
    expect(refused.status).toBe(507)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('HEAD')
    const offset = await offsetOf(second)
    expect(offset).toBeGreaterThan(9 * MIB)
    expect(offset).toBeLessThanOrEqual(10 * MIB)
    expect((await storage.requestRoom(newId(), { byteSize: MIB })).outcome.refusal).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      retryAfterSeconds: expect.any(Number),
    })
    await tus('DELETE', first)
    expect((await patch(second, offset, Buffer.alloc(15 * MIB - offset, 1))).status).toBe(204)
  })

  it('hold space ahead that is released after the service was killed', async () => {
    const upload = await open(newId(), 20 * MIB)
    await patch(upload, 0, Buffer.alloc(100))
    const sql = new pg.Client({ connectionString: storage.databaseUrl })
    await sql.connect()
    sql.on('error', () => {})
    const held = async () =>
      (await sql.query('SELECT held_bytes::int FROM storage.uploads')).rows[0].held_bytes
    expect(await held()).toBe(100)
    // The state that a process leaves when it is killed in the middle of a request.
    await sql.query('UPDATE storage.uploads SET held_bytes = 9000000')
    await new Promise((resolve) => setTimeout(resolve, 500))
    // Another process might still be receiving the upload.
    expect(await held()).toBe(9_000_000)
    now = new Date(now.getTime() + 700_000)
    await eventually(async () => (await held()) === 100, 60_000)
    expect(await offsetOf(upload)).toBe(100)
    await sql.end()
  })

  it('in one multipart request are refused with a typed failure without free space', async () => {
    const clips = await openClips()
    const film = await clips.bytes('film.mp4')
    await clips.remove()
    const [greedy, small] = [await open(newId(), 24 * MIB), await open(newId(), film.length)]
    await patch(greedy, 0, Buffer.alloc(24 * MIB - film.length + 1))
    const send = async () => {
      const variant = new FormData()
      const variables = { input: { uploadId: small.uploadId, key: small.key, file: null } }
      variant.set('operations', JSON.stringify({ query: UPLOAD, variables }))
      variant.set('map', JSON.stringify({ 0: ['variables.input.file'] }))
      variant.set('0', new Blob([new Uint8Array(film)]), 'film.mp4')
      const response = await fetch(`${storage.address()}/uploads/graphql`, { method: 'POST', body: variant })
      return JSON.parse(await response.text()).data.uploadMedia
    }
    expect(await send()).toMatchObject({ __typename: 'RequestFailed', code: 'STORAGE_UNAVAILABLE' })
    await tus('DELETE', greedy)
    expect(await send()).toMatchObject({ __typename: 'UploadMediaPayload' })
  })
})

const UPLOAD = `mutation ($input: UploadMediaInput!) {
  uploadMedia(input: $input) { __typename ... on UploadMediaPayload { media { id } } ... on Failure { code message } }
}`
