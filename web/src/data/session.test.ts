import { memoryStorage } from '../../test/memory-storage.ts'
import { createAuthorizedFetch, NoSession } from './session.ts'
import {
  endSessionHere,
  hasSessionEnded,
  readSession,
  removeSession,
  type Session,
  serverNow,
  writeSession,
} from './session-store.ts'
import { signUp } from './sign-in.ts'
import { markToForget, usersToForget } from './users-to-forget.ts'

const API = 'https://moblog.test/graphql'
const TEN_MINUTES_MS = 600_000

Object.assign(globalThis, { document: { baseURI: 'https://moblog.test/' } })
globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

describe('a request of a signed-in user', () => {
  const { fetch: realFetch } = globalThis
  let requests: { token: string | null; refreshed: string | null }[]
  let accepted: string[]
  let refresh: () => object
  // The clock of this device is years ahead.
  const serverTime = Date.parse('2020-01-01T12:00:00Z')

  const signIn = (userId: string, more: Partial<Session> = {}) =>
    writeSession({
      userId,
      handle: userId,
      displayName: userId,
      accessToken: `${userId} 1`,
      refreshToken: `${userId} refresh`,
      expiresAt: new Date(Date.now() + TEN_MINUTES_MS).toISOString(),
      ...more,
    })

  const renewed = (userId: string) => ({
    __typename: 'RefreshSessionPayload',
    session: {
      accessToken: `${userId} 2`,
      refreshToken: `${userId} refresh 2`,
      expiresAt: new Date(serverTime + TEN_MINUTES_MS).toISOString(),
      user: { id: userId, handle: userId, displayName: userId },
    },
  })

  beforeEach(() => {
    localStorage.clear()
    requests = []
    accepted = ['ann 1', 'ann 2']
    refresh = () => renewed('ann')
    globalThis.fetch = async (_input, init) => {
      const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? null
      const { query = '', variables } = JSON.parse(String(init?.body ?? '{}'))
      const isRefresh = query.includes('refreshSession')
      requests.push({ token, refreshed: isRefresh ? variables.input.refreshToken : null })
      const headers = { date: new Date(serverTime).toUTCString() }
      if (isRefresh) return Response.json({ data: { refreshSession: refresh() } }, { headers })
      return new Response(null, { status: token !== null && accepted.includes(token) ? 200 : 401 })
    }
  })
  afterAll(() => {
    globalThis.fetch = realFetch
  })

  it('has the access token', async () => {
    signIn('ann')
    expect((await createAuthorizedFetch('ann')(API)).status).toBe(200)
    expect(requests).toEqual([{ token: 'ann 1', refreshed: null }])
  })

  it('gets a new token if the server refuses the old one', async () => {
    signIn('ann')
    accepted = ['ann 2']
    expect((await createAuthorizedFetch('ann')(API)).status).toBe(200)
    expect(requests.map(({ token }) => token)).toEqual(['ann 1', null, 'ann 2'])
  })

  it('teaches the time of the server to a device whose clock is wrong', async () => {
    signIn('ann')
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(1_000)
    accepted = ['ann 2']
    await createAuthorizedFetch('ann')(API)
    expect(Math.abs(serverNow() - serverTime)).toBeLessThan(5_000)
  })

  it('is not sent without a session', async () => {
    await expect(createAuthorizedFetch('ann')(API)).rejects.toThrow(NoSession)
    expect(requests).toEqual([])
  })

  it('is not sent with the token of another user', async () => {
    const send = createAuthorizedFetch('ann')
    signIn('ben')
    await expect(send(API)).rejects.toThrow(NoSession)
    expect([requests, readSession()?.userId]).toEqual([[], 'ben'])
  })

  it('is not sent if its session has ended, and signs out', async () => {
    signIn('ann', { expiresAt: new Date(0).toISOString() })
    refresh = () => ({ __typename: 'RequestFailed', code: 'NOT_ALLOWED', message: 'ended' })
    await expect(createAuthorizedFetch('ann')(API)).rejects.toThrow(NoSession)
    expect(requests).toEqual([{ token: null, refreshed: 'ann refresh' }])
    expect([readSession(), usersToForget()]).toEqual([null, [{ userId: 'ann', isAccountDeleted: false }]])
    expect(hasSessionEnded()).toBe(true)

    // Until a user signs in, and not to users who sign out themselves.
    refresh = () => renewed('ann')
    signIn('ann', { expiresAt: new Date(0).toISOString() })
    await createAuthorizedFetch('ann')(API)
    expect(hasSessionEnded()).toBe(false)
    markToForget('ann')
    endSessionHere('ann')
    expect(hasSessionEnded()).toBe(false)
  })

  it('is not sent if the token cannot be renewed now, and stays signed in', async () => {
    signIn('ann', { expiresAt: new Date(0).toISOString() })
    refresh = () => ({ __typename: 'RequestFailed', code: 'RATE_LIMITED', message: 'Too many.' })
    await expect(createAuthorizedFetch('ann')(API)).rejects.toThrow('Too many.')
    expect([requests.length, readSession()?.userId]).toEqual([1, 'ann'])
  })

  it('does not bring a session back that was signed out meanwhile', async () => {
    signIn('ann', { expiresAt: new Date(0).toISOString() })
    refresh = () => {
      removeSession('ann')
      return renewed('ann')
    }
    await expect(createAuthorizedFetch('ann')(API)).rejects.toThrow(NoSession)
    expect(readSession()).toBeNull()
  })

  it('renews once, also if the clock of the device is years ahead of the server', async () => {
    signIn('ann', { expiresAt: new Date(0).toISOString() })
    const send = createAuthorizedFetch('ann')
    for (const _ of [1, 2, 3]) expect((await send(API)).status).toBe(200)
    expect(requests.map(({ token }) => token)).toEqual([null, 'ann 2', 'ann 2', 'ann 2'])
  })
})

describe('a new account', () => {
  it('is refused at its handle if another user has it', async () => {
    const { fetch: realFetch } = globalThis
    const taken = { __typename: 'RequestFailed', code: 'CONFLICT', message: 'The handle is taken.' }
    globalThis.fetch = async () => Response.json({ data: { signUp: taken } })
    const account = { handle: 'mei', displayName: 'Mei', password: 'long enough' }
    expect(await signUp(account)).toMatchObject({ code: 'CONFLICT', field: 'handle' })
    globalThis.fetch = realFetch
  })
})
