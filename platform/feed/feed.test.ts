import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../testing/eventually.ts'
import { createTestHost, type TestHost } from '../../testing/host.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { createFeed, type LocalFeed } from './feed.ts'
import { feedRoute } from './feed-route.ts'
import { httpFeed } from './http-feed.ts'

let host: TestHost
let feed: LocalFeed
let server: HttpServer

const listen = (port: number) =>
  startHttpServer({
    host: '127.0.0.1',
    port,
    routes: [feedRoute({ feed, verifier: host.verifier, name: 'news', services: ['reader'] })],
    ready: async () => {},
    log: host.log,
    drainMs: 50,
  })

beforeEach(async () => {
  host = await createTestHost({ name: 'news', issuers: ['news', 'reader', 'stranger'], databaseUrl: '' })
  feed = createFeed()
  server = await listen(0)
})
afterEach(async () => {
  await server.stop()
  await host.close()
})

function follow(as: string) {
  const keyring = host.keyrings[as]
  if (!keyring) throw new Error(as)
  const reader = httpFeed({ name: 'news', url: `http://127.0.0.1:${server.port}`, keyring, log: host.log })
  const received: (string | null)[] = []
  reader.listen((topic) => received.push(topic))
  return { received, close: reader.close }
}

describe('a feed over HTTP', () => {
  it('sends null when a reader connects, because events may have been missed, then every topic', async () => {
    const { received, close } = follow('reader')
    await eventually(() => received.length === 1, 60_000)
    feed.announce('ann')
    feed.announce('bob')
    await eventually(() => received.length === 3, 60_000)
    expect(received).toEqual([null, 'ann', 'bob'])
    await close()
  })

  it('is followed again after the service was down', async () => {
    const { received, close } = follow('reader')
    await eventually(() => received.length === 1, 60_000)
    const { port } = server
    await server.stop()
    server = await listen(port)
    await eventually(() => received.length === 2, 60_000)
    feed.announce('ann')
    await eventually(() => received.length === 3, 60_000)
    expect(received).toEqual([null, null, 'ann'])
    await close()
  })

  it('refuses readers that are not permitted services', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/feed`)
    expect(answer.status).toBe(401)
    const { received, close } = follow('stranger')
    await sleep(200)
    feed.announce('ann')
    await sleep(50)
    expect(received).toEqual([])
    await close()
  })

  it('calls no listeners that have left', () => {
    const received: (string | null)[] = []
    const leave = feed.listen((topic) => received.push(topic))
    feed.announce('ann')
    leave()
    feed.announce('bob')
    expect(received).toEqual(['ann'])
  })
})
