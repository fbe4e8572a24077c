import { decodeJwt } from 'jose'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  type FakePeer,
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { MEDIA_ACCESS, mediaOf, postOf, registered } from '../../../testing/communication/media.ts'
import { eventually, happensWithin } from '../../../testing/eventually.ts'
import { confirm } from '../../../testing/fake-service.ts'

type Revocation = {
  sessionId?: string
  ownerId?: string
  viewerId?: string
  mediaId?: string
  issuedUntil: string
}

let app: TestCommunication
let a: string
let b: string

beforeEach(async () => {
  app = await startTestCommunication()
  ;[a = '', b = ''] = await app.people('ada', 'bob')
})

afterEach(() => app.close())

const does = (verb: string, who: string, whom: string) =>
  app.ask(`mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`, { id: whom }, viewer(who))
const befriend = async () => {
  await does('requestFriend', a, b)
  await does('requestFriend', b, a)
}
const revocationsSentTo = (fake: FakePeer) =>
  fake.calls.flatMap(({ variables }) => (variables.input as { revocations?: Revocation[] }).revocations ?? [])
const tokens = async (viewerId: string, ownerId: string, mediaId: string) => {
  const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
    ... on Media { ${MEDIA_ACCESS} } ... on Moblog { access { token } }
  } }`
  const refs = [
    { __typename: 'Media', id: mediaId },
    { __typename: 'Moblog', id: ownerId },
  ]
  const [media, moblog] = (await app.ask(query, { refs }, viewer(viewerId))).data._entities
  const issuedAt = (token: string) => Math.round((decodeJwt(token).iat ?? 0) * 1000)
  return {
    media: media.access && issuedAt(media.access.token),
    page: moblog.access && issuedAt(moblog.access.token),
  }
}

describe.each(['unfriend', 'blockUser'])('%s', (verb) => {
  it('revokes the tokens of both users for each other at storage and blog within a second', async () => {
    await befriend()
    const { mediaId } = await registered(app, mediaOf(a))
    await postOf(app, a, [mediaId], 'PUBLIC')
    const before = await tokens(b, a, mediaId)
    await does(verb, a, b)
    await eventually(
      () => revocationsSentTo(app.storage).length === 2 && revocationsSentTo(app.blog).length === 2,
      1_000,
    )
    for (const fake of [app.storage, app.blog]) {
      expect(fake.calls[0]?.caller).toEqual({ kind: 'service', service: 'communication' })
      const received = revocationsSentTo(fake)
      expect(received).toEqual([
        { ownerId: a, viewerId: b, issuedUntil: expect.any(String) },
        { ownerId: b, viewerId: a, issuedUntil: expect.any(String) },
      ])
      for (const { issuedUntil } of received) {
        expect(Date.parse(issuedUntil)).toBeGreaterThanOrEqual(Math.max(before.media, before.page))
      }
    }
  })
})

describe('after a revocation', () => {
  it('a viewer with access gets tokens that are newer than the revocation', async () => {
    await befriend()
    const { mediaId } = await registered(app, mediaOf(a))
    await postOf(app, a, [mediaId], 'FRIENDS')
    for (let round = 0; round < 3; round++) {
      app.storage.calls.length = 0
      await does('unfriend', b, a)
      expect((await tokens(b, a, mediaId)).media).toBeNull()
      await befriend()
      const again = await tokens(b, a, mediaId)
      await eventually(() => revocationsSentTo(app.storage).length === 2, 1_000)
      const revoked = Date.parse(revocationsSentTo(app.storage)[0]?.issuedUntil ?? '')
      expect(again).toEqual({ media: revoked + 1, page: revoked + 1 })
    }
  })

  it('repeating the mutation revokes nothing more', async () => {
    await does('blockUser', a, b)
    await eventually(() => revocationsSentTo(app.storage).length === 2, 1_000)
    await does('blockUser', a, b)
    await does('unfriend', a, b)
    expect(await happensWithin(150, () => revocationsSentTo(app.storage).length > 2)).toBe(false)
  })
})

describe('media', () => {
  it('has its tokens revoked when its audience becomes smaller', async () => {
    const { mediaId } = await registered(app, mediaOf(a))
    const { postId } = await postOf(app, a, [mediaId], 'PUBLIC')
    const before = await tokens(b, a, mediaId)
    await postOf(app, a, [mediaId], 'FRIENDS', { postId, revision: 2 })
    await eventually(() => revocationsSentTo(app.storage).length === 1, 1_000)
    const [revocation] = revocationsSentTo(app.storage)
    expect(revocation).toEqual({ mediaId, issuedUntil: expect.any(String) })
    expect(Date.parse(revocation?.issuedUntil ?? '')).toBeGreaterThanOrEqual(before.media)
    expect((await tokens(a, a, mediaId)).media).toBe(Date.parse(revocation?.issuedUntil ?? '') + 1)
    expect(app.blog.calls).toHaveLength(0)
  })

  it('keeps its tokens if another post has at least the same audience', async () => {
    const { mediaId } = await registered(app, mediaOf(a))
    const { postId } = await postOf(app, a, [mediaId], 'FRIENDS')
    await postOf(app, a, [mediaId], 'PUBLIC')
    await postOf(app, a, [], 'FRIENDS', { postId, revision: 2 })
    expect(await happensWithin(150, () => app.storage.calls.length > 0)).toBe(false)
  })

  it('has its tokens revoked once when it is deleted', async () => {
    const { mediaId } = await registered(app, mediaOf(a))
    const remove = () =>
      app.internal(
        'mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }',
        { id: mediaId },
        'storage',
      )
    await Promise.all([remove(), remove()])
    await eventually(() => revocationsSentTo(app.storage).length > 0, 1_000)
    await remove()
    expect(await happensWithin(150, () => revocationsSentTo(app.storage).length > 1)).toBe(false)
  })
})

describe('a service that does not answer', () => {
  it('receives a revocation when it is back, and the other service receives it at once', async () => {
    const answer = app.storage.answer
    app.storage.answer = () => Promise.reject(new Error('down'))
    await does('blockUser', a, b)
    await eventually(() => revocationsSentTo(app.blog).length === 2, 1_000)
    await eventually(() => app.storage.calls.length > 0, 1_000)
    app.storage.calls.length = 0
    app.storage.answer = answer
    await eventually(() => revocationsSentTo(app.storage).length === 2, 15_000)
  })
})

describe('a session revocation', () => {
  const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) {
    ... on SignUpPayload { session { accessToken user { id } } }
  } }`
  const signUp = async () => {
    const input = { handle: 'eve', displayName: 'Eve', password: 'correct horse' }
    const { session } = (await app.ask(SIGN_UP, { input }, ANONYMOUS)).data.signUp
    return { id: String(session.user.id), sid: String(decodeJwt(session.accessToken).sid) }
  }

  it('can match the session in media and page tokens', async () => {
    const { mediaId } = await registered(app, mediaOf(a))
    const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Media { access { token } } ... on Moblog { access { token } }
    } }`
    const refs = [
      { __typename: 'Media', id: mediaId },
      { __typename: 'Moblog', id: a },
    ]
    const sid = newId()
    const { _entities } = (await app.ask(query, { refs }, viewer(a, sid))).data
    for (const { access } of _entities) expect(decodeJwt(access.token)).toMatchObject({ sub: a, sid })
    const ofPage = `query ($sid: ID, $a: ID, $ids: [ID!]!) { mediaAccessOf(viewerId: $a, sessionId: $sid, mediaIds: $ids) { token } }`
    const { mediaAccessOf } = (await app.internal(ofPage, { a, sid, ids: [mediaId] }, 'blog')).data
    expect(decodeJwt(mediaAccessOf[0].token)).toMatchObject({ sub: a, sid })
  })

  it.each(['signOut', 'signOutEverywhere'])(
    'caused by %s reaches storage and blog within a second',
    async (verb) => {
      const { id, sid } = await signUp()
      await app.ask(`mutation { ${verb} { __typename } }`, {}, viewer(id, sid))
      await eventually(
        () => revocationsSentTo(app.storage).length === 1 && revocationsSentTo(app.blog).length === 1,
        1_000,
      )
      const expected = { sessionId: sid, issuedUntil: expect.any(String) }
      expect([revocationsSentTo(app.storage), revocationsSentTo(app.blog)]).toEqual([[expected], [expected]])
      // Tokens that are signed before the gateway is notified end as well.
      expect(Date.parse(revocationsSentTo(app.storage)[0]?.issuedUntil ?? '')).toBeGreaterThan(
        Date.now() + 900_000,
      )
    },
  )
})

describe('a service that was down', () => {
  it('can load the revocations that it missed, which are also redelivered at once', async () => {
    await befriend()
    app.storage.answer = async () => ({ data: null })
    await does('blockUser', a, b)
    await eventually(() => revocationsSentTo(app.storage).length >= 4, 1_000)
    const pending = async (service: string) =>
      (
        await app.internal(
          'mutation { resumeRevocations { ownerId viewerId sessionId mediaId } }',
          {},
          service,
        )
      ).data?.resumeRevocations
    const missed = [
      { ownerId: a, viewerId: b, sessionId: null, mediaId: null },
      { ownerId: b, viewerId: a, sessionId: null, mediaId: null },
    ]
    expect(await pending('storage')).toEqual(missed)
    expect(await pending('blog')).toEqual([])
    expect(await pending('gateway')).toBeUndefined()
    app.storage.calls.length = 0
    app.storage.answer = confirm
    await pending('storage')
    await eventually(() => revocationsSentTo(app.storage).length === 2, 1_000)
    expect(await happensWithin(100, () => false)).toBe(false)
    expect(await pending('storage')).toEqual([])
  })
})
