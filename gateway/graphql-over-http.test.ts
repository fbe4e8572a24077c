import { serverAudits } from 'graphql-http'
import { startTestGateway, type TestGateway } from '../testing/gateway/start-gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.stop())

describe('the audits of the GraphQL over HTTP specification', () => {
  const audits = serverAudits({ url: () => gateway.url })

  it('are all here', () => {
    expect(audits.length).toBeGreaterThan(50)
  })

  it.each(audits.map(({ id, name, fn }) => [`${id}: ${name}`, fn] as const))('%s', async (_name, audit) => {
    const result = await audit()
    // A notice is about what a server may do and this one does not.
    expect(['ok', 'notice']).toContain(result.status)
  })
})
