import { decodeJwt } from 'jose'
import { ANONYMOUS, type Viewer } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { forgetExpiredSessions, forgetSessionRevocations } from './session-revocation-store.ts'

const PASSWORD = 'correct horse'
const FAILURE = '... on InvalidInput { code field message } ... on RequestFailed { code message }'
const SESSION = 'session { accessToken refreshToken user { id handle } }'
const SIGN_UP = `mutation ($input: SignUpInput!) { result: signUp(input: $input) { ... on SignUpPayload { ${SESSION} } } }`
const SIGN_IN = `mutation ($input: SignInInput!) {
  result: signIn(input: $input) { ... on SignInPayload { ${SESSION} } ${FAILURE} }
}`
const REFRESH = `mutation ($refreshToken: String!) {
  result: refreshSession(input: { refreshToken: $refreshToken }) { __typename ... on RefreshSessionPayload { ${SESSION} } }
}`
const SESSIONS = `query ($first: Int, $after: String) { viewer { sessions(first: $first, after: $after) {
  edges { node { id deviceName createdAt lastUsedAt isCurrent } } pageInfo { hasNextPage endCursor }
} } }`
const END = `mutation ($sessionId: ID!) {
  result: endSession(input: { sessionId: $sessionId }) { ... on EndSessionPayload { sessionId user { id } } ${FAILURE} }
}`
const EVERYWHERE =
  'mutation { result: signOutEverywhere { ... on SignOutEverywherePayload { user { id } } } }'
const CHANGE = `mutation ($currentPassword: String!, $newPassword: String!) {
  result: changePassword(input: { currentPassword: $currentPassword, newPassword: $newPassword }) {
    ... on ChangePasswordPayload { user { id } } ${FAILURE}
  }
}`
const REVOCATIONS =
  'query ($since: DateTime) { sessionRevocations(since: $since) { sessionRevocations { id until } asOf } }'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})

afterAll(() => app.close())
beforeEach(() => {
  app.time.ahead = 0
})

type Device = { id: string; handle: string; sid: string; caller: Viewer; refreshToken: string }
const device = (session: {
  accessToken: string
  refreshToken: string
  user: { id: string; handle: string }
}): Device => {
  const sid = String(decodeJwt(session.accessToken).sid)
  return { ...session.user, sid, caller: viewer(session.user.id, sid), refreshToken: session.refreshToken }
}
const signUp = async () => {
  const input = {
    handle: `sessions_${++names}`,
    displayName: 'Ada',
    password: PASSWORD,
    deviceName: 'Laptop',
  }
  return device((await app.ask(SIGN_UP, { input }, ANONYMOUS)).data.result.session)
}
const trySignIn = async (handle: string, password: string, address?: string) => {
  const caller: Viewer = { ...ANONYMOUS, ...(address !== undefined && { address }) }
  return (await app.ask(SIGN_IN, { input: { handle, password, deviceName: 'Phone' } }, caller)).data.result
}
const signIn = async (handle: string, password = PASSWORD) =>
  device((await trySignIn(handle, password)).session)
const works = async ({ refreshToken }: Device) =>
  (await app.ask(REFRESH, { refreshToken }, ANONYMOUS)).data.result.__typename === 'RefreshSessionPayload'
const listed = async (caller: Viewer, page: Record<string, unknown> = {}) =>
  (await app.ask(SESSIONS, page, caller)).data.viewer.sessions
const ended = async (since: Date | null = null) =>
  (await app.internal(REVOCATIONS, { since }, 'gateway')).data.sessionRevocations.sessionRevocations.map(
    ({ id }: { id: string }) => id,
  )

describe('the list of sessions', () => {
  it('lists the devices, last used first, and marks the current session', async () => {
    const laptop = await signUp()
    app.time.ahead = 60_000
    const phone = await signIn(laptop.handle)
    const { edges } = await listed(laptop.caller)
    expect(edges.map(({ node }: { node: object }) => node)).toEqual([
      expect.objectContaining({ id: phone.sid, deviceName: 'Phone', isCurrent: false }),
      expect.objectContaining({ id: laptop.sid, deviceName: 'Laptop', isCurrent: true }),
    ])
    app.time.ahead = 120_000
    await app.ask(REFRESH, { refreshToken: laptop.refreshToken }, ANONYMOUS)
    expect((await listed(laptop.caller)).edges[0].node.id).toBe(laptop.sid)
  })

  it('has at most a hundred devices: one more signs out the least recently used', async () => {
    const first = await signUp()
    const { rows: keep } = await app.pool.query('SELECT id FROM sessions WHERE user_id = $1', [first.id])
    expect(keep.length).toBe(1)
    await app.pool.query(
      `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
        SELECT gen_random_uuid(), $1, now() + n * interval '1 second', now() + n * interval '1 second', now() + interval '9 days'
        FROM generate_series(1, 99) AS n`,
      [first.id],
    )
    await signIn(first.handle)
    const { rows } = await app.pool.query('SELECT id FROM sessions WHERE user_id = $1', [first.id])
    expect(rows.length).toBe(100)
    expect(rows.map(({ id }) => id)).not.toContain(first.sid)
  })

  it('has every session once, page after page', async () => {
    const first = await signUp()
    const all = [first.sid]
    for (let i = 0; i < 4; i++) all.push((await signIn(first.handle)).sid)
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo } = await listed(first.caller, { first: 2, after })
      seen.push(...edges.map(({ node }: { node: { id: string } }) => node.id))
      after = pageInfo.endCursor
      if (!pageInfo.hasNextPage) break
    }
    expect(seen.sort()).toEqual(all.sort())
  })

  it('is null for other users', async () => {
    const [one, other] = [await signUp(), await signUp()]
    const query = `{ user(id: "${one.id}") { sessions { edges { node { id } } } } }`
    expect((await app.ask(query, {}, other.caller)).data.user.sessions).toBeNull()
    expect((await app.ask(query, {}, ANONYMOUS)).data.user.sessions).toBeNull()
  })
})

describe('an expired session', () => {
  it('is deleted, and no others', async () => {
    const [laptop, phone] = [await signUp(), await signUp()]
    await app.pool.query(`UPDATE sessions SET expires_at = '2026-01-01' WHERE id = $1`, [laptop.sid])
    await forgetExpiredSessions(app.pool, new Date('2026-01-02'))
    const { rows } = await app.pool.query('SELECT id FROM sessions WHERE id = ANY($1)', [
      [laptop.sid, phone.sid],
    ])
    expect(rows).toEqual([{ id: phone.sid }])
  })
})

describe('a session revocation', () => {
  it('is returned by a replica whose clock is two minutes behind the replica of the earlier query', async () => {
    const laptop = await signUp()
    app.time.ahead = 120_000
    const { asOf } = (await app.internal('{ sessionRevocations { asOf } }', {}, 'gateway')).data
      .sessionRevocations
    app.time.ahead = 0
    await app.ask(END, { sessionId: laptop.sid }, laptop.caller)
    expect(await ended(asOf)).toContain(laptop.sid)
  })

  it('is returned until the access token has expired by every tolerated clock', async () => {
    const laptop = await signUp()
    await app.ask(END, { sessionId: laptop.sid }, laptop.caller)
    // The token lives for a quarter of an hour. The clock that verifies it is two minutes behind, ours is two minutes
    // ahead.
    app.time.ahead += (15 + 4) * 60_000
    expect(await ended()).toContain(laptop.sid)
    app.time.ahead += 2 * 60_000
    expect(await ended()).not.toContain(laptop.sid)
  })

  it('of one session keeps the others', async () => {
    const laptop = await signUp()
    const phone = await signIn(laptop.handle)
    const { data } = await app.ask(END, { sessionId: phone.sid }, laptop.caller)
    expect(data.result).toEqual({ sessionId: phone.sid, user: { id: laptop.id } })
    expect([await works(phone), await works(laptop)]).toEqual([false, true])
    expect(await ended()).toContain(phone.sid)
    expect(await ended()).not.toContain(laptop.sid)
  })

  it("fails with NOT_FOUND for another user's session and an ended one", async () => {
    const [one, other] = [await signUp(), await signUp()]
    for (const sessionId of [other.sid, newId()]) {
      expect((await app.ask(END, { sessionId }, one.caller)).data.result).toMatchObject({ code: 'NOT_FOUND' })
    }
    const { data } = await app.ask(END, { sessionId: 'nonsense' }, one.caller)
    expect(data.result).toMatchObject({ code: 'INVALID_INPUT', field: 'input.sessionId' })
    expect((await app.ask(END, { sessionId: one.sid }, ANONYMOUS)).data.result.code).toBe('NOT_ALLOWED')
    expect(await works(other)).toBe(true)
  })

  it('of all sessions includes the current one', async () => {
    const laptop = await signUp()
    const phone = await signIn(laptop.handle)
    expect((await app.ask(EVERYWHERE, {}, phone.caller)).data.result).toEqual({ user: { id: laptop.id } })
    expect([await works(laptop), await works(phone)]).toEqual([false, false])
    expect(await ended()).toEqual(expect.arrayContaining([laptop.sid, phone.sid]))
    expect((await app.ask(EVERYWHERE, {}, ANONYMOUS)).data.result).toEqual({ user: null })
  })

  it('is returned as long as access tokens live, also for a reused refresh token', async () => {
    const laptop = await signUp()
    await works(laptop)
    app.time.ahead = 31_000
    await works(laptop)
    app.time.ahead = 0
    expect(await ended()).toContain(laptop.sid)
    expect(await ended(new Date(Date.now() + 5_000))).toContain(laptop.sid)
    expect(await ended(new Date(Date.now() + 60_000))).not.toContain(laptop.sid)
    app.time.ahead = (15 + 5) * 60_000 + 32_000
    expect(await ended()).not.toContain(laptop.sid)
    await forgetSessionRevocations(app.pool, new Date(Date.now() + app.time.ahead))
    expect(
      (await app.pool.query('SELECT FROM session_revocations WHERE id = $1', [laptop.sid])).rowCount,
    ).toBe(0)
  })

  it('is published on the feed at once', async () => {
    const laptop = await signUp()
    const topics: (string | null)[] = []
    const stop = app.service.feed?.listen((topic) => topics.push(topic))
    const since = performance.now()
    await app.ask(EVERYWHERE, {}, laptop.caller)
    while (!topics.includes('session revocations') && performance.now() - since < 2_000) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    stop?.()
    expect(topics).toContain('session revocations')
  })

  it.each(['storage', 'blog'])('is not returned to %s', async (service) => {
    expect((await app.internal(REVOCATIONS, {}, service)).errors).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ])
  })
})

describe('changing the password', () => {
  const change = async (caller: Viewer, currentPassword: string, newPassword: string) =>
    (await app.ask(CHANGE, { currentPassword, newPassword }, caller)).data.result

  it('ends all other sessions and invalidates the old password', async () => {
    const laptop = await signUp()
    const phone = await signIn(laptop.handle)
    expect(await change(laptop.caller, PASSWORD, 'battery staple')).toEqual({ user: { id: laptop.id } })
    expect([await works(laptop), await works(phone)]).toEqual([true, false])
    expect((await trySignIn(laptop.handle, PASSWORD)).code).toBe('NOT_ALLOWED')
    expect((await trySignIn(laptop.handle, 'battery staple')).session.user.id).toBe(laptop.id)
  })

  it('requires the current password and a valid new one', async () => {
    const laptop = await signUp()
    expect(await change(laptop.caller, 'wrong password', 'battery staple')).toMatchObject({
      code: 'NOT_ALLOWED',
    })
    for (const next of ['short', 'x'.repeat(257), 'x'.repeat(10_000_000)]) {
      expect(await change(laptop.caller, PASSWORD, next)).toMatchObject({ field: 'input.newPassword' })
    }
    expect(await change(ANONYMOUS, PASSWORD, 'battery staple')).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await works(laptop)).toBe(true)
  })

  it('succeeds once for two simultaneous requests', async () => {
    const laptop = await signUp()
    const results = await Promise.all(
      ['first one', 'second one'].map((next) => change(laptop.caller, PASSWORD, next)),
    )
    expect(results.filter(({ user }) => user)).toHaveLength(1)
  })

  it('limits wrong guesses of the current password', async () => {
    const laptop = await signUp()
    for (let i = 0; i < 11; i++) await change(laptop.caller, 'wrong password', 'battery staple')
    expect(await change(laptop.caller, PASSWORD, 'battery staple')).toMatchObject({ code: 'RATE_LIMITED' })
  })
})

describe('guessing passwords', () => {
  // The first wait is one second, which may be over on a busy machine before the next attempt.
  const prolongWaits = () =>
    app.pool.query(
      `UPDATE password_attempts SET blocked_until = blocked_until + interval '1 hour' WHERE blocked_until > to_timestamp(0)`,
    )
  const guess = async (handle: string, times: number, address?: string) => {
    const codes: string[] = []
    for (let i = 0; i < times; i++) codes.push((await trySignIn(handle, 'wrong password', address)).code)
    return codes
  }

  it('is limited after ten attempts; the wait doubles each time and is in the message', async () => {
    const { handle } = await signUp()
    expect(await guess(handle, 11)).toEqual(Array(11).fill('NOT_ALLOWED'))
    expect(await trySignIn(handle, PASSWORD)).toEqual({
      code: 'RATE_LIMITED',
      message: 'There were too many wrong attempts. Try again in 1 second.',
    })
    for (const wait of [1, 2, 4, 8]) {
      app.time.ahead += wait * 1000 - 300
      expect(await guess(handle, 1)).toEqual(['RATE_LIMITED'])
      app.time.ahead += 300
      expect(await guess(handle, 1)).toEqual(['NOT_ALLOWED'])
    }
    app.time.ahead += 16_000
    expect((await trySignIn(handle, PASSWORD)).session.user.handle).toBe(handle)
    expect(await guess(handle, 5)).toEqual(Array(5).fill('NOT_ALLOWED'))
  })

  it('gains nothing from simultaneous attempts', async () => {
    const { handle } = await signUp()
    const codes = (await Promise.all(Array.from({ length: 30 }, () => guess(handle, 1)))).flat()
    expect(codes.filter((code) => code === 'NOT_ALLOWED').length).toBeLessThanOrEqual(11)
  })

  it('is limited in the same way for an unknown handle', async () => {
    expect((await guess('nobody_is_called_so', 12)).at(-1)).toBe('RATE_LIMITED')
  })

  it('is limited per address across accounts, without an effect on other addresses', async () => {
    const { handle } = await signUp()
    const codes: string[] = []
    for (let i = 0; i < 101; i++) codes.push(...(await guess('!', 1, '203.0.113.7')))
    expect(codes.at(-1)).toBe('NOT_ALLOWED')
    expect((await trySignIn(handle, PASSWORD, '203.0.113.7')).code).toBe('RATE_LIMITED')
    expect((await trySignIn(handle, PASSWORD, '203.0.113.8')).session.user.handle).toBe(handle)
  })

  it('at other accounts does not lock out those who have signed in from that address, or are signed in', async () => {
    const address = '203.0.113.9'
    const [resident, guest] = [await signUp(), await signUp()]
    await trySignIn(resident.handle, PASSWORD, address)
    for (let i = 0; i < 101; i++) await guess('!', 1, address)
    await prolongWaits()
    expect((await trySignIn(guest.handle, PASSWORD, address)).code).toBe('RATE_LIMITED')
    expect((await trySignIn(resident.handle, PASSWORD, address)).session.user.handle).toBe(resident.handle)
    const variables = { currentPassword: PASSWORD, newPassword: 'battery staple' }
    const { data } = await app.ask(CHANGE, variables, { ...guest.caller, address })
    expect(data.result).toEqual({ user: { id: guest.id } })
  })

  it('from unknown networks does not lock out the networks that the user has signed in from', async () => {
    const handle = `owner_${++names}`
    const input = { handle, displayName: 'Ada', password: PASSWORD }
    await app.ask(SIGN_UP, { input }, { ...ANONYMOUS, address: '203.0.113.20' })
    expect((await trySignIn(handle, PASSWORD, '203.0.113.21')).session.user.handle).toBe(handle)
    // First one network, then many: the number of guesses for all unknown networks together.
    expect(await guess(handle, 11, '198.51.100.1')).toEqual(Array(11).fill('NOT_ALLOWED'))
    await prolongWaits()
    expect(await guess(handle, 1, '198.51.100.1')).toEqual(['RATE_LIMITED'])
    expect((await trySignIn(handle, PASSWORD, '192.0.2.1')).session.user.handle).toBe(handle)
    await guess(handle, 1, '198.51.100.2')
    await app.pool.query('UPDATE password_attempts SET count = 50 WHERE key = $1', [`to ${handle}`])
    await guess(handle, 1, '198.51.100.3')
    await prolongWaits()
    for (const stranger of ['198.51.100.99', '192.0.2.2']) {
      expect((await trySignIn(handle, PASSWORD, stranger)).code).toBe('RATE_LIMITED')
    }
    for (const known of ['203.0.113.20', '203.0.113.21', '192.0.2.1']) {
      expect((await trySignIn(handle, PASSWORD, known)).session.user.handle).toBe(handle)
    }
    // A sign-in of the owner gives attackers no new guesses.
    expect(await guess(handle, 1, '198.51.100.99')).toEqual(['RATE_LIMITED'])
    // A known network may not guess without limit either.
    expect(await guess(handle, 11, '203.0.113.20')).toEqual(Array(11).fill('NOT_ALLOWED'))
    await prolongWaits()
    expect(await guess(handle, 1, '203.0.113.20')).toEqual(['RATE_LIMITED'])
    expect((await trySignIn(handle, PASSWORD, '203.0.113.21')).session.user.handle).toBe(handle)
  })

  it('counts the addresses of one IPv6 network together', async () => {
    for (let i = 0; i < 101; i++) await guess('!', 1, `2001:db8:1:2::${i.toString(16)}`)
    expect(await guess('!', 1, '2001:db8:1:2:ffff:1:2:3')).toEqual(['RATE_LIMITED'])
    expect(await guess('!', 1, '2001:db8:1:3::1')).toEqual(['NOT_ALLOWED'])
  })

  it('is no longer counted after an hour', async () => {
    const { handle } = await signUp()
    await guess(handle, 12)
    app.time.ahead = 3_700_000
    expect(await guess(handle, 10)).toEqual(Array(10).fill('NOT_ALLOWED'))
  })
})
