import type { ExecutionResult } from 'graphql'
import pg from 'pg'
import type { z } from 'zod'
import { PrismaClient } from '../../generated/prisma/communication/client.ts'
import type { Clock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { openPrismaAdapter } from '../../platform/database/pool.ts'
import type { ServiceCaller, Viewer } from '../../platform/identity/caller.ts'
import { newId } from '../../platform/ids.ts'
import type { Service } from '../../platform/service.ts'
import { SUBGRAPH_NAMES } from '../../schema/subgraph-sdl.ts'
import { communicationConfig } from '../../subgraphs/communication/config.ts'
import { MIGRATIONS } from '../../subgraphs/communication/database.ts'
import { foldUnfolded } from '../../subgraphs/communication/search/fold-unfolded.ts'
import { startCommunication } from '../../subgraphs/communication/service.ts'
import { createTestDatabase } from '../database.ts'
import { type Answer, confirm, onRealSchema } from '../fake-service.ts'
import { createTestHost, type TestHost, type TestPeer } from '../host.ts'

/** A request that a peer received. */
export type PeerCall = { query: string; variables: Record<string, unknown>; caller: ServiceCaller }

/**
 * A fake service at the network boundary: records the requests and returns the answer that the test sets, as far as the
 * real schema allows it. By default it confirms every mutation.
 */
export type FakePeer = TestPeer & { calls: PeerCall[]; answer: Answer }

/** The communication service with a separate database, surrounded by fake peers. */
export type TestCommunication = {
  service: Service
  host: TestHost
  storage: FakePeer
  blog: FakePeer
  /** A separate connection of the test to the service's tables. */
  pool: pg.Pool
  /** The clock of the service: add milliseconds to `ahead` to move it forward, or stop it at an instant. */
  time: { ahead: number; stoppedAt: number | null }
  /** Sends a viewer's GraphQL request to the service; `data` and `errors` are as in the GraphQL response. */
  ask(query: string, variables: Record<string, unknown>, caller: Viewer): Promise<Answered>
  /** Sends a GraphQL request to the service's internal API, as another service does. */
  internal(query: string, variables: Record<string, unknown>, service: string): Promise<Answered>
  /** Returns the statements that the service sends to the database during `work`, even if it fails. */
  statements(work: () => Promise<unknown>): Promise<string[]>
  /** Adds search entries for users whose names a test has written directly to the tables. */
  refold(): Promise<void>
  /** Creates accounts with the given names and signs none of them in. */
  people(...names: string[]): Promise<string[]>
  close(): Promise<void>
}

/**
 * The answer to a query of a test. Its data has no type: each test writes its own query and compares the data with what it
 * expects, so a type would state the same shape a third time.
 */
export type Answered = {
  // biome-ignore lint/suspicious/noExplicitAny: tests compare the data with the shape that their own query asks for
  data: any
  errors: { message: string; code: unknown; path: unknown }[]
}

/** A signed-in viewer as the caller. */
export const viewer = (userId: string, sessionId: string | null = null): Viewer => ({
  kind: 'viewer',
  userId,
  sessionId,
})

// Tests start and end more friendships in a second than users do in a week.
const UNHURRIED = {
  FRIEND_REQUESTS_PER_DAY: '1000000',
  FRIEND_REQUESTS_PER_PAIR: '1000000',
  WRITE_LIMIT_SCALE: '0',
}

// Looking for expiring posts would add to the statements that tests count.
const NEVER_MS = 3_600_000

/** Starts the service as its host would, on an empty database. */
export async function startTestCommunication(
  env: Record<string, string> = {},
  { closeEveryMs = NEVER_MS }: { closeEveryMs?: number } = {},
): Promise<TestCommunication> {
  const database = await createTestDatabase({ schemas: [{ schema: 'communication', directory: MIGRATIONS }] })
  const [storage, blog] = [fakePeer('storage'), fakePeer('blog')]
  const host = await createTestHost({
    name: 'communication',
    issuers: ['gateway', ...SUBGRAPH_NAMES],
    databaseUrl: database.url,
    peers: { storage, blog },
  })
  const config: z.infer<typeof communicationConfig> = readConfig(communicationConfig, {
    ...UNHURRIED,
    ...env,
  })
  const time: TestCommunication['time'] = { ahead: 0, stoppedAt: null }
  const clock: Clock = () => new Date((time.stoppedAt ?? Date.now()) + time.ahead)
  const service = await startCommunication(host, config, clock, closeEveryMs)
  const { adapter, pool } = openPrismaAdapter({
    url: database.url,
    schema: 'communication',
    applicationName: 'test',
    log: host.log,
  })
  const db = new PrismaClient({ adapter })

  return {
    service,
    host,
    storage,
    blog,
    pool,
    time,
    ask: async (query, variables, caller) =>
      answered(await service.subgraph.execute({ query, variables }, caller)),
    internal: async (query, variables, name) =>
      answered(await service.internal.execute({ query, variables }, { kind: 'service', service: name })),
    async statements(work) {
      const seen: string[] = []
      const { query } = pg.Client.prototype
      pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
        const [config] = args
        // Other connections are ignored: the outbox polls for messages on its own connection at any time.
        if (applicationOf(this) === 'moblog communication') {
          seen.push(typeof config === 'string' ? config : String((config as { text?: string }).text))
        }
        return Reflect.apply(query, this, args)
      }
      try {
        await work()
      } finally {
        pg.Client.prototype.query = query
      }
      return seen
    },
    async people(...names) {
      const ids = names.map(() => newId())
      await pool.query(
        `INSERT INTO users (id, handle, handle_key, display_name, created_at)
         SELECT id, name, lower(name), initcap(name), now() FROM unnest($1::uuid[], $2::text[]) AS u(id, name)`,
        [ids, names],
      )
      return ids
    },
    async refold() {
      await pool.query('UPDATE users SET search_name = NULL')
      await foldUnfolded(db, host.log)
    },
    async close() {
      await db.$disconnect()
      await pool.end()
      await service.stop()
      await host.close()
      await database.drop()
    },
  }
}

function answered({ data, errors = [] }: ExecutionResult): Answered {
  return {
    data,
    errors: errors.map(({ message, extensions, path }) => ({ message, code: extensions.code, path })),
  }
}

function applicationOf(client: pg.Client): unknown {
  const { connectionParameters } = client as { connectionParameters?: { application_name?: string } }
  return connectionParameters?.application_name
}

function fakePeer(service: string): FakePeer {
  const answer = onRealSchema(service, (request) => fake.answer(request))
  const fake: FakePeer = {
    calls: [],
    answer: confirm,
    async execute(request, caller) {
      fake.calls.push({ query: request.query, variables: request.variables ?? {}, caller })
      return answer(request)
    },
  }
  return fake
}
