import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import path from 'node:path'
import pg from 'pg'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'
import { openLocalDisk } from '../objects/local-disk.ts'
import { CHANNEL } from '../revocations/revocation-store.ts'

const SIZE = 32 * 1024 ** 2
const bytes = randomBytes(SIZE)
const sha256 = createHash('sha256').update(bytes).digest('hex')
const [alice, bob, carol] = [newId(), newId(), newId()]
let storage: TestStorage
let sql: pg.Client

beforeAll(async () => {
  storage = await startTestStorage()
  sql = new pg.Client({ connectionString: storage.databaseUrl })
  await sql.connect()
})

afterAll(async () => {
  await sql.end()
  await storage.stop()
})

/** Stores a media file without an upload, because its content does not matter for delivery. */
async function store({
  title = 'The sea',
  isProgressive = false,
  isForOthers = true,
  mimeType = 'video/mp4',
  into = storage,
  db = sql,
} = {}) {
  const id = newId()
  const source = path.join(into.folder, 'source')
  await writeFile(source, bytes)
  await (await openLocalDisk(path.join(into.folder, 'objects'))).put(id, 'original', source)
  await db.query(
    `INSERT INTO storage.media (id, owner_id, upload_id, kind, state, title, mime_type, byte_size, sha256, is_progressive, created_at)
     VALUES ($1, $2, $3, 'VIDEO', 'READY', $4, $5, $6, $7, $8, now())`,
    [id, alice, newId(), title, mimeType, SIZE, sha256, isProgressive],
  )
  // Like a file that contains nothing but what playback needs.
  if (isForOthers) {
    await db.query(
      `INSERT INTO storage.renditions (media_id, role, object_name, mime_type, byte_size)
       VALUES ($1, 'SHARED', 'original', $2, $3)`,
      [id, mimeType, SIZE],
    )
  }
  return id
}

let film: string
let token: string
const address = (media = film, key = token, variant = 'original') =>
  `${storage.address()}/v/${key}/${media}/${variant}`

beforeAll(async () => {
  film = await store()
  token = await storage.mediaToken({ sub: bob, media: film, owner: alice })
})

const revoke = (revocations: Record<string, unknown>[]) =>
  storage.internal('mutation ($input: RevokeMediaAccessInput!) { revokeMediaAccess(input: $input) }', {
    input: { revocations },
  })

describe('delivery', () => {
  it('sends the whole file with its headers', async () => {
    const response = await fetch(address())
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': `${SIZE}`,
      'accept-ranges': 'bytes',
      etag: `"${film}-original"`,
      'cache-control': 'private',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'content-disposition': `inline; filename="The sea.mp4"; filename*=UTF-8''The%20sea.mp4`,
    })
    expect(response.headers.get('access-control-expose-headers')).toContain('Content-Range')
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it.each<[string, number, number]>([
    ['bytes=0-1', 0, 2],
    ['bytes=1000-1999', 1000, 2000],
    [`bytes=${SIZE - 5}-`, SIZE - 5, SIZE],
    ['bytes=-7', SIZE - 7, SIZE],
    [`bytes=300000-${SIZE * 2}`, 300000, SIZE],
  ])('sends the range %s', async (range, from, to) => {
    const response = await fetch(address(), { headers: { range } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${SIZE}`)
    expect(response.headers.get('content-length')).toBe(`${to - from}`)
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true)
  })

  it('returns the size of the file for a range outside it', async () => {
    const response = await fetch(address(), { headers: { range: `bytes=${SIZE}-` } })
    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe(`bytes */${SIZE}`)
  })

  it('sends the whole file for several ranges, and for a range of another version', async () => {
    const statuses = await Promise.all(
      [{ range: 'bytes=0-1,5-6' }, { range: 'bytes=0-1', 'if-range': '"other"' }].map(async (headers) => {
        const response = await fetch(address(), { headers })
        await response.body?.cancel()
        return [response.status, response.headers.get('content-length')]
      }),
    )
    expect(statuses).toEqual([
      [200, `${SIZE}`],
      [200, `${SIZE}`],
    ])
    const same = await fetch(address(), { headers: { range: 'bytes=0-1', 'if-range': `"${film}-original"` } })
    expect(same.status).toBe(206)
    await same.arrayBuffer()
  })

  it('answers 304 if the client already has the file', async () => {
    const response = await fetch(address(), { headers: { 'if-none-match': `"${film}-original"` } })
    expect(response.status).toBe(304)
    expect(response.headers.get('etag')).toBe(`"${film}-original"`)
  })

  it.each([null, 'bytes=0-9', `bytes=${SIZE}-`, 'bytes=-0', 'bytes=0-1,5-6'])(
    'answers HEAD with Range %s like a GET of the whole file without the body',
    async (range) => {
      for (const url of [address(), `${storage.address()}/media/${film}/original`]) {
        const headers = { authorization: `Bearer ${token}`, ...(range && { range }) }
        const response = await fetch(url, { method: 'HEAD', headers })
        expect(response.status).toBe(200)
        expect(response.headers.get('content-length')).toBe(`${SIZE}`)
        expect(response.headers.get('content-range')).toBeNull()
        expect(response.headers.get('accept-ranges')).toBe('bytes')
        expect(await response.text()).toBe('')
      }
    },
  )

  it('accepts the token in the Authorization header', async () => {
    const url = `${storage.address()}/media/${film}/original`
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, range: 'bytes=0-9' } })
    expect(response.status).toBe(206)
    expect((await fetch(url)).status).toBe(403)
    const preflight = await fetch(url, { method: 'OPTIONS' })
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
  })

  it('serves the original as the progressive variant only if every phone plays it', async () => {
    expect((await fetch(address(film, token, 'progressive'))).status).toBe(404)
    expect((await fetch(address(film, token, 'poster'))).status).toBe(404)
    const playable = await store({ isProgressive: true })
    const key = await storage.mediaToken({ sub: bob, media: playable, owner: alice })
    expect((await fetch(address(playable, key, 'progressive'), { method: 'HEAD' })).status).toBe(200)
  })

  it('sends the uploaded file to its owner only', async () => {
    const uploaded = await store({ isProgressive: true, isForOthers: false })
    // As earlier versions stored it if every phone plays the original.
    await sql.query(
      `INSERT INTO storage.renditions (media_id, role, object_name, mime_type, byte_size)
       VALUES ($1, 'PROGRESSIVE', 'original', 'video/mp4', $2)`,
      [uploaded, SIZE],
    )
    const statuses = async (viewerId: string) => {
      const key = await storage.mediaToken({ sub: viewerId, media: uploaded, owner: alice })
      const variants = ['original', 'progressive'].map((variant) => address(uploaded, key, variant))
      return Promise.all(variants.map(async (url) => (await fetch(url, { method: 'HEAD' })).status))
    }
    expect(await statuses(alice)).toEqual([200, 200])
    expect(await statuses(bob)).toEqual([404, 404])
  })

  it('writes any title into the header of a download', async () => {
    const odd = await store({ title: '海边 "x"\r\nSet-Cookie: a=b/..\\', mimeType: 'audio/mpeg' })
    const key = await storage.mediaToken({ sub: bob, media: odd, owner: alice })
    const response = await fetch(`${address(odd, key)}?download`, { method: 'HEAD' })
    const disposition = response.headers.get('content-disposition')
    expect(disposition).toMatch(
      /^attachment; filename="__ x Set-Cookie a=b\.mp3"; filename\*=UTF-8''%E6%B5%B7/,
    )
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  it('refuses other methods than GET and HEAD', async () => {
    expect((await fetch(address(), { method: 'PUT', body: 'x' })).status).toBe(405)
  })
})

describe('access control', () => {
  it('gives the same answer to every invalid token and address', async () => {
    const good = { sub: bob, media: film, owner: alice }
    const now = Date.now() / 1000
    const tokens = [
      '',
      'nonsense',
      `${token.slice(0, -4)}AAAA`,
      await storage.mediaToken({ ...good, exp: now - 1 }),
      await storage.mediaToken({ ...good, media: newId() }),
      await storage.mediaToken({ ...good, aud: 'blog' }),
      await storage.mediaToken(good, 'page+jwt'),
      await storage.uploadKey({ sub: bob, upload: film, jti: newId() }),
      await storage.host.keyring.sign({ aud: 'storage', iat: now, exp: now + 60, ...good }, 'media+jwt'),
    ]
    const missing = newId()
    const toNothing = await storage.mediaToken({ ...good, media: missing })
    const urls = [
      ...tokens.map((key) => address(film, key)),
      address(missing, toNothing),
      address('nonsense'),
      `${storage.address()}/v/`,
      `${storage.address()}/v/${token}`,
      `${storage.address()}/v/${token}/${film}/../../${missing}/original`,
    ]
    const answers = await Promise.all(
      urls.map(async (url) => {
        const response = await fetch(url)
        return `${response.status} ${await response.text()}`
      }),
    )
    expect(new Set(answers)).toEqual(
      new Set([
        '403 {"message":"The address or its media token is not valid, or not valid any more. Query the media for a new one."}',
      ]),
    )
  })

  it('refuses a token after its expiry', async () => {
    const media = await store()
    const now = Date.now() / 1000
    const shortLived = await storage.mediaToken({ sub: bob, media, owner: alice, exp: now + 1.2 })
    expect((await fetch(address(media, shortLived), { method: 'HEAD' })).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect((await fetch(address(media, shortLived), { method: 'HEAD' })).status).toBe(403)
  })
})

/** Starts a download and reads only its beginning. */
async function beginDownload(url: string): Promise<IncomingMessage> {
  const request = get(url, { agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.on('error', () => {})
  response.once('data', () => response.pause())
  await once(response, 'data')
  return response
}

// once() would reject with the error of the cut connection.
const closing = (response: IncomingMessage) => new Promise((resolve) => response.once('close', resolve))

describe('a revocation', () => {
  it('cuts the downloads of the revoked viewer only', async () => {
    const carols = await storage.mediaToken({ sub: carol, media: film, owner: alice })
    const [cut, other] = await Promise.all([beginDownload(address()), beginDownload(address(film, carols))])
    const closed = closing(cut)
    const began = performance.now()
    await revoke([{ ownerId: alice, viewerId: bob, issuedUntil: new Date().toISOString() }])
    cut.resume()
    await closed
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(cut.complete).toBe(false)
    expect((await fetch(address())).status).toBe(403)

    let received = 0
    other.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    await once(other.resume(), 'end')
    expect(other.complete).toBe(true)
    expect(received).toBeGreaterThan(SIZE / 2)
  })

  it('does not apply to a token that was issued afterwards', async () => {
    const until = new Date()
    await revoke([{ mediaId: film, issuedUntil: until.toISOString() }])
    const later = await storage.mediaToken({
      sub: bob,
      media: film,
      owner: alice,
      iat: (until.getTime() + 1) / 1000,
    })
    expect((await fetch(address(film, later), { method: 'HEAD' })).status).toBe(200)
  })

  it('of a session does not apply to other sessions of the same viewer', async () => {
    const media = await store()
    const tokenOf = (sid: string) => storage.mediaToken({ sub: bob, sid, media, owner: alice })
    const [stolen, own] = [newId(), newId()]
    const download = await beginDownload(address(media, await tokenOf(stolen)))
    const closed = closing(download)
    await revoke([{ sessionId: stolen, issuedUntil: new Date(Date.now() + 60_000).toISOString() }])
    download.resume()
    await closed
    expect(download.complete).toBe(false)
    expect((await fetch(address(media, await tokenOf(stolen)), { method: 'HEAD' })).status).toBe(403)
    expect((await fetch(address(media, await tokenOf(own)), { method: 'HEAD' })).status).toBe(200)
  })

  it('that was issued while the service was down is loaded before the service sends bytes', async () => {
    const media = await store()
    const key = await storage.mediaToken({ sub: bob, media, owner: alice })
    storage.setPendingRevocations(null)
    await storage.restart()
    for (const variant of ['original', 'poster', 'stream/index.m3u8']) {
      const early = await fetch(address(media, key, variant))
      expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1'])
    }
    expect((await fetch(`${storage.address()}/readyz`)).status).toBe(503)
    const revocation = { ownerId: alice, viewerId: bob, mediaId: null, sessionId: null }
    storage.setPendingRevocations([{ ...revocation, issuedUntil: new Date().toISOString() }])
    await eventually(async () => (await fetch(`${storage.address()}/readyz`)).ok, 60_000)
    expect((await fetch(address(media, key))).status).toBe(403)
    storage.setPendingRevocations([])
  })

  it('still applies after a restart', async () => {
    const media = await store()
    const key = await storage.mediaToken({ sub: bob, media, owner: alice })
    await revoke([{ mediaId: media, issuedUntil: new Date().toISOString() }])
    await storage.restart()
    expect((await fetch(address(media, key), { method: 'HEAD' })).status).toBe(403)
  })

  it('of another replica cuts downloads of this replica', async () => {
    const media = await store()
    const key = await storage.mediaToken({ sub: bob, media, owner: alice })
    const download = await beginDownload(address(media, key))
    const closed = closing(download)
    const notice = { ownerId: null, viewerId: null, mediaId: media, issuedUntil: new Date().toISOString() }
    await sql.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(notice)])
    download.resume()
    await closed
    expect(download.complete).toBe(false)
  })

  it('is loaded again after the connection to the database was lost', async () => {
    const media = await store()
    const key = await storage.mediaToken({ sub: bob, media, owner: alice })
    // Inserted without NOTIFY as if the connection was lost before the notice arrived.
    await sql.query(
      `INSERT INTO storage.revocations (id, media_id, issued_until, created_at) VALUES ($1, $2, now(), now())`,
      [newId(), media],
    )
    await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'moblog storage revocations'`,
    )
    for (let status = 200; status !== 403; ) {
      status = (await fetch(address(media, key), { method: 'HEAD' })).status
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
})

describe('the limits of a viewer', () => {
  it('refuse further responses with 429 until one ends', async () => {
    const limited = await startTestStorage({ STORAGE_VIEWER_CONNECTIONS: '2' })
    const db = new pg.Client({ connectionString: limited.databaseUrl })
    await db.connect()
    try {
      const id = await store({ into: limited, db })
      const tokenOf = (sub: string | null) =>
        limited.mediaToken({ ...(sub && { sub }), media: id, owner: alice })
      const own = await tokenOf(bob)
      const ask = (key: string) =>
        fetch(`${limited.address()}/v/${key}/${id}/original`, { headers: { range: 'bytes=0-1' } })
      const running = await Promise.all(
        [1, 2].map(() => stalled(`${limited.address()}/v/${own}/${id}/original`)),
      )
      const refused = await ask(own)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
      expect((await ask(await tokenOf(carol))).status).toBe(206)
      expect((await ask(await tokenOf(null))).status).toBe(206)
      running[0]?.destroy()
      await eventually(async () => (await ask(own)).status === 206, 60_000)
      running[1]?.destroy()
    } finally {
      await db.end()
      await limited.stop()
    }
  })

  it('apply to a signed-out viewer by the address that the trusted proxy reports', async () => {
    const limited = await startTestStorage({ STORAGE_VIEWER_CONNECTIONS: '1', TRUSTED_PROXIES: '1' })
    const db = new pg.Client({ connectionString: limited.databaseUrl })
    await db.connect()
    try {
      const id = await store({ into: limited, db })
      const url = `${limited.address()}/v/${await limited.mediaToken({ media: id, owner: alice })}/${id}/original`
      const from = (address: string) => ({ 'x-forwarded-for': `198.51.100.1, ${address}` })
      const running = await Promise.all(Array.from({ length: 8 }, () => stalled(url, from('203.0.113.9'))))
      const statusFrom = async (address: string) => {
        const response = await fetch(url, { headers: { ...from(address), range: 'bytes=0-1' } })
        await response.arrayBuffer()
        return response.status
      }
      expect([await statusFrom('203.0.113.9'), await statusFrom('203.0.113.10')]).toEqual([429, 206])
      for (const response of running) response.destroy()
      await eventually(async () => (await statusFrom('203.0.113.9')) === 206, 60_000)
    } finally {
      await db.end()
      await limited.stop()
    }
  })
})

describe('a running response', () => {
  it('continues after its token has expired, but not for more than nine hours', async () => {
    let ahead = 0
    const later = await startTestStorage({}, () => new Date(Date.now() + ahead))
    const db = new pg.Client({ connectionString: later.databaseUrl })
    await db.connect()
    try {
      const id = await store({ into: later, db })
      const url = async () =>
        `${later.address()}/v/${await later.mediaToken({ sub: bob, media: id })}/${id}/original`
      const first = await url()
      const [playing, staying] = await Promise.all([stalled(first), stalled(first)])
      ahead = 3600_000
      expect((await fetch(first)).status).toBe(403)
      let received = 0
      for await (const chunk of playing) received += chunk.length
      expect(received).toBe(SIZE)
      ahead = 10 * 3600_000
      const rest = (async () => {
        for await (const _chunk of staying);
      })()
      await expect(rest).rejects.toThrow('aborted')
    } finally {
      await db.end()
      await later.stop()
    }
  })
})

/** A response whose body is not being read yet. */
async function stalled(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent: false, headers }), 'response')) as [IncomingMessage]
  return response
}
