import { decodeJwt } from 'jose'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
} from '../../../testing/communication/communication.ts'

const SESSION = 'session { accessToken refreshToken }'
const SIGN_UP = `mutation ($handle: String!) {
  result: signUp(input: { handle: $handle, displayName: "Ada", password: "correct horse" }) {
    ... on SignUpPayload { ${SESSION} }
  }
}`
const REFRESH = `mutation ($refreshToken: String!) {
  result: refreshSession(input: { refreshToken: $refreshToken }) { ... on RefreshSessionPayload { ${SESSION} } }
}`
const SIGN_OUT = 'mutation { signOut { __typename } }'
const ENDS = 'query ($ids: [ID!]!) { accessTokenEnds(sessionIds: $ids) }'

type Tokens = { accessToken: string; refreshToken: string }

let app: TestCommunication
beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())
beforeEach(() => {
  app.time.ahead = 0
})

const signUp = async (handle: string): Promise<Tokens> =>
  (await app.ask(SIGN_UP, { handle }, ANONYMOUS)).data.result.session
const refresh = async ({ refreshToken }: Tokens): Promise<Tokens> =>
  (await app.ask(REFRESH, { refreshToken }, ANONYMOUS)).data.result.session
const sidOf = ({ accessToken }: Tokens) => String(decodeJwt(accessToken).sid)
const endOf = ({ accessToken }: Tokens) => new Date(Number(decodeJwt(accessToken).exp) * 1_000).toISOString()
const ends = async (...ids: string[]) => {
  const { data } = await app.internal(ENDS, { ids }, 'gateway')
  return data.accessTokenEnds.map((end: string | Date | null) => end && new Date(end).toISOString())
}

describe('the end of the newest access token of a session', () => {
  it('is the expiry of the token that its client has received last', async () => {
    const [first, other] = [await signUp('token_end'), await signUp('token_end_other')]
    expect(await ends(sidOf(other), sidOf(first))).toEqual([endOf(other), endOf(first)])
    app.time.ahead = 600_000
    const newer = await refresh(first)
    expect(endOf(newer) > endOf(first)).toBe(true)
    expect(await ends(sidOf(first))).toEqual([endOf(newer)])
    app.time.ahead = 610_000
    expect(endOf(await refresh(first))).toBe(endOf(newer))
    expect(await ends(sidOf(first))).toEqual([endOf(newer)])
  })

  it('is null for a session that has ended or that never existed', async () => {
    const tokens = await signUp('token_end_out')
    const { sub = '' } = decodeJwt(tokens.accessToken)
    await app.ask(SIGN_OUT, {}, { kind: 'viewer', userId: sub, sessionId: sidOf(tokens) })
    expect(await ends(sidOf(tokens), newId())).toEqual([null, null])
  })

  it('is told to gateways only, for at most 500 sessions', async () => {
    expect((await app.internal(ENDS, { ids: [] }, 'blog')).errors[0]?.code).toBe('FORBIDDEN')
    const ids = Array.from({ length: 501 }, newId)
    expect((await app.internal(ENDS, { ids }, 'gateway')).errors[0]?.code).toBe('BAD_USER_INPUT')
  })
})
