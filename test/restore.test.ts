import { readdir, utimes } from 'node:fs/promises'
import path from 'node:path'
import { jest } from '@jest/globals'
import pg from 'pg'
import { accessTo } from '../scripts/client/moblogs.ts'
import { type Person, signUp } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import { type Grant, requestUpload, uploadByTus, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, prepareProduct } from '../testing/product/product.ts'

// The product is started five times.
jest.setTimeout(120_000)

// Follows docs/restore.md on copies of the database. A copy is the same as a restored dump.
describe('restoring the database from a dump', () => {
  let product: Product
  let mei: Person
  let before: string
  let after: string
  let unfinished: Grant
  const dumps: string[] = []

  beforeAll(async () => {
    product = await prepareProduct('in one process', { env: { STORAGE_WORKERS: '0' } })
    const clip = await mediaFile('clip.mp4')
    await product.start()
    mei = await signUp(product.url, 'Mei')
    before = (await uploadByTus(mei, clip)).id
    await stopped(() => dump('older'))
    after = (await uploadByTus(mei, clip)).id
    unfinished = await requestUpload(mei, clip)
    await tusPatch(unfinished, 0, clip.bytes.subarray(0, 1_000))
    await stopped(() => dump('newer'))
  })
  afterAll(async () => {
    await product?.close()
    await Promise.all(dumps.map((name) => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)))
  })

  const administer = async (sql: string) => {
    const client = new pg.Client(process.env.TEST_DATABASE_URL)
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  const database = () => new URL(product.databaseUrl ?? '').pathname.slice(1)
  const dump = async (name: string) => {
    dumps.push(`${database()}_${name}`)
    await administer(`CREATE DATABASE ${database()}_${name} TEMPLATE ${database()}`)
  }
  const restore = async (name: string) => {
    await administer(`DROP DATABASE ${database()} WITH (FORCE)`)
    await administer(`CREATE DATABASE ${database()} TEMPLATE ${database()}_${name}`)
  }
  const stopped = async (work: () => Promise<void>) => {
    await product.end('SIGTERM')
    await work()
    await product.start()
  }
  const objects = () => path.join(product.dataDir, 'storage', 'objects')
  const uploads = () => path.join(product.dataDir, 'storage', 'uploads')
  const folderOf = (id: string) => path.join(objects(), id.slice(-4, -2), id.slice(-2), id)
  const uploadId = () => unfinished.uploadSession.id
  /** Makes files a day older, because cleanup ignores recent files. */
  const age = async () => {
    const yesterday = new Date(Date.now() - 24 * 3600_000)
    for (const file of [folderOf(before), folderOf(after), path.join(uploads(), uploadId())])
      await utimes(file, yesterday, yesterday)
  }
  const download = async (id: string) => {
    const access = await accessTo(mei.client, id)
    const response = await fetch(access?.url ?? '')
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
  }
  const quarantined = async () => ({
    media: await readdir(path.join(objects(), '.quarantine')).catch(() => []),
    uploads: await readdir(path.join(uploads(), '.quarantine')).catch(() => []),
  })

  it('from an older dump keeps newer media and uploads in quarantine, and serves the others', async () => {
    await stopped(async () => {
      await age()
      await restore('older')
    })
    await eventually(quarantined, ({ media, uploads }) => media.length === 1 && uploads.length === 1)
    expect(await quarantined()).toEqual({ media: [after], uploads: [uploadId()] })
    expect((await download(before)).status).toBe(200)
    expect(await accessTo(mei.client, after)).toBeNull()
  })

  it('from a newer dump brings them back: media are served, and the upload continues where it was', async () => {
    await stopped(() => restore('newer'))
    await eventually(quarantined, ({ media, uploads }) => media.length + uploads.length === 0)
    const clip = await mediaFile('clip.mp4')
    expect((await download(after)).bytes.equals(clip.bytes)).toBe(true)
    expect(await tusHead(unfinished)).toEqual({ status: 200, offset: 1_000 })
    expect((await tusPatch(unfinished, 1_000, clip.bytes.subarray(1_000))).status).toBe(204)
    expect((await uploadEnd(mei, uploadId())).state).toBe('COMPLETED')
  })
})
