import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { createClient, expectMember } from './support/client.ts'
import { eventually } from './support/eventually.ts'
import { mediaFile } from './support/media-files.ts'
import { publish } from './support/moblogs.ts'
import { befriend, type Person, signUp, signUpAll } from './support/people.ts'
import { MODES, type Product, startProduct } from './support/product.ts'
import { uploadByTus } from './support/uploads.ts'

const FAILURE = '... on Failure { code message }'

describe.each(MODES)('people, %s', (mode) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct(mode)
  })
  afterAll(() => product?.close())

  const anyone = () => createClient(product.url)
  const statusOf = async ({ client }: Person) => (await client.query('{ viewer { id } }')).status
  const signInAgain = async ({ handle, password }: Person) => {
    const { signIn } = await anyone().ask('sign-in', { input: { handle, password } })
    return createClient(product.url, expectMember(signIn, 'SignInPayload').session.accessToken)
  }

  it('a request can be declined, taken back, and seen in lists by those who have to do with it', async () => {
    const [mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    const list = `{ viewer {
      sent: friendRequests(direction: SENT) { edges { node { user { handle relationship } } } }
      received: friendRequests(direction: RECEIVED) { edges { node { user { handle relationship } } } }
      friends { edges { node { handle relationship } } }
      blockedUsers { edges { node { handle relationship } } }
    } }`
    const does = async (person: Person, verb: string, other: Person) =>
      (
        await person.client.query(
          `mutation { r: ${verb}(input: { userId: "${other.id}" }) { __typename ${FAILURE} } }`,
        )
      ).data?.r
    const seen = async (person: Person) => JSON.stringify((await person.client.query(list)).data)
    await does(mei, 'requestFriend', jun)
    expect(await seen(mei)).toContain(`{"handle":"${jun.handle}","relationship":"REQUEST_SENT"}`)
    expect(await seen(jun)).toContain(`{"handle":"${mei.handle}","relationship":"REQUEST_RECEIVED"}`)
    await does(jun, 'declineFriendRequest', mei)
    await does(mei, 'requestFriend', jun)
    await does(mei, 'cancelFriendRequest', jun)
    expect(await seen(mei)).not.toContain(jun.handle)
    await befriend(mei, jun)
    expect(await seen(mei)).toContain(`{"handle":"${jun.handle}","relationship":"FRIEND"}`)
    expect(await does(mei, 'cancelFriendRequest', jun)).toMatchObject({ code: 'CONFLICT' })
    await does(mei, 'blockUser', jun)
    expect(await seen(mei)).toContain(`{"handle":"${jun.handle}","relationship":"BLOCKED"}`)
    expect(await seen(jun)).not.toContain(mei.handle)
    await does(mei, 'unblockUser', jun)
    expect(await seen(mei)).not.toContain(jun.handle)
  })

  it('someone is found by any part of a name in any script, with a picture that everyone may see', async () => {
    const mei = await signUp(product.url, 'Mei')
    const picture = await uploadByTus(mei, await mediaFile('photo.jpg'))
    const update = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename ${FAILURE} } }`
    const displayName = `林${mei.handle.slice(-6)} Amélie`
    const { data } = await mei.client.query(update, {
      input: { displayName, about: '你好\n👋', avatarMediaId: picture.id },
    })
    expect(data?.updateProfile).toEqual({ __typename: 'UpdateProfilePayload' })
    const search =
      'query ($query: String!) { searchUsers(query: $query) { edges { node { id about avatar { id access { url } } } } } }'
    for (const query of [
      displayName.slice(0, 7),
      displayName.toUpperCase().replace('É', 'E'),
      mei.id,
      `@${mei.handle}`,
    ]) {
      const found = (await anyone().query(search, { query })).data?.searchUsers as {
        edges: { node: { id: string; about: string; avatar: { access: { url: string } } } }[]
      }
      expect(found.edges[0]?.node).toMatchObject({ id: mei.id, about: '你好\n👋' })
      const response = await fetch(found.edges[0]?.node.avatar.access.url ?? '')
      expect(response.status).toBe(200)
      await response.arrayBuffer()
    }
  })

  it('someone who listens is online for friends and for nobody else', async () => {
    const [mei, jun, stranger] = (await signUpAll(product.url, ['Mei', 'Jun', 'Stranger'])) as [
      Person,
      Person,
      Person,
    ]
    await befriend(mei, jun)
    const isOnline = async (viewer: Person) => {
      const { data } = await viewer.client.query(`{ user(id: "${mei.id}") { isOnline } }`)
      return (data as { user: { isOnline: boolean } }).user.isOnline
    }
    expect(await isOnline(jun)).toBe(false)
    const leaving = new AbortController()
    const stream = await fetch(product.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${mei.accessToken}`,
      },
      body: JSON.stringify({ query: 'subscription { notificationReceived { id } }' }),
      signal: leaving.signal,
    })
    expect(stream.status).toBe(200)
    await eventually(
      () => isOnline(jun),
      (online) => online,
      3_000,
    )
    expect(await isOnline(stranger)).toBe(false)
    leaving.abort()
    await eventually(
      () => isOnline(jun),
      (online) => !online,
      3_000,
    )
  })

  it('an access token stops working within two seconds after its session has ended', async () => {
    const mei = await signUp(product.url, 'Mei')
    const phone = await signInAgain(mei)
    expect((await phone.query('{ viewer { id } }')).status).toBe(200)
    const sessions = '{ viewer { sessions { edges { node { id isCurrent } } } } }'
    const { data } = await mei.client.query(sessions)
    const { edges } = (
      data as { viewer: { sessions: { edges: { node: { id: string; isCurrent: boolean } }[] } } }
    ).viewer.sessions
    expect(edges.map(({ node }) => node.isCurrent).sort()).toEqual([false, true])
    const other = edges.find(({ node }) => !node.isCurrent)?.node.id
    await mei.client.query(`mutation { endSession(input: { sessionId: "${other}" }) { __typename } }`)
    await eventually(
      async () => (await phone.query('{ viewer { id } }')).status,
      (status) => status === 401,
      2_000,
    )
    expect(await statusOf(mei)).toBe(200)
    await mei.client.query('mutation { signOutEverywhere { __typename } }')
    await eventually(
      () => statusOf(mei),
      (status) => status === 401,
      2_000,
    )
  })

  it('a stream ends with its session', async () => {
    const mei = await signUp(product.url, 'Mei')
    const stream = await fetch(product.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${mei.accessToken}`,
      },
      body: JSON.stringify({ query: 'subscription { notificationReceived { id } }' }),
      signal: AbortSignal.timeout(10_000),
    })
    await mei.client.query('mutation { signOutEverywhere { __typename } }')
    expect(await stream.text()).toContain('UNAUTHENTICATED')
  })

  it('changing the password ends the other sessions and not this one', async () => {
    const mei = await signUp(product.url, 'Mei')
    const phone = await signInAgain(mei)
    const change = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename ${FAILURE} } }`
    const input = { currentPassword: mei.password, newPassword: 'another password' }
    expect((await mei.client.query(change, { input })).data?.changePassword).toEqual({
      __typename: 'ChangePasswordPayload',
    })
    await eventually(
      async () => (await phone.query('{ viewer { id } }')).status,
      (status) => status === 401,
      2_000,
    )
    expect(await statusOf(mei)).toBe(200)
    const { signIn } = await anyone().ask('sign-in', {
      input: { handle: mei.handle, password: mei.password },
    })
    expect(expectMember(signIn, 'RequestFailed').code).toBe('NOT_ALLOWED')
  })

  it('who guesses a password has to wait', async () => {
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
      message: expect.stringMatching(/try again in \d+ second/),
    })
  })

  it('a deleted account takes everything with it, everywhere', async () => {
    const [mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    await befriend(mei, jun)
    const medium = await uploadByTus(mei, await mediaFile('tone.mp3'))
    const post = await publish(mei, { mediaIds: [medium.id], audience: 'PUBLIC' })
    const theirs = await publish(jun, { text: 'Mine stays' })
    await mei.client.query(
      `mutation { commentOnPost(input: { postId: "${theirs.id}", text: "Bye" }) { __typename } }`,
    )
    await mei.client.query(`mutation { likePost(input: { postId: "${theirs.id}" }) { __typename } }`)
    const view = `{ post(id: "${post.id}") { id media { access { url } } } theirs: post(id: "${theirs.id}") { likeCount commentCount } user(id: "${mei.id}") { id } }`
    type View = {
      post: { media: { access: { url: string } }[] } | null
      theirs: { likeCount: number; commentCount: number }
      user: object | null
    }
    const look = async () => (await jun.client.query(view)).data as View
    const before = await look()
    const url = before.post?.media[0]?.access.url ?? ''
    const play = async () => {
      const response = await fetch(url)
      await response.arrayBuffer()
      return response.status
    }
    expect([before.theirs, await play()]).toEqual([{ likeCount: 1, commentCount: 1 }, 200])

    const remove = `mutation ($password: String) { deleteAccount(input: { password: $password }) { ... on DeleteAccountPayload { erasure { receipt } } ${FAILURE} } }`
    expect((await mei.client.query(remove, { password: 'wrong' })).data?.deleteAccount).toMatchObject({
      code: 'NOT_ALLOWED',
    })
    const answer = await mei.client.query(remove, { password: mei.password })
    const { erasure } = (answer.data as { deleteAccount: { erasure: { receipt: string } } }).deleteAccount
    const state = async () =>
      (
        await anyone().query(
          'query ($receipt: String!) { accountErasure(receipt: $receipt) { erasedAt } }',
          erasure,
        )
      ).data?.accountErasure as { erasedAt: string | null }
    await eventually(state, ({ erasedAt }) => erasedAt !== null, 10_000)
    expect(await look()).toEqual({ post: null, theirs: { likeCount: 0, commentCount: 0 }, user: null })
    expect(await play()).not.toBe(200)
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

describe.each(MODES)("people of the app's own identity provider, %s", (mode) => {
  const issuer = 'https://id.example'
  let provider: Server
  let product: Product
  let sign: (claims: JWTPayload) => Promise<string>

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }]
    provider = createServer((_request, response) => response.end(JSON.stringify({ keys })))
    await new Promise<void>((resolve) => {
      provider.listen(0, '127.0.0.1', resolve)
    })
    sign = (claims) =>
      new SignJWT({ iss: issuer, aud: 'moblog', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuedAt()
        .setExpirationTime('10 min')
        .sign(privateKey)
    const AUTH_JWKS_URL = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`
    product = await startProduct(mode, {
      env: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: 'moblog', AUTH_JWKS_URL },
    })
  })
  afterAll(async () => {
    await product?.close()
    provider.close()
  })

  const viewerOf = async (token: string) => {
    const { status, data } = await createClient(product.url, token).query(
      '{ viewer { id handle displayName } }',
    )
    return { status, viewer: data?.viewer as { id: string; handle: string; displayName: string } | undefined }
  }

  it('have an account from the first request on, and are friends like everybody', async () => {
    const token = await sign({ sub: 'a|1', preferred_username: 'ada', name: 'Ada 林' })
    const [first, second] = await Promise.all([viewerOf(token), viewerOf(token)])
    expect(first.viewer).toMatchObject({ handle: 'ada', displayName: 'Ada 林' })
    expect(second).toEqual(first)
    const bob = await viewerOf(await sign({ sub: 'b|2', name: 'Bob' }))
    const ask = `mutation { requestFriend(input: { userId: "${bob.viewer?.id}" }) { __typename } }`
    expect((await createClient(product.url, token).query(ask)).data).toEqual({
      requestFriend: { __typename: 'RequestFriendPayload' },
    })
  })

  it('are refused with tokens of someone else', async () => {
    const good = await sign({ sub: 'c|3' })
    expect((await viewerOf(good.slice(0, -4))).status).toBe(401)
    expect((await viewerOf(await sign({ sub: 'c|3', aud: 'shop' }))).status).toBe(401)
  })

  it('can not sign up or in here', async () => {
    const client = createClient(product.url)
    const { signUp } = await client.ask('sign-up', {
      input: { handle: 'someone', displayName: 'Some', password: 'long enough' },
    })
    expect(expectMember(signUp, 'RequestFailed').code).toBe('NOT_ALLOWED')
    const { signIn } = await client.ask('sign-in', { input: { handle: 'ada', password: 'long enough' } })
    expect(expectMember(signIn, 'RequestFailed').code).toBe('NOT_ALLOWED')
  })

  it('who delete their account are not brought back by the token that they still have', async () => {
    const token = await sign({ sub: 'd|4', name: 'Dan' })
    const { viewer } = await viewerOf(token)
    const remove = 'mutation { deleteAccount(input: {}) { __typename } }'
    const { data } = await createClient(product.url, token).query(remove)
    expect(data).toEqual({ deleteAccount: { __typename: 'DeleteAccountPayload' } })
    await eventually(
      () => viewerOf(token),
      ({ status }) => status === 401,
      2_000,
    )
    // Tokens say to the second when they were issued.
    await sleep(1_100)
    const again = await viewerOf(await sign({ sub: 'd|4', name: 'Dan' }))
    expect(again.status).toBe(200)
    expect(again.viewer?.id).not.toBe(viewer?.id)
  })
})
