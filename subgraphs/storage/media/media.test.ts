import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

let clips: Awaited<ReturnType<typeof openClips>>
let storage: TestStorage
let photo: Buffer
const [alice, bob] = [newId(), newId()]

beforeAll(async () => {
  clips = await openClips()
  photo = await clips.bytes('photo.png')
  storage = await startTestStorage()
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

async function upload(ownerId: string, title: string): Promise<string> {
  const opened = await storage.openUpload(ownerId, { byteSize: photo.length, mimeType: 'image/png', title })
  await patch(opened, 0, photo)
  const session = await eventually(async () => {
    const found = await storage.session(ownerId, opened.uploadId)
    return found.state === 'COMPLETED' && found
  }, 60_000)
  return session.media.id
}

const MEDIA = 'query ($id: ID!) { media(id: $id) { id title kind durationSeconds renditions { role } } }'
const DELETE = `mutation ($input: MediaIdInput!) {
  deleteMedia(input: $input) { __typename ... on DeleteMediaPayload { mediaId } ... on Failure { code } }
}`
const LIBRARY = `query ($id: ID!, $first: Int, $after: String) {
  _entities(representations: [{ __typename: "User", id: $id }]) {
    ... on User {
      storageUsage { usedBytes }
      mediaLibrary(first: $first, after: $after) { edges { node { title } } pageInfo { hasNextPage endCursor } }
    }
  }
}`
const library = async (owner: string, viewer: string | null, page: object = {}) =>
  (await storage.ask(LIBRARY, { id: owner, ...page }, viewer))._entities[0]

describe('media', () => {
  it('is visible to its owner, and to other viewers if communication allows it', async () => {
    const id = await upload(alice, 'Sea')
    const seenBy = async (viewer: string | null) => (await storage.ask(MEDIA, { id }, viewer)).media
    expect(await seenBy(alice)).toEqual({
      id,
      title: 'Sea',
      kind: 'IMAGE',
      durationSeconds: null,
      renditions: [],
    })
    expect(await seenBy(bob)).toBeNull()
    expect(await seenBy(null)).toBeNull()
    storage.playable.add(`${bob} ${id}`)
    expect(await seenBy(bob)).toMatchObject({ id })
    expect((await storage.ask(MEDIA, { id: 'nonsense' }, alice)).media).toBeNull()
    expect((await storage.ask(MEDIA, { id: newId() }, alice)).media).toBeNull()
  })

  it('shows its file name and its SHA-256 to its owner only', async () => {
    const id = await upload(alice, '')
    storage.playable.add(`${bob} ${id}`)
    const query = 'query ($id: ID!) { media(id: $id) { title sha256 } }'
    const sha256 = createHash('sha256').update(photo).digest('hex')
    expect((await storage.ask(query, { id }, alice)).media).toEqual({ title: 'film.mp4', sha256 })
    expect((await storage.ask(query, { id }, bob)).media).toEqual({ title: null, sha256: null })
    const headersFor = async (viewerId: string) => {
      const token = await storage.mediaToken({ sub: viewerId, owner: alice, media: id })
      const { headers } = await fetch(`${storage.address()}/v/${token}/${id}/original`, { method: 'HEAD' })
      return JSON.stringify([...headers])
    }
    expect(await headersFor(alice)).toContain('film.')
    const headers = await headersFor(bob)
    expect(headers).not.toContain('film')
    expect(headers).not.toContain(sha256)
  })

  it('is resolved by id in batches, in order, and only for viewers who may see it', async () => {
    const [first, second] = [await upload(alice, 'First'), await upload(alice, 'Second')]
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Media { title } } }`
    const r = [second, newId(), first].map((id) => ({ __typename: 'Media', id }))
    const [one, other] = [{ title: 'First' }, { title: 'Second' }]
    const seenBy = async (viewer: string | null) => (await storage.ask(query, { r }, viewer))._entities
    expect(await seenBy(alice)).toEqual([other, null, one])
    // As if a gateway let a client's alias replace the id.
    expect(await seenBy(bob)).toEqual([null, null, null])
    storage.playable.add(`${bob} ${first}`)
    expect(await seenBy(bob)).toEqual([null, null, one])
    expect(await seenBy(null)).toEqual([null, null, null])
  })

  it('is described to blog by its id as everyone but its owner gets it', async () => {
    const id = await upload(alice, '')
    const query =
      '{ found: mediaByIds(ids: ["ID", "NONE"]) { id kind title mimeType byteSize renditions { role } } }'
    const { found } = await storage.internal(query.replace('ID', id).replace('NONE', newId()), {}, 'blog')
    expect(found).toEqual([
      expect.objectContaining({ id, kind: 'IMAGE', title: null, byteSize: null, renditions: [] }),
      null,
    ])
    await expect(storage.internal('{ mediaByIds(ids: []) { id } }', {})).rejects.toThrow(
      'Only blog may use this field.',
    )
  })
})

describe('the media library', () => {
  it('is visible to its owner only, newest first, in pages', async () => {
    const owner = newId()
    for (const title of ['one', 'two', 'three']) await upload(owner, title)
    const titles = (page: { edges: { node: { title: string } }[] }) =>
      page.edges.map(({ node }) => node.title)
    const first = (await library(owner, owner, { first: 2 })).mediaLibrary
    expect(titles(first)).toEqual(['three', 'two'])
    const rest = (await library(owner, owner, { first: 2, after: first.pageInfo.endCursor })).mediaLibrary
    expect(titles(rest)).toEqual(['one'])
    expect(rest.pageInfo.hasNextPage).toBe(false)
    expect(await library(owner, bob)).toEqual({ storageUsage: null, mediaLibrary: null })
    expect(await library(owner, null)).toEqual({ storageUsage: null, mediaLibrary: null })
    expect((await library(owner, owner)).storageUsage).toEqual({ usedBytes: 3 * photo.length })
  })

  it('refuses pages that are too large and cursors of other lists', async () => {
    await expect(library(alice, alice, { first: 101 })).rejects.toThrow('1 to 100')
    await expect(library(alice, alice, { after: 'nonsense' })).rejects.toThrow('cursor')
    const forged = Buffer.from(JSON.stringify(['mediaLibrary', 'nonsense'])).toString('base64url')
    await expect(library(alice, alice, { after: forged })).rejects.toThrow('cursor')
  })
})

describe('deleting media', () => {
  it('removes the files, notifies communication and revokes every token immediately', async () => {
    const id = await upload(alice, 'Gone')
    const key = await storage.mediaToken({ sub: alice, media: id, owner: alice })
    const get = () => fetch(`${storage.address()}/v/${key}/${id}/original`, { method: 'HEAD' })
    expect((await get()).status).toBe(200)
    const { deleteMedia } = await storage.ask(DELETE, { input: { mediaId: id } }, alice)
    expect(deleteMedia).toEqual({ __typename: 'DeleteMediaPayload', mediaId: id })
    const messages = () =>
      storage.registered.filter(({ mediaId }) => mediaId === id).map(({ query }) => query)
    expect(messages()).toContain('unregisterMedia')
    expect((await get()).status).toBe(403)
    expect((await storage.ask(MEDIA, { id }, alice)).media).toBeNull()
    const shard = path.join(storage.folder, 'objects', id.slice(-4, -2), id.slice(-2))
    expect(await readdir(shard)).not.toContain(id)
    // Once immediately, and once more from the outbox, which survives a crash.
    await eventually(async () => messages().length === 3, 60_000)
    expect(messages().toSorted()).toEqual(['registerMedia', 'unregisterMedia', 'unregisterMedia'])
  })

  it('is allowed only for the signed-in owner and an existing media id', async () => {
    const id = await upload(alice, 'Mine')
    const code = async (mediaId: string, viewer: string | null) =>
      (await storage.ask(DELETE, { input: { mediaId } }, viewer)).deleteMedia.code
    expect(await code(id, bob)).toBe('NOT_FOUND')
    expect(await code(id, null)).toBe('NOT_ALLOWED')
    expect(await code('nonsense', alice)).toBe('INVALID_INPUT')
    expect((await storage.ask(MEDIA, { id }, alice)).media.id).toBe(id)
  })
})
