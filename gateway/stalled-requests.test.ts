import { startTestGateway, type TestGateway } from '../testing/gateway/start-gateway.ts'
import { openStalledRequest } from '../testing/stalled-request.ts'

const MANY = 1_000

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.stop())

async function ask(): Promise<number> {
  const begun = performance.now()
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query: '{ __typename }' }),
  })
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  return performance.now() - begun
}

describe('a thousand requests whose bodies stall', () => {
  it('do not delay other clients, and get 408 after 30 seconds', async () => {
    const stalled = []
    const begun = performance.now()
    for (let i = 0; i < MANY; i++) {
      stalled.push(await openStalledRequest(gateway.port, '/graphql', 100))
    }
    const times = []
    for (let i = 0; i < 50; i++) times.push(await ask())
    expect(times.sort((one, other) => one - other).at(-3)).toBeLessThan(250)
    const answers = await Promise.all(stalled.map(({ answer }) => answer))
    expect(performance.now() - begun).toBeGreaterThan(29_000)
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 408 '))).toHaveLength(MANY)
    expect(answers[0]).toMatch(/"message":"The request body did not arrive within 30 seconds/)
  })
})
