import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type MediaFile, sha256Of } from '../scripts/client/media-file.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import { type Grant, requestUpload, storedMedia, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const IS_BIG = Boolean(process.env.MOBLOG_TEST_BIG)
const UPLOADS = IS_BIG ? 32 : 12
const KILLS = IS_BIG ? 20 : 6
const CHUNK = 32 * 1024
const TIME_MS = 600_000

/** Returns a different clip for each upload: the playable part is followed by an MP4 `free` box of random bytes. */
function withTail(clip: MediaFile, index: number): MediaFile {
  const tail = randomBytes(400_000 + index * 1_000)
  const header = Buffer.alloc(8)
  header.writeUInt32BE(tail.length + 8, 0)
  header.write('free', 4, 'latin1')
  const bytes = Buffer.concat([clip.bytes, header, tail])
  return { ...clip, bytes, sha256: sha256Of(bytes) }
}

describe(`${UPLOADS} uploads while the server is killed ${KILLS} times`, () => {
  let product: Product
  let mei: Person
  beforeAll(async () => {
    // This test is about receiving. Renditions would only compete for the processor.
    product = await startProduct('in one process', {
      env: { STORAGE_WORKERS: '0', STORAGE_SWEEP_INTERVAL_SECONDS: '1', STORAGE_USER_OPEN_UPLOADS: '100' },
    })
    ;[mei] = (await signUpAll(product.url, ['Mei'])) as [Person]
  })
  afterAll(() => product?.close())

  it(
    'become complete, and leave no files behind',
    async () => {
      const clip = await mediaFile('clip.mp4')
      const files = Array.from({ length: UPLOADS }, (_, index) => withTail(clip, index))
      const grants: Grant[] = []
      for (const file of files) grants.push(await requestUpload(mei, file, { sha256: file.sha256 }))

      let kills = 0
      const began = performance.now()
      const killing = (async () => {
        while (kills < KILLS) {
          await sleep(50 + Math.random() * 700)
          await product.end('SIGKILL')
          kills++
          await product.start()
        }
      })()
      await Promise.all([
        killing,
        ...grants.map((grant, index) => send(grant, files[index]?.bytes ?? Buffer.alloc(0))),
      ])
      reportFigure(
        `${UPLOADS} uploads, ${KILLS} kills: all sent after ${Math.round(performance.now() - began)} ms`,
      )

      /** Sends chunk after chunk, some between any two kills. After each lost connection it asks for the offset. */
      async function send(grant: Grant, bytes: Buffer): Promise<void> {
        for (let offset = 0; offset < bytes.length; ) {
          const end = Math.min(bytes.length, offset + CHUNK)
          const answer = await tusPatch(grant, offset, bytes.subarray(offset, end)).catch(() => null)
          if (answer?.status === 204) offset = end
          else offset = await whereItStands(grant)
          while (kills < Math.floor((offset / bytes.length) * KILLS)) await sleep(20)
          await sleep(Math.random() * 300)
        }
      }

      for (const [index, grant] of grants.entries()) {
        const media = storedMedia(await uploadEnd(mei, grant.uploadSession.id, 60_000))
        expect(media.sha256).toBe(files[index]?.sha256)
      }
      const storage = path.join(product.dataDir, 'storage')
      await eventually(
        () => readdir(path.join(storage, 'uploads')),
        (left) => left.length === 0,
        70_000,
      )
      const folders = (await readdir(path.join(storage, 'objects'), { recursive: true })).filter((name) =>
        name.endsWith('/original'),
      )
      expect(folders).toHaveLength(UPLOADS)
      const { storageUsage } = (await mei.client.ask('viewer', {})).viewer ?? {}
      expect(storageUsage).toMatchObject({
        usedBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
        reservedBytes: 0,
      })
    },
    TIME_MS,
  )
})

async function whereItStands(grant: Grant): Promise<number> {
  for (;;) {
    const head = await tusHead(grant).catch(() => null)
    if (head?.status === 200) return head.offset
    if (head && head.status < 500) throw new Error(`the upload answers ${head.status}`)
    await sleep(50)
  }
}
