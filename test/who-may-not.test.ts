import { createClient, expectMember } from '../scripts/client/client.ts'
import { bareAddress, withBrokenSignature, withToken } from '../scripts/client/media-address.ts'
import {
  accessTo,
  friendMoblog,
  type MediaAccess,
  newestAccess,
  publish,
  visiblePosts,
} from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { tusPatchStream } from '../scripts/client/tus.ts'
import {
  announcement,
  requestUpload,
  tryRequestUpload,
  uploadByTus,
  uploadEnd,
} from '../scripts/client/uploads.ts'
import { fetchBytes, untilRefused } from '../testing/product/bytes.ts'
import { largeFile } from '../testing/product/large-file.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { signedBySomeoneElse, unsecured, withClaims } from '../testing/product/tokens.ts'

describe.each(MODES)('access to posts and media, %s', (mode) => {
  let product: Product
  let mei: Person
  let mediaId: string
  /** The access of a user who stays a friend. */
  let good: MediaAccess
  let goodPage: string

  beforeAll(async () => {
    product = await startProduct(mode)
    const [owner, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    mei = owner
    await befriend(mei, jun)
    mediaId = (await uploadByTus(mei, await mediaFile('clip.mp4'))).id
    await publish(mei, { text: 'For friends', mediaIds: [mediaId] })
    good = await newestAccess(jun.client, mei)
    goodPage = (await friendMoblog(jun.client, mei.handle))?.moblog?.access?.url ?? ''
  })
  afterAll(() => product?.close())

  /** Returns a new friend of Mei's. */
  async function newFriend(): Promise<Person> {
    const friend = await signUp(product.url, 'Friend')
    await befriend(mei, friend)
    return friend
  }

  describe('with an invalid token', () => {
    const foreign = async () => {
      const other = await uploadByTus(mei, await mediaFile('tone.mp3'))
      return (await accessTo(mei.client, other.id))?.token ?? ''
    }
    const uploadKey = async () => (await requestUpload(mei, await mediaFile('tone.mp3'))).key
    const pageToken = async () => goodPage.split('/m/')[1] ?? ''

    it.each<[string, () => Promise<string> | string]>([
      ['nonsense', () => 'nonsense'],
      ['a token with a broken signature', () => withBrokenSignature(good.token)],
      ['a token with a later expiry', () => withClaims(good.token, { exp: 4_000_000_000 })],
      ['a token without a signature', () => unsecured(good.token)],
      ['a token that is signed with an unknown key', () => signedBySomeoneElse(good.token)],
      ['a token for another media file', foreign],
      ['a page token', pageToken],
      ['an upload key', uploadKey],
      ['an access token', () => mei.accessToken],
    ])('is refused with the same response: %s', async (_name, makeToken) => {
      const usual = await fetchBytes(withToken(good.url, 'no.such.token'))
      const token = await makeToken()
      const refused = await fetchBytes(withToken(good.url, token))
      expect(refused.status).toBeGreaterThanOrEqual(401)
      expect({ status: refused.status, body: refused.bytes.toString() }).toEqual({
        status: usual.status,
        body: usual.bytes.toString(),
      })
      const byBearer = await fetchBytes(bareAddress(good.url), {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(byBearer.status).toBe(refused.status)
    })

    it('is refused without a token', async () => {
      const { status } = await fetchBytes(bareAddress(good.url))
      expect([401, 403, 404]).toContain(status)
    })

    it('is refused with the same status for a media file that does not exist', async () => {
      const nowhere = good.url.replace(mediaId, '019b0000-0000-7000-8000-000000000000')
      const usual = await fetchBytes(withToken(good.url, 'no.such.token'))
      expect((await fetchBytes(nowhere)).status).toBe(usual.status)
    })

    it('is refused for an address that leaves the folder of the media file', async () => {
      const climbing = good.url.replace('/original', '/..%2f..%2f..%2f..%2fetc%2fpasswd')
      expect((await fetchBytes(climbing)).status).toBeGreaterThanOrEqual(400)
    })

    it('is refused if a media token is used for a page', async () => {
      const { origin } = new URL(goodPage)
      expect((await fetchBytes(goodPage)).status).toBe(200)
      expect((await fetchBytes(`${origin}/m/${good.token}`)).status).toBeGreaterThanOrEqual(401)
      expect((await fetchBytes(`${origin}/m/nonsense`)).status).toBeGreaterThanOrEqual(401)
    })

    it('is refused if a media token, a page token or an upload key is used as an access token', async () => {
      for (const token of [good.token, await pageToken(), await uploadKey()]) {
        const { status, errors } = await createClient(product.url, token).send('viewer', {})
        expect({ status, code: errors[0]?.extensions?.code }).toEqual({
          status: 401,
          code: 'UNAUTHENTICATED',
        })
      }
    })
  })

  describe('by audience', () => {
    const file = () => mediaFile('tone.mp3')

    it.each([
      ['PUBLIC', { owner: true, friend: true, stranger: true, 'signed out': true }],
      ['FRIENDS', { owner: true, friend: true, stranger: false, 'signed out': false }],
      ['ONLY_ME', { owner: true, friend: false, stranger: false, 'signed out': false }],
    ] as const)('a %s post and its media are available to exactly its audience', async (audience, may) => {
      const [author, friend, stranger] = await signUpAll(product.url, ['Author', 'Friend', 'Stranger'])
      await befriend(author, friend)
      const { id } = await uploadByTus(author, await file())
      const post = await publish(author, { audience, mediaIds: [id] })
      const viewers = {
        owner: author.client,
        friend: friend.client,
        stranger: stranger.client,
        'signed out': createClient(product.url),
      }
      for (const [who, client] of Object.entries(viewers)) {
        const allowed = may[who as keyof typeof may]
        const inMoblog = (await visiblePosts(client, author)).length === 1
        const alone = (await client.ask('post', { id: post.id })).post !== null
        const playable = (await accessTo(client, id)) !== null
        expect({ who, inMoblog, alone, playable }).toEqual({
          who,
          inMoblog: allowed,
          alone: allowed,
          playable: allowed,
        })
      }
    })

    it('a media file that no post shows is available only to its owner', async () => {
      const friend = await newFriend()
      const { id } = await uploadByTus(mei, await file())
      expect(await accessTo(mei.client, id)).not.toBeNull()
      expect(await accessTo(friend.client, id)).toBeNull()
    })

    it('a user cannot post the media of another user', async () => {
      const thief = await newFriend()
      const { publishPost } = await thief.client.ask('publish-post', {
        input: { text: 'Mine', audience: 'PUBLIC', mediaIds: [mediaId] },
      })
      expect(['InvalidInput', 'RequestFailed']).toContain(publishPost.__typename)
    })

    it('a media file stops playing for others within a second after its post is deleted', async () => {
      const friend = await newFriend()
      const { id } = await uploadByTus(mei, await file())
      const post = await publish(mei, { mediaIds: [id] })
      const access = await accessTo(friend.client, id)
      expect((await fetchBytes(access?.url ?? '')).status).toBe(200)
      const { deletePost } = await mei.client.ask('delete-post', { input: { postId: post.id } })
      expectMember(deletePost, 'DeletePostPayload')
      expect(await untilRefused(access?.url ?? '', 5_000)).toBeLessThan(1_000)
      expect(await accessTo(friend.client, id)).toBeNull()
    })

    it('a deleted media file stops playing for all users, including its owner', async () => {
      const { id } = await uploadByTus(mei, await file())
      const access = await accessTo(mei.client, id)
      const { deleteMedia } = await mei.client.ask('delete-media', { input: { mediaId: id } })
      expectMember(deleteMedia, 'DeleteMediaPayload')
      expect(await untilRefused(access?.url ?? '', 5_000)).toBeLessThan(1_000)
      expect((await mei.client.ask('media', { id })).media).toBeNull()
    })
  })

  describe('of a former friend', () => {
    it('ends within a second for tokens that were issued during the friendship', async () => {
      const friend = await newFriend()
      const { url } = await newestAccess(friend.client, mei)
      const page = (await friendMoblog(friend.client, mei.handle))?.moblog?.access?.url ?? ''
      expect((await fetchBytes(url)).status).toBe(200)
      expect((await fetchBytes(page)).status).toBe(200)
      const { unfriend } = await mei.client.ask('unfriend', { input: { userId: friend.id } })
      expectMember(unfriend, 'UnfriendPayload')
      expect(await untilRefused(url, 5_000)).toBeLessThan(1_000)
      // The page still opens for a user who is no longer a friend, but it does not show the post.
      const { bytes } = await fetchBytes(page)
      expect(bytes.toString()).not.toContain('For friends')
      expect(await visiblePosts(friend.client, mei)).toEqual([])
    })

    it('is possible again with a new token after a new friendship', async () => {
      const friend = await newFriend()
      const former = await newestAccess(friend.client, mei)
      await mei.client.ask('unfriend', { input: { userId: friend.id } })
      await untilRefused(former.url, 5_000)
      await befriend(mei, friend)
      const renewed = await newestAccess(friend.client, mei)
      expect((await fetchBytes(renewed.url)).status).toBe(200)
      expect((await fetchBytes(former.url)).status).toBeGreaterThanOrEqual(401)
    })

    it('ends without effect on the tokens of other friends', async () => {
      const [one, other] = [await newFriend(), await newFriend()]
      const { url } = await newestAccess(other.client, mei)
      await untilRefused((await endFriendship(one)).url, 5_000)
      expect((await fetchBytes(url)).status).toBe(200)
    })

    async function endFriendship(friend: Person): Promise<MediaAccess> {
      const access = await newestAccess(friend.client, mei)
      await mei.client.ask('unfriend', { input: { userId: friend.id } })
      return access
    }

    it('ends during playback', async () => {
      const friend = await newFriend()
      const file = await largeFile(64 * 1024 * 1024)
      const grant = expectMember(
        await tryRequestUpload(mei, { ...announcement(file), sha256: file.sha256 }),
        'RequestUploadPayload',
      )
      await tusPatchStream(grant, 0, file.from(0), file.byteSize)
      const { media } = await uploadEnd(mei, grant.uploadSession.id)
      await publish(mei, { mediaIds: [media?.id ?? ''] })
      const { url } = await newestAccess(friend.client, mei)
      const reader = (await fetch(url)).body?.getReader()
      let received = (await reader?.read())?.value?.length ?? 0
      await mei.client.ask('unfriend', { input: { userId: friend.id } })
      await untilRefused(url, 5_000)
      const rest = async () => {
        for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
          received += part.value.length
      }
      await rest().catch(() => {})
      // Data that is already in the socket buffers still arrives.
      expect(received).toBeLessThan(file.byteSize / 2)
    })
  })

  describe('of a blocked user', () => {
    it('looks exactly as if the blocking user did not exist', async () => {
      const friend = await newFriend()
      const { url } = await newestAccess(friend.client, mei)
      const post = await publish(mei, { audience: 'PUBLIC', mediaIds: [mediaId] })
      const { blockUser } = await mei.client.ask('block-user', { input: { userId: friend.id } })
      expect(expectMember(blockUser, 'BlockUserPayload').user.relationship).toBe('BLOCKED')
      expect(await untilRefused(url, 5_000)).toBeLessThan(1_000)

      const unknownHandle = `unknown_${mei.handle.slice(-8)}`
      const seen = await friend.client.send('friend-moblog', { handle: mei.handle })
      expect(seen).toEqual(await friend.client.send('friend-moblog', { handle: unknownHandle }))
      expect((await friend.client.ask('post', { id: post.id })).post).toBeNull()
      expect((await friend.client.ask('media', { id: mediaId })).media).toBeNull()
      const byId = await friend.client.query(
        'query($id: ID!) { user(id: $id) { id } moblog(id: $id) { id } }',
        {
          id: mei.id,
        },
      )
      expect(byId.data).toEqual({ user: null, moblog: null })
      const asked = await friend.client.ask('request-friend', { input: { userId: mei.id } })
      const unknown = await friend.client.ask('request-friend', {
        input: { userId: '019b0000-0000-7000-8000-000000000000' },
      })
      expect(asked).toEqual(unknown)
    })

    it('is also withdrawn for the blocking user, who sees only the relationship BLOCKED', async () => {
      const friend = await newFriend()
      await publish(friend, { audience: 'PUBLIC' })
      await mei.client.ask('block-user', { input: { userId: friend.id } })
      expect(await visiblePosts(mei.client, friend)).toEqual([])
      const { userByHandle } = await mei.client.ask('find-user', { handle: friend.handle })
      expect(userByHandle?.relationship).toBe('BLOCKED')
    })
  })
})
