import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

const SESSION = 'session { accessToken refreshToken expiresAt user { id handle displayName relationship } }'
const FAILURE = '... on InvalidInput { code message field } ... on RequestFailed { code message }'
const SIGN_UP = `mutation ($input: SignUpInput!) {
  result: signUp(input: $input) { __typename ... on SignUpPayload { ${SESSION} } ${FAILURE} }
}`
const SIGN_IN = `mutation ($input: SignInInput!) {
  result: signIn(input: $input) { __typename ... on SignInPayload { ${SESSION} } ${FAILURE} }
}`
const REFRESH = `mutation ($refreshToken: String!) {
  result: refreshSession(input: { refreshToken: $refreshToken }) {
    __typename ... on RefreshSessionPayload { ${SESSION} } ${FAILURE}
  }
}`
const SIGN_OUT = `mutation { result: signOut { __typename ... on SignOutPayload { user { id } } } }`

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})

afterAll(() => app.close())

const freshHandle = () => `User_${++names}`
const signUp = async (input: object = {}) => {
  const complete = { handle: freshHandle(), displayName: 'Ada', password: 'correct horse', ...input }
  return (await app.ask(SIGN_UP, { input: complete }, ANONYMOUS)).data.result
}
const refresh = async (refreshToken: string) =>
  (await app.ask(REFRESH, { refreshToken }, ANONYMOUS)).data.result

describe('signing up', () => {
  it('creates an account and a session', async () => {
    const { session } = await signUp({ handle: 'Ada.L', displayName: ' Ada Lovelace ' })
    expect(session.user).toMatchObject({ handle: 'Ada.L', displayName: 'Ada Lovelace', relationship: 'SELF' })
    const { data } = await app.ask('{ viewer { id handle } }', {}, viewer(session.user.id))
    expect(data.viewer).toEqual({ id: session.user.id, handle: 'Ada.L' })
  })

  it('issues an access token for 15 minutes that the gateway can verify', async () => {
    const { session } = await signUp()
    const expected = { issuer: 'communication', audience: 'gateway', typ: 'session+jwt' }
    const claims = await app.host.verifier.verify(session.accessToken, expected)
    expect(claims).toMatchObject({ sub: session.user.id, sid: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900)
    expect(new Date(session.expiresAt).getTime()).toBe((claims.exp ?? 0) * 1000)
  })

  it.each([
    ['handle', 'ab'],
    ['handle', 'a'.repeat(31)],
    ['handle', '1ada'],
    ['handle', 'ada lovelace'],
    ['handle', 'аda'], // a Cyrillic letter that looks like a Latin one
    ['handle', 'ada\u200B'],
    ['displayName', ''],
    ['displayName', 'x'.repeat(51)],
    ['displayName', 'Ada\u202Eevil'],
    ['displayName', 'x'.repeat(10_000_000)],
    ['password', 'short'],
    ['password', 'x'.repeat(257)],
    ['deviceName', 'x'.repeat(101)],
  ])('names the field %s if it is invalid', async (field, value) => {
    expect(await signUp({ [field]: value })).toMatchObject({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      field: `input.${field}`,
    })
  })

  it('gives a handle to one of two simultaneous sign-ups, ignoring case', async () => {
    const handle = freshHandle()
    const results = await Promise.all([signUp({ handle }), signUp({ handle: handle.toUpperCase() })])
    expect(results.map((result) => result.__typename).sort()).toEqual(['RequestFailed', 'SignUpPayload'])
    expect(results.find((result) => result.code)).toMatchObject({ code: 'CONFLICT' })
  })

  it('stores the password as Argon2id with the parameters that OWASP recommends, and no token', async () => {
    const { session } = await signUp()
    const { rows } = await app.pool.query('SELECT password_hash FROM users WHERE id = $1', [session.user.id])
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const tokens = await app.pool.query(`SELECT encode(hash, 'escape') AS hash FROM refresh_tokens`)
    expect(tokens.rows.map(({ hash }) => hash)).not.toContain(session.refreshToken)
  })
})

describe('signing in', () => {
  const signIn = async (handle: string, password: string) =>
    (await app.ask(SIGN_IN, { input: { handle, password, deviceName: '手机' } }, ANONYMOUS)).data.result

  it('accepts the handle in any letter case, and the password in any Unicode normalization form', async () => {
    const { session } = await signUp({ handle: 'Zoe_1', password: 'cafe\u0301 cafe\u0301' })
    const again = await signIn('zOE_1', 'caf\u00e9 caf\u00e9')
    expect(again.session.user.id).toBe(session.user.id)
  })

  it.each([
    ['spaces around it', (handle: string) => ` ${handle}\u00A0`],
    ['a tab and a line break', (handle: string) => `\t${handle}\r\n`],
    ['an invisible character', (handle: string) => `\u200B${handle}\u200E\uFEFF`],
    [
      'full-width letters',
      (handle: string) =>
        handle.replace(/[a-z]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)),
    ],
    ['an @', (handle: string) => `@${handle}`],
    ['capitals', (handle: string) => handle.toUpperCase()],
  ])('accepts a handle that is typed with %s', async (_how, typed) => {
    const { session } = await signUp({ password: 'correct horse' })
    const answer = await signIn(typed(session.user.handle), 'correct horse')
    expect(answer.session.user.id).toBe(session.user.id)
  })

  it('gives the same answer for a wrong password, an unknown handle and an invalid handle', async () => {
    const { session } = await signUp()
    const answers = await Promise.all([
      signIn(session.user.handle, 'wrong password'),
      signIn('nobody_has_this', 'wrong password'),
      signIn('!', 'x'.repeat(1000)),
    ])
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ __typename: 'RequestFailed', code: 'NOT_ALLOWED' })
  })

  it('takes as long for an unknown handle as for a wrong password', async () => {
    const { session } = await signUp()
    const time = async (handle: string) => {
      const started = performance.now()
      await signIn(handle, 'wrong password')
      return performance.now() - started
    }
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let round = 0; round < 7; round++) {
      known.push(await time(session.user.handle))
      unknown.push(await time('nobody_has_this'))
    }
    // Without hashing, the ratio would be about 1/50. The bounds tolerate other load on the machine.
    const ratio = median(unknown) / median(known)
    expect(ratio).toBeGreaterThan(0.25)
    expect(ratio).toBeLessThan(4)
  })
})

describe('refreshing a session', () => {
  it('issues new tokens of the same session repeatedly', async () => {
    const { session } = await signUp()
    const second = await refresh(session.refreshToken)
    const third = await refresh(second.session.refreshToken)
    expect(third.session.user.id).toBe(session.user.id)
    expect(decodeJwt(third.session.accessToken).sid).toBe(decodeJwt(session.accessToken).sid)
    expect(new Set([session, second.session, third.session].map((one) => one.refreshToken)).size).toBe(3)
  })

  it('returns the same tokens if the request is repeated within half a minute', async () => {
    const { session } = await signUp()
    const second = await refresh(session.refreshToken)
    for (const ahead of [1_000, 29_000]) {
      app.time.ahead = ahead
      expect(await refresh(session.refreshToken)).toEqual(second)
    }
    app.time.ahead = 0
    expect(await refresh(second.session.refreshToken)).toMatchObject({ __typename: 'RefreshSessionPayload' })
  })

  it('returns the same tokens to simultaneous requests', async () => {
    const { session } = await signUp()
    const results = await Promise.all(Array.from({ length: 6 }, () => refresh(session.refreshToken)))
    expect(new Set(results.map((result) => JSON.stringify(result.session))).size).toBe(1)
    expect(results[0]?.session.refreshToken).toEqual(expect.any(String))
  })

  it('stores nothing from which the next token can be derived', async () => {
    const { session } = await signUp()
    const { refreshToken } = (await refresh(session.refreshToken)).session
    const { rows } = await app.pool.query('SELECT hash, successor_salt FROM refresh_tokens')
    const kept = rows.flatMap((row) => [row.hash, row.successor_salt].filter((value) => value !== null))
    for (const value of kept) {
      expect(value.toString('base64url')).not.toBe(refreshToken)
      expect(createHash('sha256').update(value).digest('base64url')).not.toBe(refreshToken)
    }
  })

  it('ends the session if a token is reused after half a minute', async () => {
    const { session } = await signUp()
    const second = await refresh(session.refreshToken)
    app.time.ahead = 31_000
    expect(await refresh(session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await refresh(second.session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
    app.time.ahead = 0
  })

  it('ends the session if a token is reused after its successor was used', async () => {
    const { session } = await signUp()
    const second = await refresh(session.refreshToken)
    const third = await refresh(second.session.refreshToken)
    expect(await refresh(session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await refresh(third.session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it("keeps the user's other sessions when it ends one", async () => {
    const { session } = await signUp({ password: 'correct horse' })
    const input = { handle: session.user.handle, password: 'correct horse' }
    const other = (await app.ask(SIGN_IN, { input }, ANONYMOUS)).data.result.session
    await refresh((await refresh(session.refreshToken)).session.refreshToken)
    expect(await refresh(session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await refresh(other.refreshToken)).toMatchObject({ __typename: 'RefreshSessionPayload' })
  })

  it('ends the session without a deadlock if the newest token and an old one are used at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { session } = await signUp()
      const second = await refresh(session.refreshToken)
      const third = await refresh(second.session.refreshToken)
      await Promise.all([refresh(session.refreshToken), refresh(third.session.refreshToken)])
      const left = await app.pool.query('SELECT 1 FROM sessions WHERE user_id = $1', [session.user.id])
      expect(left.rowCount).toBe(0)
    }
  })

  it('refuses an invented token, an empty token and a token of an expired session', async () => {
    const { session } = await signUp()
    app.time.ahead = 61 * 24 * 60 * 60 * 1000
    expect(await refresh(session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
    app.time.ahead = 0
    expect(await refresh('invented')).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await refresh('')).toMatchObject({ code: 'INVALID_INPUT', field: 'input.refreshToken' })
  })
})

describe('signing out', () => {
  it('ends the session of the request', async () => {
    const { session } = await signUp()
    const sid = String(decodeJwt(session.accessToken).sid)
    const { data } = await app.ask(SIGN_OUT, {}, viewer(session.user.id, sid))
    expect(data.result.user.id).toBe(session.user.id)
    expect(await refresh(session.refreshToken)).toMatchObject({ code: 'NOT_ALLOWED' })
  })

  it("cannot end another user's session", async () => {
    const [{ session }, other] = await Promise.all([signUp(), signUp()])
    const sid = String(decodeJwt(session.accessToken).sid)
    await app.ask(SIGN_OUT, {}, viewer(other.session.user.id, sid))
    expect(await refresh(session.refreshToken)).toMatchObject({ __typename: 'RefreshSessionPayload' })
  })

  it('returns no user if the viewer is signed out', async () => {
    expect((await app.ask(SIGN_OUT, {}, ANONYMOUS)).data.result).toEqual({
      __typename: 'SignOutPayload',
      user: null,
    })
  })
})

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
