/**
 * Measures the queries and pages of the blog with 1,000 posts and with 1,000,000 posts in 10,000 moblogs; see README.md.
 *
 *     node blog-at-scale.ts [--posts 1000000] [--requests 300]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openDatabase } from '../platform/database/open-database.ts'
import { createLog } from '../platform/log.ts'
import { freePorts } from '../testing/free-ports.ts'
import { startChild, stopAllChildren } from './child.ts'
import { fillBlog } from './fill-blog.ts'
import { ask, operation } from './graphql.ts'
import { medians } from './medians.ts'
import { type Seeded, seed } from './seed.ts'

const SMALL = 1_000
const { values: options } = parseArgs({
  options: { posts: { type: 'string', default: '1000000' }, requests: { type: 'string', default: '300' } },
})

async function measure(
  origin: string,
  { tokens: [token], variables }: Seeded,
): Promise<Record<string, number>> {
  const url = `${origin}/graphql`
  const friendMoblog = await operation('friend-moblog')
  const list = (field: string) => `{ ${field} { edges { node { id } } } }`
  const data = await ask({ url, query: friendMoblog, variables, token })
  const page = (data as { userByHandle: { moblog: { access: { url: string } } } }).userByHandle.moblog.access
    .url
  const graphql =
    (query: string, given: object = {}) =>
    () =>
      ask({ url, query, variables: given, token })
  return medians(
    {
      'FriendMoblog, 10 posts': graphql(friendMoblog, { ...variables, first: 10 }),
      'page, 10 posts': async () => (await fetch(page)).arrayBuffer(),
      hotMoblogs: graphql(list('hotMoblogs')),
      newestMoblogs: graphql(list('newestMoblogs')),
      friendMoblogs: graphql(list('friendMoblogs')),
      'search for a word': graphql(list('searchMoblogs(query: "w17 v17")')),
      'search for a beginning that old posts share': graphql(list('searchMoblogs(query: "ol")')),
    },
    Number(options.requests),
  )
}

const dataDir = await mkdtemp(path.join(tmpdir(), 'moblog-scale-'))
const database = await openDatabase({
  dataDir: path.join(dataDir, 'database'),
  log: createLog('bench', 'warn'),
})
try {
  const [port = 0] = await freePorts(1)
  const origin = `http://localhost:${port}`
  await startChild({
    name: 'product',
    program: fileURLToPath(new URL('../main.ts', import.meta.url)),
    env: {
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      MOBLOG_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      PUBLIC_URL: origin,
      ALLOW_BUNDLED_FFMPEG: 'true',
      PORT: `${port}`,
    },
    readyUrl: `${origin}/readyz`,
  })
  const seeded = await seed(`${origin}/graphql`, 20, 1)
  const sql = new pg.Client({
    connectionString: database.url,
    options: '-c search_path=blog,public -c TimeZone=UTC',
  })
  await sql.connect()
  const results: Record<string, number>[] = []
  for (const count of [SMALL, Number(options.posts)]) {
    const started = performance.now()
    await fillBlog(sql, count)
    console.log(`${count} posts, made in ${Math.round((performance.now() - started) / 1000)} s`)
    const measured = await measure(origin, seeded)
    results.push(measured)
    console.log(JSON.stringify(measured))
  }
  await sql.end()
  const [small = {}, large = {}] = results
  for (const [name, ms] of Object.entries(large)) {
    const before = small[name] ?? Number.NaN
    console.log(
      `${name.padEnd(44)} ${before.toFixed(1)} ms, ${ms.toFixed(1)} ms, ratio ${(ms / before).toFixed(2)}`,
    )
  }
  const ratio = (large['page, 10 posts'] ?? 0) / (large['FriendMoblog, 10 posts'] ?? 1)
  console.log(
    `page to FriendMoblog: ${ratio.toFixed(2)}; load average ${loadavg()
      .map((each) => each.toFixed(1))
      .join(' ')}`,
  )
} finally {
  await stopAllChildren()
  await database.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
}
