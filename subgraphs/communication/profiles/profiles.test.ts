import { setTimeout as pause } from 'node:timers/promises'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { mediaOf, postOf, registered } from '../../../testing/communication/media.ts'

const UPDATE = `mutation ($input: UpdateProfileInput!) {
  result: updateProfile(input: $input) {
    __typename
    ... on UpdateProfilePayload { user { displayName about avatar { id } } }
    ... on InvalidInput { code field message }
    ... on RequestFailed { code message }
  }
}`

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})

afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `profile${++names}`))
const update = async (userId: string, input: object) =>
  (await app.ask(UPDATE, { input }, viewer(userId))).data.result
const image = async (ownerId: string, mimeType = 'image/jpeg') => {
  const media = await registered(app, { ...mediaOf(ownerId), mimeType, durationSeconds: null })
  return media.mediaId
}
const avatarFor = async (viewerId: string | null, userId: string) => {
  const query = '{ user(id: "ID") { avatar { id access { token } } } }'.replace('ID', userId)
  const { data } = await app.ask(query, {}, viewerId === null ? ANONYMOUS : viewer(viewerId))
  return data.user?.avatar ?? null
}

describe('changing a profile', () => {
  it('changes the given fields and keeps the others', async () => {
    const [me = ''] = await people(1)
    const avatarMediaId = await image(me)
    const all = { displayName: ' 林美 🌸 ', about: 'One\r\ntwo', avatarMediaId }
    const shown = { displayName: '林美 🌸', about: 'One\ntwo', avatar: { id: avatarMediaId } }
    expect((await update(me, all)).user).toEqual(shown)
    expect((await update(me, {})).user).toEqual(shown)
    expect((await update(me, { about: null })).user).toEqual({ ...shown, about: null })
    expect((await update(me, { avatarMediaId: null })).user).toEqual({ ...shown, about: null, avatar: null })
  })

  it.each([
    ['displayName', ''],
    ['displayName', null],
    ['displayName', 'a\u200Bb'],
    ['displayName', 'x'.repeat(10_000_000)],
    ['about', 'x'.repeat(501)],
    ['about', 'x'.repeat(10_000_000)],
    ['about', 'gpj\u202Eexe'],
    ['avatarMediaId', 'nonsense'],
    ['avatarMediaId', '01890000-0000-7000-8000-000000000001'],
  ])('names the field %s if it is invalid (%#)', async (field, value) => {
    const [me = ''] = await people(1)
    expect(await update(me, { [field]: value })).toMatchObject({
      code: 'INVALID_INPUT',
      field: `input.${field}`,
    })
  })

  it('requires a signed-in viewer', async () => {
    const { data } = await app.ask(UPDATE, { input: { about: 'x' } }, ANONYMOUS)
    expect(data.result).toMatchObject({ code: 'NOT_ALLOWED', message: 'Sign in first.' })
  })

  it('applies one of several simultaneous changes completely', async () => {
    const [me = ''] = await people(1)
    const images = await Promise.all([image(me), image(me), image(me)])
    await Promise.all(images.map((avatarMediaId) => update(me, { avatarMediaId })))
    const { rows } = await app.pool.query(
      `SELECT media_id AS id FROM post_media JOIN posts ON posts.id = post_id
       WHERE owner_id = $1 AND audience = 'PUBLIC'`,
      [me],
    )
    expect(rows).toEqual([{ id: (await avatarFor(null, me))?.id }])
  })
})

describe('an avatar', () => {
  it('must be an existing image of the user', async () => {
    const [me = '', other = ''] = await people(2)
    const gone = await image(me)
    await app.internal(`mutation { unregisterMedia(input: { mediaId: "${gone}" }) }`, {}, 'storage')
    for (const avatarMediaId of [await image(other), await image(me, 'video/mp4'), gone]) {
      expect(await update(me, { avatarMediaId })).toMatchObject({ field: 'input.avatarMediaId' })
    }
  })

  it('is refused like a missing image if it is deleted at the same time', async () => {
    const [me = ''] = await people(1)
    for (let round = 0; round < 20; round += 1) {
      const avatarMediaId = await image(me)
      const deletion = `mutation { unregisterMedia(input: { mediaId: "${avatarMediaId}" }) }`
      const [answer] = await Promise.all([
        update(me, { avatarMediaId }),
        pause(round / 2).then(() => app.internal(deletion, {}, 'storage')),
      ])
      expect(answer).toMatchObject(
        answer.code === undefined ? { __typename: 'UpdateProfilePayload' } : { field: 'input.avatarMediaId' },
      )
    }
  })

  it('is visible to everyone who may see the profile', async () => {
    const [me = '', friend = '', stranger = '', blocked = '', blocker = ''] = await people(5)
    const does = (verb: string, by: string, whom: string) =>
      app.ask(`mutation { ${verb}(input: { userId: "${whom}" }) { __typename } }`, {}, viewer(by))
    await does('requestFriend', friend, me)
    await does('acceptFriendRequest', me, friend)
    await does('blockUser', me, blocked)
    await does('blockUser', blocker, me)
    await update(me, { avatarMediaId: await image(me) })
    for (const one of [me, friend, stranger, null]) {
      expect((await avatarFor(one, me))?.access.token).toEqual(expect.any(String))
    }
    for (const one of [blocked, blocker]) expect(await avatarFor(one, me)).toBeNull()
  })

  it('loses its public access and its tokens when another image replaces it', async () => {
    const [me = '', stranger = ''] = await people(2)
    const [first, second] = [await image(me), await image(me)]
    await update(me, { avatarMediaId: first })
    app.storage.calls.length = 0
    await update(me, { avatarMediaId: second })
    const query =
      '{ _entities(representations: [{ __typename: "Media", id: "ID" }]) { ... on Media { access { token } } } }'
    const access = async (id: string) =>
      (await app.ask(query.replace('ID', id), {}, viewer(stranger))).data._entities[0].access
    expect(await access(first)).toBeNull()
    expect(await access(second)).not.toBeNull()
    for (const deadline = Date.now() + 5_000; app.storage.calls.length === 0 && Date.now() < deadline; ) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(JSON.stringify(app.storage.calls)).toContain(first)
  })

  it('stays public in a private post, and after the post is deleted', async () => {
    const [me = '', stranger = ''] = await people(2)
    const id = await image(me)
    await update(me, { avatarMediaId: id })
    const { postId } = await postOf(app, me, [id], 'ONLY_ME')
    expect(await avatarFor(stranger, me)).not.toBeNull()
    await postOf(app, me, [], 'ONLY_ME', { postId, revision: 2 })
    expect(await avatarFor(stranger, me)).not.toBeNull()
  })

  it('is null after the image is deleted', async () => {
    const [me = ''] = await people(1)
    const id = await image(me)
    await update(me, { avatarMediaId: id })
    await app.internal(`mutation { unregisterMedia(input: { mediaId: "${id}" }) }`, {}, 'storage')
    expect(await avatarFor(me, me)).toBeNull()
  })

  it('of many users costs one statement in addition to the users', async () => {
    const ids = await people(20)
    for (const id of ids) await update(id, { avatarMediaId: await image(id) })
    const refs = ids.map((id) => ({ __typename: 'User', id }))
    const query =
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on User { avatar { id } } } }'
    expect(await app.statements(() => app.ask(query, { refs }, ANONYMOUS))).toHaveLength(2)
  })
})
