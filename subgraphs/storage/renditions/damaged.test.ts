import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { type ClipName, HEIC_PHOTO, openClips, RECIPES } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const IS_BIG = process.env.MOBLOG_TEST_BIG === '1'
// A folder of files from elsewhere, such as recordings of real phones.
const FOLDER = process.env.MOBLOG_TEST_MEDIA
const CLIPS = IS_BIG
  ? (Object.keys(RECIPES) as ClipName[])
  : (['film.mp4', 'sound.flac', 'photo.jpg'] as const)

const HARMS: Record<string, (bytes: Buffer) => Buffer> = {
  'cut off after a tenth': (bytes) => bytes.subarray(0, bytes.length * 0.1),
  'cut off in the middle': (bytes) => bytes.subarray(0, bytes.length * 0.5),
  'cut off near its end': (bytes) => bytes.subarray(0, bytes.length * 0.95),
  'with 1 % of its bytes flipped': (bytes) => {
    // A seeded generator, so that each run tests the same damage.
    let state = 1
    return bytes.map((byte) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state < 0x1_0000_0000 / 100 ? byte ^ 0xff : byte
    }) as Buffer
  },
  'with zeros in its middle': (bytes) =>
    bytes.fill(0, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6)),
}

const TAKEN_WITHIN_MS = 60_000

let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>
const owner = newId()
const friend = newId()

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '2' })])
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

type Ended = { state: string; failure: { code: string; message: string } | null; uploadId: string }

/** Uploads bytes and waits for the final state of the upload, or of the media file if the upload was accepted. */
async function end(bytes: Buffer): Promise<Ended & { mediaId: string }> {
  const { session, mediaId } = await upload(storage, owner, bytes)
  const ended =
    session.state === 'COMPLETED' ? await settled(storage, owner, mediaId, TAKEN_WITHIN_MS) : session
  return { state: ended.state, failure: ended.failure, uploadId: session.id, mediaId }
}

async function expectUsable({ state, failure, uploadId, mediaId }: Awaited<ReturnType<typeof end>>) {
  if (state === 'READY') {
    const { response } = await get(storage, { ownerId: owner, viewerId: friend, mediaId }, 'progressive')
    expect([failure, response.status]).toEqual([null, 200])
    return
  }
  expect(state).toMatch(/^(REJECTED|FAILED)$/)
  expect(failure).toEqual({ code: 'UNSUPPORTED_MEDIA', message: expect.stringMatching(/^[A-Z].+\.$/) })
  expect((await storage.session(owner, uploadId)).failure).toEqual(failure)
  const expected =
    state === 'FAILED'
      ? { query: 'registerMedia', state, uploadId }
      : { query: 'reportUploadActivity', kind: 'REJECTED', uploadId }
  await eventually(async () => storage.registered.some((message) => isMatch(message, expected)), 60_000)
}

function isMatch(message: Record<string, unknown>, expected: Record<string, unknown>): boolean {
  return Object.entries(expected).every(([field, value]) => message[field] === value)
}

describe.each(Object.keys(HARMS))('a file %s', (how) => {
  const harm = HARMS[how] ?? ((bytes: Buffer) => bytes)
  it.each(CLIPS)(
    'plays, or fails with a reason for its owner: %s',
    async (name) => {
      await expectUsable(await end(harm(Buffer.from(await clips.bytes(name)))))
    },
    2 * TAKEN_WITHIN_MS,
  )
})

describe.each(Object.keys(HARMS))('a photo of a phone %s', (how) => {
  const harm = HARMS[how] ?? ((bytes: Buffer) => bytes)
  it('is shown, or fails with a reason for its owner', async () => {
    await expectUsable(await end(harm(await readFile(HEIC_PHOTO))))
  })
})

if (FOLDER) {
  describe.each(Object.keys(HARMS))('each file in MOBLOG_TEST_MEDIA %s', (how) => {
    const harm = HARMS[how] ?? ((bytes: Buffer) => bytes)
    it('plays, or fails with a reason for its owner', async () => {
      const ends: Record<string, string> = {}
      for (const name of await readdir(FOLDER)) {
        const ended = await end(harm(await readFile(path.join(FOLDER, name))))
        await expectUsable(ended)
        ends[name] = ended.state
      }
      process.stderr.write(`${how}: ${JSON.stringify(ends)}\n`)
    }, 600_000)
  })
}

it('damaged files leave no work folders and do not block other files', async () => {
  expect(await end(await clips.bytes('film.webm'))).toMatchObject({ state: 'READY' })
  // The work folder is removed after the media is ready.
  await eventually(async () => (await readdir(path.join(storage.folder, 'rendering'))).length === 0, 60_000)
  expect(await readdir(path.join(storage.folder, 'probing'))).toEqual([])
})
