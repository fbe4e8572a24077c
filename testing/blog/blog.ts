import type { ExecutionResult } from 'graphql'
import pg from 'pg'
import { newId } from '../../platform/ids.ts'
import type { Service } from '../../platform/service.ts'
import { blogConfig } from '../../subgraphs/blog/config.ts'
import { MIGRATIONS } from '../../subgraphs/blog/database.ts'
import { type BlogOptions, startBlog } from '../../subgraphs/blog/service.ts'
import { createTestDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { createTestHost, type TestHost } from '../host.ts'
import { createFakeCommunication, type FakeCommunication } from './fake-communication.ts'
import { createFakeStorage, type FakeStorage } from './fake-storage.ts'

/** A running blog service on its own database, with a fake `communication` that the test controls. */
export type BlogUnderTest = {
  service: Service
  host: TestHost
  communication: FakeCommunication
  storage: FakeStorage
  /** Connections to the service's PostgreSQL schema, for reading and changing rows directly. */
  sql: pg.Pool
  /** Runs an operation as a user (null: signed out). Throws the first error of the result. */
  ask<Data>(viewerId: string | null, query: string, variables?: Record<string, unknown>): Promise<Data>
  /** Runs an operation on the internal API, as another service does. */
  internal(query: string, variables: Record<string, unknown>, service?: string): Promise<ExecutionResult>
  /** Publishes a post as a user and returns its id. */
  publish(authorId: string, input?: Record<string, unknown>): Promise<string>
  /** Registers a media file for a user and returns its id. */
  media(ownerId: string): string
  /** Starts another process of the same service. */
  startAnother(options?: BlogOptions): Promise<Service>
  stop(): Promise<void>
}

const PUBLISH = `mutation ($input: PublishPostInput!) {
  publishPost(input: $input) { ... on PublishPostPayload { post { id } } ... on Failure { code message } }
}`

const DEFAULTS = { NODE_ENV: 'test', WRITE_LIMIT_SCALE: '0', BLOG_PAGES_PER_MINUTE: '0' }

/** Starts a blog service for a test. */
export async function startBlogUnderTest(
  options: BlogOptions = {},
  env: Record<string, string> = {},
): Promise<BlogUnderTest> {
  const database = await createTestDatabase({ schemas: [{ schema: 'blog', directory: MIGRATIONS }] })
  const communication = createFakeCommunication()
  const storage = createFakeStorage()
  const host = await createTestHost({
    name: 'blog',
    issuers: ['blog', 'communication', 'gateway'],
    databaseUrl: database.url,
    peers: { communication: communication.internal, storage: storage.internal },
  })
  const sql = new pg.Pool({
    connectionString: database.url,
    options: '-c search_path=blog,public -c TimeZone=UTC',
  })
  sql.on('error', () => {}) // connections that are still open when the database is dropped
  const start = (chosen: BlogOptions) =>
    startBlog(host, blogConfig.parse({ ...DEFAULTS, ...env }), { backgroundEveryMs: 20, ...chosen })
  const services = [await start(options)]
  const [service] = services as [Service]
  // The service asks for missed revocations in the background.
  await eventually(() => service.ready(), 60_000)

  const ask: BlogUnderTest['ask'] = async (viewerId, query, variables) => {
    const caller = { kind: 'viewer', userId: viewerId, sessionId: null } as const
    const { data, errors } = await service.subgraph.execute({ query, variables }, caller)
    if (errors?.[0]) throw errors[0]
    // Converts the result through JSON, as it would arrive at the gateway.
    return JSON.parse(JSON.stringify(data))
  }

  return {
    service,
    host,
    communication,
    storage,
    sql,
    ask,
    internal: (query, variables, name = 'communication') =>
      service.internal.execute({ query, variables }, { kind: 'service', service: name }),
    async publish(authorId, input = {}) {
      const { publishPost } = await ask<{ publishPost: { post?: { id: string }; message?: string } }>(
        authorId,
        PUBLISH,
        { input: { text: 'Hello', audience: 'PUBLIC', ...input } },
      )
      if (!publishPost.post) throw new Error(publishPost.message)
      return publishPost.post.id
    },
    media(ownerId) {
      const id = newId()
      communication.own(ownerId, id)
      return id
    },
    async startAnother(chosen = {}) {
      const another = await start(chosen)
      services.push(another)
      return another
    },
    async stop() {
      await Promise.all(services.map((each) => each.stop()))
      await sql.end()
      await host.close()
      await database.drop()
    },
  }
}
