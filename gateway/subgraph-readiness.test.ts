import { type HttpServer, startHttpServer } from '../platform/http/server.ts'
import { createLog } from '../platform/log.ts'
import { createSubgraphReadiness } from './subgraph-readiness.ts'

const log = createLog('test', 'silent')
const servers: HttpServer[] = []
const start = async (routes: Parameters<typeof startHttpServer>[0]['routes'], ready = async () => {}) => {
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, ready, log, drainMs: 50 })
  servers.push(server)
  return server
}
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())))

const NOWHERE = 'http://127.0.0.1:9'
const address = ({ port }: HttpServer) => `http://127.0.0.1:${port}`

async function startGateway(
  addresses: Record<string, string>,
  { knowsSessionRevocations = true, cacheMs = 100 } = {},
) {
  const readiness = createSubgraphReadiness({
    addresses: new Map(Object.entries(addresses)),
    knowsSessionRevocations: async () => knowsSessionRevocations,
    timeoutMs: 200,
    cacheMs,
  })
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, routes: [], log, drainMs: 50 },
    ...readiness,
  })
  servers.push(server)
  return async () => {
    const response = await fetch(`${address(server)}/readyz`)
    return [response.status, await response.json()]
  }
}

describe('/readyz of the gateway', () => {
  it('succeeds and names the subgraphs that do not answer while at least one does', async () => {
    const blog = await start([])
    const readyz = await startGateway({ blog: address(blog), storage: NOWHERE })
    expect(await readyz()).toEqual([200, { status: 'ready', down: ['storage'] }])
  })

  it('fails while no subgraph answers, and succeeds when one is back', async () => {
    let isUp = false
    const blog = await start([], async () => {
      if (!isUp) throw new Error('no database')
    })
    const readyz = await startGateway({ blog: address(blog), storage: NOWHERE })
    expect(await readyz()).toEqual([503, { status: 'not ready', down: ['blog', 'storage'] }])
    isUp = true
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(await readyz()).toEqual([200, { status: 'ready', down: ['storage'] }])
  })

  it('fails until the session revocations have been loaded', async () => {
    const blog = await start([])
    const readyz = await startGateway({ blog: address(blog) }, { knowsSessionRevocations: false })
    expect(await readyz()).toEqual([503, { status: 'not ready', down: [] }])
  })

  it('waits for a subgraph that hangs only for a moment', async () => {
    const hanging = await start([{ path: '/hang/readyz', handle: () => {} }])
    const blog = await start([])
    const readyz = await startGateway({ blog: address(blog), storage: `${address(hanging)}/hang` })
    const begun = performance.now()
    expect(await readyz()).toEqual([200, { status: 'ready', down: ['storage'] }])
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('probes once for many requests at the same time', async () => {
    let probes = 0
    const blog = await start([], async () => void probes++)
    const readyz = await startGateway({ blog: address(blog) }, { cacheMs: 60_000 })
    await Promise.all(Array.from({ length: 50 }, readyz))
    expect(probes).toBe(1)
  })
})
