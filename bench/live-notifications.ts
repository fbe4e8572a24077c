/**
 * Measures how soon 1,000 friends with open subscriptions are notified of a post; see README.md.
 *
 *     npm run live-notifications -- [--subscribers 1000] [--posts 5]
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openDatabase } from '../platform/database/open-database.ts'
import { createPool } from '../platform/database/pool.ts'
import { createLog } from '../platform/log.ts'
import { openKeyring } from '../platform/tokens/keyring.ts'
import { freePorts } from '../testing/free-ports.ts'
import { startChild, stopAllChildren } from './child.ts'
import { ask, operation } from './graphql.ts'
import { openSubscribers } from './subscribers.ts'
import { cpuSeconds, residentMebibytes } from './usage.ts'

const { values: options } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    posts: { type: 'string', default: '5' },
  },
})
const COUNT = Number(options.subscribers)
const POSTS = Number(options.posts)

const say = (text: string) => process.stderr.write(`${text}\n`)
const local = (port: number) => `http://localhost:${port}`

/** Starts the product. Returns its GraphQL address and the process id of its gateway. */
async function startProduct(mode: string, dataDir: string): Promise<{ url: string; gateway: number }> {
  const [gateway = 0, communication = 0, storage = 0, blog = 0] = await freePorts(4)
  const addresses = {
    GATEWAY_URL: local(gateway),
    COMMUNICATION_URL: local(communication),
    STORAGE_URL: local(storage),
    BLOG_URL: local(blog),
  }
  const start = (name: string, port: number, env: object) =>
    startChild({
      name,
      program: fileURLToPath(
        new URL(mode === 'one process' ? '../main.ts' : '../hosting/main.js', import.meta.url),
      ),
      args: mode === 'one process' ? [] : [name],
      env: {
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        MOBLOG_DATA_DIR: dataDir,
        ALLOW_BUNDLED_FFMPEG: 'true',
        ...env,
        PORT: `${port}`,
      },
      readyUrl: `${local(port)}/readyz`,
    })
  if (mode === 'one process')
    return { url: `${local(gateway)}/graphql`, gateway: await start('moblog', gateway, {}) }
  const [pid] = await Promise.all([
    start('gateway', gateway, addresses),
    start('communication', communication, addresses),
    start('storage', storage, addresses),
    start('blog', blog, addresses),
  ])
  return { url: `${local(gateway)}/graphql`, gateway: pid }
}

/** Creates an author and their friends directly in the database, because hashing a password for each takes long. */
async function makePeople(dataDir: string) {
  const log = createLog('bench', 'silent')
  const database = await openDatabase({ dataDir, log })
  const pool = createPool({ url: database.url, schema: 'communication', applicationName: 'bench', log })
  const [author = '', ...friends] = Array.from({ length: COUNT + 1 }, () => randomUUID())
  await pool.query(
    `INSERT INTO users (id, handle, handle_key, display_name, created_at)
     SELECT id, 'u' || n, 'u' || n, 'User ' || n, now() FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, n)`,
    [[author, ...friends]],
  )
  await pool.query(
    `INSERT INTO relationships (user_id, other_id, kind, since)
     SELECT $1::uuid, id, 'FRIEND'::relationship_kind, now() FROM unnest($2::uuid[]) AS f(id)
     UNION ALL SELECT id, $1::uuid, 'FRIEND'::relationship_kind, now() FROM unnest($2::uuid[]) AS f(id)`,
    [author, friends],
  )
  await pool.end()
  await database.stop()
  const keyring = await openKeyring(path.join(dataDir, 'keys'), 'communication')
  const session = (sub: string) =>
    keyring.sign(
      { aud: 'gateway', sub, sid: randomUUID(), exp: Math.floor(Date.now() / 1000) + 3_600 },
      'session+jwt',
    )
  return { author: await session(author), friends: await Promise.all(friends.map(session)) }
}

async function measure(mode: string): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'moblog-bench-'))
  try {
    const { url, gateway } = await startProduct(mode, dataDir)
    const { author, friends } = await makePeople(dataDir)
    const publish = await operation('publish-post')
    for (const name of ['one field', 'the mobile client’s operation']) {
      const query =
        name === 'one field'
          ? 'subscription { notificationReceived { id } }'
          : await operation('notification-received')
      const before = residentMebibytes([gateway])
      const subscribers = await openSubscribers(url, friends, query)
      await sleep(2_000)
      const held = residentMebibytes([gateway]) - before
      say(
        `${mode}, ${name}: ${((held * 1024) / COUNT).toFixed(1)} KiB of the gateway's memory for each of ${COUNT}`,
      )
      for (let post = 0; post < POSTS; post++) {
        const spent = cpuSeconds([gateway])
        const startedAt = performance.now()
        const input = { text: `Post ${post}`, mediaIds: [], audience: 'FRIENDS' }
        await ask({ url, query: publish, variables: { input }, token: author })
        const answered = performance.now() - startedAt
        const times = await subscribers.next()
        const [first = 0, last = 0] = [Math.min(...times), Math.max(...times)]
        const at = (time: number) => `${Math.round(time - startedAt)} ms`
        say(
          `  answered after ${Math.round(answered)} ms, first event ${at(first)}, last ${at(last)}: ${Math.round(last - first)} ms apart; ${(((cpuSeconds([gateway]) - spent) * 1000) / COUNT).toFixed(2)} ms of the gateway's processor time for each`,
        )
      }
      subscribers.close()
      await sleep(500)
    }
  } finally {
    await stopAllChildren()
    await rm(dataDir, { recursive: true, force: true })
  }
}

for (const mode of ['one process', 'four processes']) await measure(mode)
