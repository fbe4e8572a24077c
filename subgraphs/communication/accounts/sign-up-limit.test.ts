import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import {
  startTestCommunication,
  type TestCommunication,
} from '../../../testing/communication/communication.ts'

const SIGN_UP = `mutation ($input: SignUpInput!) { result: signUp(input: $input) {
  __typename ... on InvalidInput { code } ... on RequestFailed { code message }
} }`

let app: TestCommunication
let made = 0

beforeAll(async () => {
  app = await startTestCommunication({ SIGN_UPS_PER_ADDRESS: '3' })
})
afterAll(() => app.close())

const signUp = async (address?: string, handle = `user_${made++}`) => {
  const caller = { ...ANONYMOUS, ...(address !== undefined && { address }) }
  const input = { handle, displayName: 'User', password: 'correct horse' }
  return (await app.ask(SIGN_UP, { input }, caller)).data.result
}
const MADE = { __typename: 'SignUpPayload' }

describe('signing up from one address', () => {
  it('is limited after some sign-ups; the wait doubles up to five minutes and is in the message', async () => {
    const address = '203.0.113.1'
    app.time.stoppedAt = Date.now()
    for (let i = 0; i < 4; i++) expect(await signUp(address)).toEqual(MADE)
    expect(await signUp(address)).toEqual({
      __typename: 'RequestFailed',
      code: 'RATE_LIMITED',
      message: 'There were too many sign-ups from your network. Try again in 1 second.',
    })
    for (const wait of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
      app.time.ahead += wait * 1000 - 300
      expect(await signUp(address)).toMatchObject({ code: 'RATE_LIMITED' })
      app.time.ahead += 300
      expect(await signUp(address)).toEqual(MADE)
    }
    expect((await signUp(address)).message).toContain('in 5 minutes')
    app.time.ahead += 3_700_000
    for (let i = 0; i < 3; i++) expect(await signUp(address)).toEqual(MADE)
    app.time.stoppedAt = null
  })

  it('is limited in the same way for simultaneous requests', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => signUp('2001:db8:1:2::1')))
    expect(results.filter(({ __typename }) => __typename === 'SignUpPayload')).toHaveLength(4)
    expect(await signUp('2001:db8:1:2:3:4:5:6')).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('counts attempts with a taken handle, but not invalid input', async () => {
    const address = '203.0.113.2'
    for (let i = 0; i < 10; i++) {
      expect(await signUp(address, 'no handle')).toMatchObject({ code: 'INVALID_INPUT' })
    }
    await signUp(address, 'taken')
    for (let i = 0; i < 3; i++) expect(await signUp(address, 'taken')).toMatchObject({ code: 'CONFLICT' })
    expect(await signUp(address, 'taken')).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('is not limited by replicas whose clocks differ', async () => {
    const address = '203.0.113.5'
    for (const step of [0, -120_000, 119_000]) {
      app.time.ahead += step
      expect(await signUp(address)).toEqual(MADE)
    }
  })

  it('does not limit other addresses', async () => {
    for (let i = 0; i < 5; i++) await signUp('203.0.113.3')
    expect(await signUp('203.0.113.4')).toEqual(MADE)
  })
})
