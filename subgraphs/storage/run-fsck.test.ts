import { readdir, truncate } from 'node:fs/promises'
import path from 'node:path'
import { jest } from '@jest/globals'
import sharp from 'sharp'
import { readConfig } from '../../platform/config.ts'
import { newId } from '../../platform/ids.ts'
import { settled, upload } from '../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../testing/storage/storage.ts'
import { storageConfig } from './config.ts'
import { openStores, type Stores } from './maintenance.ts'
import { runFsck } from './run-fsck.ts'

let storage: TestStorage
let stores: Stores

beforeAll(async () => {
  storage = await startTestStorage({ STORAGE_WORKERS: '1' })
  stores = await openStores({
    config: readConfig(storageConfig, { STORAGE_DIR: storage.folder }),
    databaseUrl: storage.databaseUrl,
    log: storage.host.log,
  })
})

afterAll(async () => {
  await stores?.close()
  await storage?.stop()
})

async function check() {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const code = await runFsck(stores)
    return { code, lines: write.mock.calls.map(([text]) => text) }
  } finally {
    write.mockRestore()
  }
}

it('reports each variant of an image that does not have its size', async () => {
  const owner = newId()
  const photo = await sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#336699' } })
    .withMetadata({ exif: { IFD0: { Make: 'Camera' } } })
    .jpeg()
    .toBuffer()
  const { mediaId } = await upload(storage, owner, photo, 'image/jpeg')
  expect(await settled(storage, owner, mediaId)).toMatchObject({ state: 'READY' })
  expect(await check()).toMatchObject({ code: 0, lines: [expect.stringMatching(/, 0 problems\n$/)] })

  const folder = path.join(storage.folder, 'objects', mediaId.slice(-4, -2), mediaId.slice(-2), mediaId)
  const variants = (await readdir(folder)).filter((name) => name !== 'original').sort()
  expect(variants.length).toBeGreaterThan(1)
  for (const name of variants) await truncate(path.join(folder, name), 10)

  const { code, lines } = await check()
  expect(code).toBe(1)
  expect(lines.slice(0, -1).sort()).toEqual(
    variants.map((name) => expect.stringContaining(`${mediaId}/${name} has 10 bytes instead of `)),
  )
  expect(lines.at(-1)).toContain(`, ${variants.length} problems\n`)
})
