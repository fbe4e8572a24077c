import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expectMember } from '../scripts/client/client.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import { announcement, storedMedia, tryRequestUpload, uploadEnd } from '../scripts/client/uploads.ts'
import { largeFile } from '../testing/product/large-file.ts'
import { streamMultipart } from '../testing/product/multipart-stream.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

const MIB = 1024 * 1024
const DISK_BYTES = 32 * MIB

/** Mounts a small file system in memory. Returns null, or the reason if mounting is not allowed. */
function mountSmallDisk(folder: string): string | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'pipe' })
    return null
  } catch (error) {
    return `SKIPPED, since no file system can be mounted here: ${error}`
  }
}

const root = await mkdtemp(path.join(os.tmpdir(), 'moblog-small-disk-'))
const noDisk = mountSmallDisk(root)
if (noDisk) process.stderr.write(`\n*** A really full disk is NOT tested. ${noDisk}\n\n`)

afterAll(async () => {
  if (!noDisk) execFileSync('umount', ['--lazy', root])
  await rm(root, { recursive: true, force: true })
})

;(noDisk ? describe.skip : describe).each(MODES)('storage on a disk that is full, %s', (mode) => {
  let product: Product
  let mei: Person
  let folder: string
  const filler = () => path.join(root, 'filler')

  beforeAll(async () => {
    folder = path.join(root, mode.replaceAll(' ', '-'))
    await mkdir(folder)
    const env = { STORAGE_DIR: folder, STORAGE_FREE_FLOOR: '0', STORAGE_SWEEP_INTERVAL_SECONDS: '1' }
    product = await startProduct(mode, { env })
    ;[mei] = await signUpAll(product.url, ['Mei'])
  })
  afterAll(async () => {
    await product?.close()
    await rm(folder, { recursive: true, force: true })
    await rm(filler(), { force: true })
  })

  /** Fills the rest of the disk, as another program would. */
  async function fill() {
    const handle = await open(filler(), 'w')
    const block = Buffer.alloc(64 * 1024)
    try {
      for (;;) await handle.write(block)
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    } finally {
      await handle.close()
    }
  }

  const granted = async (file: Awaited<ReturnType<typeof largeFile>>) =>
    expectMember(await tryRequestUpload(mei, announcement(file)), 'RequestUploadPayload')

  it('refuses bytes with a failure that names the next step, loses no acknowledged byte, and resumes when there is space', async () => {
    const [long, short] = [await largeFile(8 * MIB), await largeFile(4 * MIB)]
    const [byTus, byMultipart] = [await granted(long), await granted(short)]
    const begun = 3 * MIB
    const bytes = Buffer.concat(await long.from(0).toArray())
    expect((await tusPatch(byTus, 0, bytes.subarray(0, begun))).status).toBe(204)
    await fill()

    const refused = await tusPatch(byTus, begun, bytes.subarray(begun))
    expect({ status: refused.status, retryAfter: refused.headers['retry-after'] }).toEqual({
      status: 507,
      retryAfter: '60',
    })
    const { uploadSession, key, multipartUrl } = byMultipart
    const send = () =>
      streamMultipart(multipartUrl, {
        uploadId: uploadSession.id,
        key,
        mimeType: 'video/mp4',
        bytes: short.from(0),
      })
    const { result } = await send()
    expect(result && expectMember(result, 'RequestFailed')).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    expect((await tryRequestUpload(mei, announcement(long))).__typename).toBe('StorageUnavailable')
    const { offset } = await tusHead(byTus)
    expect(offset).toBeGreaterThanOrEqual(begun)

    await rm(filler())
    expect((await tusPatch(byTus, offset, bytes.subarray(offset))).status).toBe(204)
    const again = await send()
    expect(again.result?.__typename).toBe('UploadMediaPayload')
    for (const [{ uploadSession }, { sha256 }] of [
      [byTus, long],
      [byMultipart, short],
    ] as const) {
      expect(storedMedia(await uploadEnd(mei, uploadSession.id)).sha256).toBe(sha256)
    }
  })
})
