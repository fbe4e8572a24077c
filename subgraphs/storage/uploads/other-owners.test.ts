import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>

beforeAll(async () => {
  const env = { STORAGE_WORKERS: '1', STORAGE_MAX_DURATION: '0.5' }
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage(env)])
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const MANY = 10

test('many photos of one owner do not delay the photo of another owner', async () => {
  const photo = await clips.bytes('photo.jpg')
  const [busy, other] = [newId(), newId()]
  const announced = { byteSize: photo.length, mimeType: 'image/jpeg' }
  const late = await storage.openUpload(other, announced)
  const early = []
  for (let n = 0; n < MANY; n++) early.push(await storage.openUpload(busy, announced))
  await Promise.all(early.map((opened) => patch(opened, 0, photo)))
  await patch(late, 0, photo)
  const ready = () =>
    storage.registered.filter(({ state }) => state === 'READY').map(({ ownerId }) => ownerId)
  const deadline = Date.now() + 120_000
  while (ready().length < MANY + 1 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(ready()).toHaveLength(MANY + 1)
  expect(ready().indexOf(other)).toBeLessThan(MANY / 2 + 1)
}, 150_000)

test('a recording that is too long is rejected with the limit and the name of its setting', async () => {
  const owner = newId()
  const film = await clips.bytes('film.mp4')
  const opened = await storage.openUpload(owner, { byteSize: film.length })
  await patch(opened, 0, film)
  const session = await eventually(async () => {
    const now = await storage.session(owner, opened.uploadId)
    return now.state === 'REJECTED' && now
  }, 60_000)
  expect(session.failure).toEqual({
    code: 'TOO_LARGE',
    message: expect.stringMatching(/^The recording has a duration of .*STORAGE_MAX_DURATION/),
  })
})

test('renditions count towards the quota of their owner', async () => {
  const owner = newId()
  const photo = await clips.bytes('photo.jpg')
  const opened = await storage.openUpload(owner, { byteSize: photo.length, mimeType: 'image/jpeg' })
  await patch(opened, 0, photo)
  const used = async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on User { storageUsage { usedBytes } } } }`
    const [user] = (await storage.ask(query, { of: [{ __typename: 'User', id: owner }] }, owner))._entities
    return user.storageUsage.usedBytes as number
  }
  await eventually(
    async () => storage.registered.some((message) => message.ownerId === owner && message.state === 'READY'),
    60_000,
  )
  expect(await used()).toBeGreaterThan(photo.length)
})
