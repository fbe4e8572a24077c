import { newId } from '../../../platform/ids.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { holds, MARKER, type Marked, markedRecordings } from '../../../testing/storage/markers.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const IS_BIG = process.env.MOBLOG_TEST_BIG === '1'
// One file of each family of containers. MOBLOG_TEST_BIG=1 tests all.
const SAMPLE = ['film.mp4', 'film.mkv', 'song.mp3', 'memo.wav']
const MIN_MARKERS = IS_BIG ? 100 : 50

const owner = newId()
const friend = newId()
let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>
let recordings: Marked[]

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '2' })])
  const all = await markedRecordings(clips.folder)
  recordings = IS_BIG ? all : all.filter(({ name }) => SAMPLE.includes(name))
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const MEDIA = `query ($id: ID!) {
  media(id: $id) { id kind state title mimeType byteSize durationSeconds width height renditions { role mimeType } }
}`

/** Downloads everything of a media file that a user other than the owner can get, by name. */
async function allThatOthersGet(mediaId: string): Promise<Map<string, Buffer>> {
  const ids = { ownerId: owner, viewerId: friend, mediaId }
  storage.playable.add(`${friend} ${mediaId}`)
  const got = new Map([
    ['answer', Buffer.from(JSON.stringify(await storage.ask(MEDIA, { id: mediaId }, friend)))],
  ])
  const fetched = async (name: string): Promise<string> => {
    const { response, bytes } = await get(storage, ids, name)
    got.set(name, Buffer.concat([Buffer.from(JSON.stringify([...response.headers])), bytes]))
    return bytes.toString('latin1')
  }
  for (const name of ['original', 'progressive', 'poster']) await fetched(name)
  const master = await fetched('stream/index.m3u8')
  for (const playlist of master.match(/^[\w-]+\.m3u8$/gm) ?? []) {
    const files = (await fetched(`stream/${playlist}`)).match(/[\w-]+\.(m4s|mp4)/g) ?? []
    for (const file of new Set(files)) await fetched(`stream/${file}`)
  }
  return got
}

it('metadata in recordings is sent only to their owner', async () => {
  const planted = recordings.flatMap(({ name, markers }) =>
    [...markers.keys()].map((place) => `${name}: ${place}`),
  )
  expect(planted.length).toBeGreaterThanOrEqual(MIN_MARKERS)
  const found: string[] = []
  const fileCounts = await Promise.all(
    recordings.map(async ({ name, bytes, markers }) => {
      const { session, mediaId } = await upload(storage, owner, bytes, 'video/mp4')
      expect([name, session.failure]).toEqual([name, null])
      expect([name, (await settled(storage, owner, mediaId, 110_000)).state]).toEqual([name, 'READY'])
      const own = await get(storage, { ownerId: owner, viewerId: owner, mediaId }, 'original')
      expect([name, own.bytes.equals(bytes)]).toEqual([name, true])
      const got = await allThatOthersGet(mediaId)
      for (const [what, content] of got) {
        for (const [place, marker] of markers)
          if (holds(content, marker)) found.push(`${name}: ${place} in ${what}`)
        if (holds(content, MARKER)) found.push(`${name}: a part of a marker in ${what}`)
      }
      return got.size
    }),
  )
  expect(found).toEqual([])
  // The answer, three files, the playlists and at least two files of the stream.
  expect(Math.min(...fileCounts)).toBeGreaterThanOrEqual(8)
}, 240_000)
