import { type Client, createClient, expectMember } from '../scripts/client/client.ts'
import { accessTo, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes, untilRefused } from '../testing/product/bytes.ts'
import { subscribe } from '../testing/product/event-stream.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('people, %s', (mode) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct(mode)
  })
  afterAll(() => product?.close())

  const anyone = () => createClient(product.url)
  const statusOf = async ({ client }: { client: Client }) => (await client.send('viewer', {})).status
  const signInAgain = async ({ handle, password }: Person) => {
    const { signIn } = await anyone().ask('sign-in', { input: { handle, password } })
    return createClient(product.url, expectMember(signIn, 'SignInPayload').session.accessToken)
  }

  it('a friend request can be declined, cancelled, and listed by both users', async () => {
    const [mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    const [toMei, toJun] = [{ input: { userId: mei.id } }, { input: { userId: jun.id } }]
    const seen = async ({ client }: Person) => {
      const [sent, received] = await Promise.all([
        client.ask('friend-requests', { direction: 'SENT' }),
        client.ask('friend-requests', { direction: 'RECEIVED' }),
      ])
      const [friends, blocked] = await Promise.all([
        client.ask('friends', {}),
        client.ask('blocked-users', {}),
      ])
      const handles = (page: { edges: { node: { handle: string } }[] } | null | undefined) =>
        page?.edges.map(({ node }) => node.handle)
      const asked = (requests: typeof sent) =>
        requests.viewer?.friendRequests?.edges.map(({ node }) => node.user.handle)
      return {
        sent: asked(sent),
        received: asked(received),
        friends: handles(friends.viewer?.friends),
        blocked: handles(blocked.viewer?.blockedUsers),
      }
    }
    const empty = { sent: [], received: [], friends: [], blocked: [] }
    await mei.client.ask('request-friend', toJun)
    expect(await seen(mei)).toEqual({ ...empty, sent: [jun.handle] })
    expect(await seen(jun)).toEqual({ ...empty, received: [mei.handle] })
    expect((await jun.client.ask('profile', { id: mei.id })).user?.relationship).toBe('REQUEST_RECEIVED')
    const { declineFriendRequest } = await jun.client.ask('decline-friend-request', toMei)
    expect(expectMember(declineFriendRequest, 'DeclineFriendRequestPayload').user.relationship).toBe('NONE')
    await mei.client.ask('request-friend', toJun)
    const { cancelFriendRequest } = await mei.client.ask('cancel-friend-request', toJun)
    expectMember(cancelFriendRequest, 'CancelFriendRequestPayload')
    expect([await seen(mei), await seen(jun)]).toEqual([empty, empty])
    await befriend(mei, jun)
    expect(await seen(mei)).toEqual({ ...empty, friends: [jun.handle] })
    const { cancelFriendRequest: late } = await mei.client.ask('cancel-friend-request', toJun)
    expect(late).toMatchObject({ code: 'CONFLICT' })
    await mei.client.ask('block-user', toJun)
    expect(await seen(mei)).toEqual({ ...empty, blocked: [jun.handle] })
    expect(await seen(jun)).toEqual(empty)
    const { unblockUser } = await mei.client.ask('unblock-user', toJun)
    expect(expectMember(unblockUser, 'UnblockUserPayload').user.relationship).toBe('NONE')
    expect(await seen(mei)).toEqual(empty)
  })

  it('searchUsers finds a user by any part of a name in any script, with a public profile picture', async () => {
    const mei = await signUp(product.url, 'Mei')
    const picture = await uploadByTus(mei, await mediaFile('photo.jpg'))
    const displayName = `林${mei.handle.slice(-6)} Amélie`
    const { updateProfile } = await mei.client.ask('update-profile', {
      input: { displayName, about: '你好\n👋', avatarMediaId: picture.id },
    })
    expect(expectMember(updateProfile, 'UpdateProfilePayload').user.about).toBe('你好\n👋')
    for (const query of [
      displayName.slice(0, 7),
      displayName.toUpperCase().replace('É', 'E'),
      mei.id,
      `@${mei.handle}`,
    ]) {
      const { searchUsers } = await anyone().ask('search-users', { query })
      expect(searchUsers.edges[0]?.node).toMatchObject({ id: mei.id, displayName })
      const small = await eventually(async () => {
        const found = await anyone().ask('search-users', { query })
        return found.searchUsers.edges[0]?.node.avatar?.access?.imageUrl
      })
      expect((await fetchBytes(small ?? '')).status).toBe(200)
    }
  })

  it('isOnline is true only for friends, while the user has an open stream', async () => {
    const [mei, jun, stranger] = (await signUpAll(product.url, ['Mei', 'Jun', 'Stranger'])) as [
      Person,
      Person,
      Person,
    ]
    await befriend(mei, jun)
    const isOnline = async ({ client }: Person) =>
      (await client.ask('profile', { id: mei.id })).user?.isOnline
    expect(await isOnline(jun)).toBe(false)
    const stream = await subscribe(product.url, mei)
    await eventually(
      () => isOnline(jun),
      (online) => online === true,
      3_000,
    )
    const { viewer } = await jun.client.ask('friends', {})
    expect(viewer?.friends?.edges[0]?.node).toMatchObject({ id: mei.id, isOnline: true })
    expect(await isOnline(stranger)).toBe(false)
    stream.close()
    await eventually(
      () => isOnline(jun),
      (online) => online === false,
      3_000,
    )
  })

  it('an access token stops working within two seconds after its session has ended', async () => {
    const mei = await signUp(product.url, 'Mei')
    const phone = await signInAgain(mei)
    expect(await statusOf({ client: phone })).toBe(200)
    const { viewer } = await mei.client.ask('sessions', {})
    const sessions = viewer?.sessions?.edges.map(({ node }) => node) ?? []
    expect(sessions.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true])
    const sessionId = sessions.find(({ isCurrent }) => !isCurrent)?.id ?? ''
    const { endSession } = await mei.client.ask('end-session', { input: { sessionId } })
    expect(expectMember(endSession, 'EndSessionPayload').sessionId).toBe(sessionId)
    await eventually(
      () => statusOf({ client: phone }),
      (status) => status === 401,
      2_000,
    )
    expect(await statusOf(mei)).toBe(200)
    await mei.client.ask('sign-out-everywhere', {})
    await eventually(
      () => statusOf(mei),
      (status) => status === 401,
      2_000,
    )
  })

  it('an event stream ends with its session', async () => {
    const mei = await signUp(product.url, 'Mei')
    const stream = await subscribe(product.url, mei)
    await mei.client.ask('sign-out-everywhere', {})
    await stream.ended
    expect(stream.events[0]?.data).toContain('UNAUTHENTICATED')
  })

  it('changePassword ends all other sessions and keeps the current one', async () => {
    const mei = await signUp(product.url, 'Mei')
    const phone = await signInAgain(mei)
    const { changePassword } = await mei.client.ask('change-password', {
      input: { currentPassword: mei.password, newPassword: 'another password' },
    })
    expectMember(changePassword, 'ChangePasswordPayload')
    await eventually(
      () => statusOf({ client: phone }),
      (status) => status === 401,
      2_000,
    )
    expect(await statusOf(mei)).toBe(200)
    const { signIn } = await anyone().ask('sign-in', {
      input: { handle: mei.handle, password: mei.password },
    })
    expect(expectMember(signIn, 'RequestFailed').code).toBe('NOT_ALLOWED')
  })

  it('wrong passwords are rate limited', async () => {
    const mei = await signUp(product.url, 'Mei')
    const guess = async () => {
      const { signIn } = await anyone().ask('sign-in', {
        input: { handle: mei.handle, password: 'a wrong guess' },
      })
      return expectMember(signIn, 'RequestFailed')
    }
    for (let i = 0; i < 11; i++) expect((await guess()).code).toBe('NOT_ALLOWED')
    expect(await guess()).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/Try again in \d+ second/),
    })
  })

  it("deleteAccount deletes the user's data in all services", async () => {
    const [mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    await befriend(mei, jun)
    const media = await uploadByTus(mei, await mediaFile('tone.mp3'))
    const post = await publish(mei, { mediaIds: [media.id], audience: 'PUBLIC' })
    const junsMedia = await uploadByTus(jun, await mediaFile('photo.jpg'))
    const theirs = await publish(jun, { text: 'Mine stays', mediaIds: [junsMedia.id] })
    await mei.client.ask('comment-on-post', { input: { postId: theirs.id, text: 'Bye' } })
    await mei.client.ask('like-post', { input: { postId: theirs.id } })
    const url = (await accessTo(jun.client, media.id))?.url ?? ''
    const held = (await accessTo(mei.client, junsMedia.id))?.url ?? ''
    expect((await fetchBytes(held)).status).toBe(200)
    const look = async () => ({
      post: (await jun.client.ask('post', { id: post.id })).post?.id,
      likes: (await jun.client.ask('post', { id: theirs.id })).post?.likeCount,
      comments: (await jun.client.ask('post-comments', { id: theirs.id })).post?.comments.edges.length,
      user: (await jun.client.ask('profile', { id: mei.id })).user?.id,
      moblog: (await jun.client.ask('moblog', { id: mei.id })).moblog?.id,
      friends: (await jun.client.ask('friends', {})).viewer?.friends?.edges.length,
      played: (await fetchBytes(url)).status,
    })
    const [moblog, user] = [mei.id, mei.id]
    expect(await look()).toEqual({
      post: post.id,
      likes: 1,
      comments: 1,
      user,
      moblog,
      friends: 1,
      played: 200,
    })

    const wrong = await mei.client.ask('delete-account', { input: { password: 'wrong' } })
    expect(wrong.deleteAccount).toMatchObject({ code: 'NOT_ALLOWED' })
    const { deleteAccount } = await mei.client.ask('delete-account', { input: { password: mei.password } })
    const { receipt } = expectMember(deleteAccount, 'DeleteAccountPayload').erasure
    // Checks the tokens that others hold for the account's media, and the one that it holds for the media of others.
    expect(await untilRefused(url, 5_000)).toBeLessThan(1_000)
    expect(await untilRefused(held, 5_000)).toBeLessThan(1_000)
    await eventually(
      async () => (await anyone().ask('account-erasure', { receipt })).accountErasure?.erasedAt,
      (erasedAt) => typeof erasedAt === 'string',
      10_000,
    )
    expect(await look()).toEqual({ likes: 0, comments: 0, friends: 0, played: 403 })
    await eventually(
      () => statusOf(mei),
      (status) => status === 401,
      2_000,
    )
    const { signUp: again } = await anyone().ask('sign-up', {
      input: { handle: mei.handle, displayName: 'Mei', password: 'long enough' },
    })
    expect(expectMember(again, 'RequestFailed').code).toBe('CONFLICT')
  })
})
