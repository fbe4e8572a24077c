import { readdir } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

const ERASE = 'mutation ($input: EraseUserInput!) { eraseUserMedia(input: $input) }'

let clips: Awaited<ReturnType<typeof openClips>>
let storage: TestStorage
let photo: Buffer

beforeAll(async () => {
  clips = await openClips()
  photo = await clips.bytes('photo.png')
  storage = await startTestStorage()
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const erase = (userId: string) => storage.internal(ERASE, { input: { userId } })
const open = (ownerId: string) =>
  storage.openUpload(ownerId, { byteSize: photo.length, mimeType: 'image/png', title: 'Secret title' })
async function upload(ownerId: string): Promise<string> {
  const opened = await open(ownerId)
  await patch(opened, 0, photo)
  const session = await eventually(async () => {
    const found = await storage.session(ownerId, opened.uploadId)
    return found.state === 'COMPLETED' && found
  }, 60_000)
  return session.media.id
}
const play = async (mediaId: string, owner: string) => {
  const token = await storage.mediaToken({ sub: owner, media: mediaId, owner })
  const response = await fetch(`${storage.address()}/v/${token}/${mediaId}/original`)
  await response.arrayBuffer()
  return response.status
}
const objects = async () => {
  const files = await readdir(path.join(storage.folder, 'objects'), { recursive: true })
  return files.join('\n')
}

describe('erasing a user', () => {
  it('deletes media, files and uploads, revokes tokens, and keeps the data of other users', async () => {
    const [me, other] = [newId(), newId()]
    const [first, second, theirs] = [await upload(me), await upload(me), await upload(other)]
    const unfinished = await open(me)
    await patch(unfinished, 0, photo.subarray(0, 100))
    expect([await play(first, me), await play(theirs, other)]).toEqual([200, 200])
    expect(await erase(me)).toEqual({ eraseUserMedia: true })

    expect(await play(first, me)).not.toBe(200)
    expect(await play(theirs, other)).toBe(200)
    const remaining = await objects()
    for (const id of [first, second]) expect(remaining).not.toContain(id)
    expect(remaining).toContain(theirs)
    expect((await storage.uploadFiles()).join()).not.toContain(unfinished.uploadId)
    expect((await tus('HEAD', unfinished)).ok).toBe(false)
    await eventually(
      async () => storage.registered.filter(({ query }) => query === 'unregisterMedia').length === 2,
      60_000,
    )

    const client = new pg.Client({ connectionString: storage.databaseUrl, options: '-c search_path=storage' })
    await client.connect()
    const { rows } = await client.query(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'storage'`,
    )
    for (const { name } of rows.filter((table) => table.name !== 'revocations')) {
      const found = await client.query(`SELECT FROM "${name}" AS t WHERE t::text LIKE '%' || $1 || '%'`, [me])
      expect({ name, rows: found.rowCount }).toEqual({ name, rows: 0 })
    }
    await client.end()
  })

  it('waits for uploads in verification and erases the resulting media', async () => {
    const me = newId()
    const opened = await open(me)
    await Promise.all([patch(opened, 0, photo), erase(me)])
    await erase(me)
    expect(await objects()).not.toContain(me)
    const query = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) {
      ... on User { storageUsage { usedBytes reservedBytes } } } }`
    const [user] = (await storage.ask(query, { id: me }, me))._entities
    expect(user.storageUsage).toEqual({ usedBytes: 0, reservedBytes: 0 })
  })

  it('leaves no upload of the user that was opened meanwhile, and refuses later ones', async () => {
    const [me, other] = [newId(), newId()]
    const openings = Array.from({ length: 30 }, (_, index) =>
      storage.requestRoom(index % 5 ? me : other, { byteSize: 100 }),
    )
    const [answers] = await Promise.all([Promise.all(openings), erase(me)])
    const late = await storage.requestRoom(me, { byteSize: 100 })
    expect(late.outcome.refusal).toMatchObject({ code: 'NOT_FOUND', message: 'This account is deleted.' })
    expect(answers.every(({ ownerId, outcome }) => ownerId === me || outcome.refusal === null)).toBe(true)
    const client = new pg.Client({ connectionString: storage.databaseUrl, options: '-c search_path=storage' })
    await client.connect()
    const { rows } = await client.query('SELECT owner_id AS id, count(*)::int FROM uploads GROUP BY 1')
    await client.end()
    expect(rows.filter(({ id }) => id === me)).toEqual([])
    expect(rows).toContainEqual({ id: other, count: 6 })
  })

  it('can be repeated, and accepts an unknown user', async () => {
    const me = newId()
    await upload(me)
    for (const id of [me, me, newId()]) expect(await erase(id)).toEqual({ eraseUserMedia: true })
  })

  it('is refused for every caller except communication', async () => {
    await expect(storage.ask(ERASE, { input: { userId: newId() } }, newId())).rejects.toThrow()
  })
})
