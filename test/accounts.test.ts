import { createClient, expectMember } from '../scripts/client/client.ts'
import { befriend, type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('accounts and friends, %s', (mode) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct(mode)
  })
  afterAll(() => product?.close())

  const anyone = () => createClient(product.url)
  const pair = async () => await signUpAll(product.url, ['Mei', 'Jun'])
  const refresh = async (refreshToken: string) =>
    (await anyone().ask('refresh-session', { input: { refreshToken } })).refreshSession
  const relationships = async (one: Person, other: Person) => {
    const seen = async (viewer: Person, user: Person) =>
      (await viewer.client.ask('find-user', { handle: user.handle })).userByHandle?.relationship
    return [await seen(one, other), await seen(other, one)]
  }

  it('viewer is null for a signed-out client', async () => {
    expect(await anyone().ask('viewer', {})).toEqual({ viewer: null })
  })

  it('userByHandle finds an account in any letter case', async () => {
    const mei = await signUp(product.url, 'Mei')
    const { userByHandle } = await anyone().ask('find-user', { handle: mei.handle.toUpperCase() })
    expect(userByHandle).toMatchObject({ id: mei.id, displayName: 'Mei', relationship: 'NONE' })
  })

  it('signUp refuses a handle that is taken in another letter case', async () => {
    const mei = await signUp(product.url, 'Mei')
    const { signUp: again } = await anyone().ask('sign-up', {
      input: { handle: mei.handle.toUpperCase(), displayName: 'Other', password: 'long enough' },
    })
    expect(expectMember(again, 'RequestFailed').code).toBe('CONFLICT')
  })

  it('one of several simultaneous sign-ups for the same handle succeeds', async () => {
    const input = { handle: `race${Date.now()}`, displayName: 'Racer', password: 'long enough' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => anyone().ask('sign-up', { input })))
    const names = answers.map(({ signUp }) => signUp.__typename).sort()
    expect(names).toEqual([...Array(5).fill('RequestFailed'), 'SignUpPayload'])
  })

  it.each([
    ['a short handle', { handle: 'ab' }, 'input.handle'],
    ['a handle with a space', { handle: 'mei lin' }, 'input.handle'],
    ['a handle with a NUL', { handle: 'mei\u0000lin' }, 'input.handle'],
    ['an empty name', { displayName: '' }, 'input.displayName'],
    ['a name with a NUL', { displayName: 'a\u0000b' }, 'input.displayName'],
    ['a short password', { password: 'short' }, 'input.password'],
  ])('signUp refuses %s and names the invalid field', async (_what, change, field) => {
    const input = { handle: `ok${Date.now()}`, displayName: 'Mei', password: 'long enough', ...change }
    const { signUp } = await anyone().ask('sign-up', { input })
    expect(expectMember(signUp, 'InvalidInput').field).toBe(field)
  })

  it('display names may use any script', async () => {
    const mei = await signUp(product.url, 'Mei')
    const input = { handle: `x${mei.handle.slice(-8)}`, displayName: '林美 🌸', password: 'long enough' }
    const { signUp: answer } = await anyone().ask('sign-up', { input })
    expect(expectMember(answer, 'SignUpPayload').session.user.displayName).toBe('林美 🌸')
  })

  it('signIn gives the same failure for a wrong password and an unknown handle', async () => {
    const mei = await signUp(product.url, 'Mei')
    const signIn = async (handle: string, password: string) =>
      (await anyone().ask('sign-in', { input: { handle, password } })).signIn
    expect((await signIn(mei.handle, mei.password)).__typename).toBe('SignInPayload')
    const wrong = await signIn(mei.handle, 'not the password')
    expect(expectMember(wrong, 'RequestFailed').code).toBe('NOT_ALLOWED')
    expect(await signIn('unknown.handle', 'not the password')).toEqual(wrong)
  })

  it('a refresh token gives the same result if the request is repeated, and ends the session if it is used again later', async () => {
    const mei = await signUp(product.url, 'Mei')
    const second = expectMember(await refresh(mei.refreshToken), 'RefreshSessionPayload').session
    // The response was lost, and the process was killed afterwards.
    await product.program('communication').end('SIGKILL')
    await product.start()
    const again = expectMember(await refresh(mei.refreshToken), 'RefreshSessionPayload').session
    expect([again.refreshToken, again.accessToken]).toEqual([second.refreshToken, second.accessToken])
    expect(second.refreshToken).not.toBe(mei.refreshToken)
    const third = expectMember(await refresh(second.refreshToken), 'RefreshSessionPayload').session
    const client = createClient(product.url, third.accessToken)
    expect((await client.ask('viewer', {})).viewer?.id).toBe(mei.id)
    expect((await refresh(mei.refreshToken)).__typename).toBe('RequestFailed')
    // A thief of the first token may also hold the third one, so the session ends for both.
    expect((await refresh(third.refreshToken)).__typename).toBe('RequestFailed')
  })

  it('signOut ends only the session that sends it', async () => {
    const mei = await signUp(product.url, 'Mei')
    const { signIn } = await anyone().ask('sign-in', {
      input: { handle: mei.handle, password: mei.password },
    })
    const other = expectMember(signIn, 'SignInPayload').session
    const { signOut } = await mei.client.ask('sign-out', {})
    expect(expectMember(signOut, 'SignOutPayload').user?.id).toBe(mei.id)
    expect((await refresh(mei.refreshToken)).__typename).toBe('RequestFailed')
    expect((await refresh(other.refreshToken)).__typename).toBe('RefreshSessionPayload')
  })

  it('a friendship requires the consent of both users', async () => {
    const [mei, jun] = await pair()
    const userId = { input: { userId: jun.id } }
    expect((await mei.client.ask('accept-friend-request', userId)).acceptFriendRequest.__typename).toBe(
      'RequestFailed',
    )
    await mei.client.ask('request-friend', userId)
    expect(await relationships(mei, jun)).toEqual(['REQUEST_SENT', 'REQUEST_RECEIVED'])
    // Accepting one's own request is not consent.
    expect((await mei.client.ask('accept-friend-request', userId)).acceptFriendRequest.__typename).toBe(
      'RequestFailed',
    )
    await jun.client.ask('accept-friend-request', { input: { userId: mei.id } })
    expect(await relationships(mei, jun)).toEqual(['FRIEND', 'FRIEND'])
  })

  it('two users who send each other a friend request at the same time become friends', async () => {
    const [mei, jun] = await pair()
    await Promise.all([
      mei.client.ask('request-friend', { input: { userId: jun.id } }),
      jun.client.ask('request-friend', { input: { userId: mei.id } }),
    ])
    expect(await relationships(mei, jun)).toEqual(['FRIEND', 'FRIEND'])
  })

  it('unfriend ends the friendship for both users', async () => {
    const [mei, jun] = await pair()
    await befriend(mei, jun)
    const { unfriend } = await jun.client.ask('unfriend', { input: { userId: mei.id } })
    expectMember(unfriend, 'UnfriendPayload')
    expect(await relationships(mei, jun)).toEqual(['NONE', 'NONE'])
  })

  it('requestFriend refuses the own id and an unknown id', async () => {
    const mei = await signUp(product.url, 'Mei')
    const ask = async (userId: string) =>
      (await mei.client.ask('request-friend', { input: { userId } })).requestFriend
    expect(['InvalidInput', 'RequestFailed']).toContain((await ask(mei.id)).__typename)
    const unknown = await ask('019b0000-0000-7000-8000-000000000000')
    expect(expectMember(unknown, 'RequestFailed').code).toBe('NOT_FOUND')
  })

  it('mutations of signed-out clients get NOT_ALLOWED', async () => {
    const mei = await signUp(product.url, 'Mei')
    const { requestFriend } = await anyone().ask('request-friend', { input: { userId: mei.id } })
    expect(expectMember(requestFriend, 'RequestFailed').code).toBe('NOT_ALLOWED')
    const { publishPost } = await anyone().ask('publish-post', { input: { text: 'Hello' } })
    expect(expectMember(publishPost, 'RequestFailed').code).toBe('NOT_ALLOWED')
    const input = { fileName: 'a.mp4', mimeType: 'video/mp4', byteSize: 10 }
    const { requestUpload } = await anyone().ask('request-upload', { input })
    expect(expectMember(requestUpload, 'RequestFailed').code).toBe('NOT_ALLOWED')
  })
})
