import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { handleKey } from '../people/handle.ts'
import { suggestHandle } from './provision.ts'

const PROVISION = 'mutation ($input: ProvisionUserInput!) { id: provisionUser(input: $input) }'

let app: TestCommunication

beforeAll(async () => {
  app = await startTestCommunication({
    AUTH_ISSUER: 'https://id.example',
    AUTH_JWKS_URL: 'https://id.example/jwks',
    AUTH_AUDIENCE: 'moblog',
  })
})

afterAll(() => app.close())

const provision = (input: object, service = 'gateway') =>
  app.internal(
    PROVISION,
    { input: { issuer: 'https://id.example', issuedAt: new Date(), ...input } },
    service,
  )
const userOf = async (id: string) =>
  (await app.ask('query ($id: ID!) { user(id: $id) { handle displayName } }', { id }, ANONYMOUS)).data.user

describe('a user of an identity provider', () => {
  it('gets an account at the first request, and the same one afterwards', async () => {
    const { data } = await provision({ subject: '1', preferredUsername: 'Ada.L', name: 'Ada 林' })
    expect(await userOf(data.id)).toEqual({ handle: 'ada_l', displayName: 'Ada 林' })
    expect((await provision({ subject: '1', name: 'Renamed' })).data.id).toBe(data.id)
    expect((await provision({ subject: '1', issuer: 'https://other.example' })).data.id).not.toBe(data.id)
  })

  it('gets one account for many simultaneous requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => provision({ subject: '2', name: 'Bob' })),
    )
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1)
    const { rowCount } = await app.pool.query(`SELECT FROM users WHERE display_name = 'Bob'`)
    expect(rowCount).toBe(1)
  })

  it('gets another handle if the suggested one is taken', async () => {
    const ids = await Promise.all(
      ['3', '4', '5'].map(
        async (subject) => (await provision({ subject, preferredUsername: 'same' })).data.id,
      ),
    )
    const handles = await Promise.all(ids.map(async (id) => (await userOf(id)).handle))
    expect(new Set(handles).size).toBe(3)
    for (const handle of handles) expect(handle).toMatch(/^same(_\d{8})?$/)
  })

  it('is found by search', async () => {
    const { data } = await provision({ subject: '6', name: 'Grace Höpper' })
    const found = await app.ask('{ searchUsers(query: "hopper") { edges { node { id } } } }', {}, ANONYMOUS)
    expect(found.data.searchUsers.edges).toEqual([{ node: { id: data.id } }])
  })

  it.each([
    [{ name: 'a\u202Eb' }],
    [{ name: '' }],
    [{ name: 'x'.repeat(200) }],
    [{ preferredUsername: '\u0000' }],
    [{}],
  ])('gets a valid name for the claims %j', async (claims) => {
    const { data } = await provision({ subject: newId(), ...claims })
    const { handle, displayName } = await userOf(data.id)
    expect(handleKey(handle)).toBe(handle)
    expect(displayName).toBe(handle)
  })

  it.each(['storage', 'blog'])('is not provisioned for %s', async (service) => {
    expect((await provision({ subject: '9' }, service)).errors).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN' }),
    ])
  })
})

describe('a suggested handle', () => {
  it.each([
    ['ada', 'ada'],
    ['Ada Lovelace', 'ada_lovelace'],
    ['ada@example.com', 'ada'],
    ['Łukasz.Żółw', 'lukasz_zolw'],
    ['1ada', 'ada'],
    ['a'.repeat(300), 'a'.repeat(20)],
  ])('is derived: %s becomes %s', (called, handle) => {
    expect(suggestHandle(called, 0)).toBe(handle)
    expect(handleKey(suggestHandle(called, 1))).not.toBeNull()
  })

  it.each(['林美玲', '', '!', '42'])('is generated for %j', (called) => {
    expect(suggestHandle(called, 0)).toMatch(/^user_\d{8}$/)
  })
})

it('changePassword refers a user of an identity provider to that provider', async () => {
  const { data } = await provision({ subject: newId(), name: 'Eve' })
  const change = `mutation { r: changePassword(input: { currentPassword: "long enough", newPassword: "longer still" }) {
    ... on RequestFailed { code message }
  } }`
  expect((await app.ask(change, {}, viewer(data.id))).data.r).toEqual({
    code: 'NOT_ALLOWED',
    message: expect.stringContaining('identity provider'),
  })
})

it('signUp and signIn refuse with a reason if an identity provider is configured', async () => {
  const failure = { code: 'NOT_ALLOWED', message: expect.stringContaining('identity provider') }
  const signUp = `mutation { r: signUp(input: { handle: "mine", displayName: "Me", password: "long enough" }) { ... on RequestFailed { code message } } }`
  const signIn = `mutation { r: signIn(input: { handle: "mine", password: "long enough" }) { ... on RequestFailed { code message } } }`
  expect((await app.ask(signUp, {}, ANONYMOUS)).data.r).toEqual(failure)
  expect((await app.ask(signIn, {}, ANONYMOUS)).data.r).toEqual(failure)
})
