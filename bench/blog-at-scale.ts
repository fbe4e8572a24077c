/**
 * Measures how what the blog shows keeps its speed as posts grow from 1,000 to 1,000,000 in 10,000 moblogs; see
 * README.md.
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
import { ask, operation } from './graphql.ts'
import { type Seeded, seed } from './seed.ts'

const MOBLOGS = 10_000
const SMALL = 1_000
const { values: options } = parseArgs({
  options: { posts: { type: 'string', default: '1000000' }, requests: { type: 'string', default: '300' } },
})

type Work = Record<string, () => Promise<unknown>>

const TURN = 20

/**
 * The middle of each one's times in milliseconds. They take turns, so that what else the machine does falls on all, of
 * some requests each, so that no one pays for what another has pushed out of the processor's caches.
 */
async function medians(work: Work): Promise<Record<string, number>> {
  const times = new Map(Object.keys(work).map((name) => [name, [] as number[]]))
  for (let made = -TURN; made < Number(options.requests); made += TURN) {
    for (const [name, doOnce] of Object.entries(work)) {
      for (let turn = 0; turn < TURN; turn++) {
        const started = performance.now()
        await doOnce()
        if (made >= 0) times.get(name)?.push(performance.now() - started)
      }
    }
  }
  return Object.fromEntries(
    [...times].map(([name, all]) => [name, all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN]),
  )
}

/** Adds posts up to a number, in moblogs of which as many as there are get as many each; the oldest begin alike. */
async function fill(sql: pg.Client, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO moblog (id) SELECT gen_random_uuid() FROM generate_series(1, $1 - (SELECT count(*) FROM moblog))`,
    [Math.min(MOBLOGS, count)],
  )
  // Whoever has no account does not exist for anyone, nor does their moblog.
  await sql.query(
    `INSERT INTO communication.users (id, handle, handle_key, display_name, search_name, created_at)
     SELECT id, name, name, name, name, now() FROM moblog
     CROSS JOIN LATERAL (SELECT 'u' || left(replace(id::text, '-', ''), 20) AS name) AS named ON CONFLICT DO NOTHING`,
  )
  // Built anew afterwards, and ranks are given: what is measured is reading.
  await sql.query('DROP INDEX post_search_idx')
  await sql.query('ALTER TABLE post DISABLE TRIGGER USER')
  await sql.query(
    `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at)
     SELECT gen_random_uuid(), owners.ids[1 + n % cardinality(owners.ids)], 'PUBLISHED',
       (ARRAY['PUBLIC', 'FRIENDS', 'ONLY_ME'])[1 + n % 3]::audience, 'A post like others, number ' || n,
       ARRAY['w' || n % 5000, 'v' || n % 977, CASE WHEN n < $1 * 0.9 THEN 'old' ELSE 'new' END || n % 30000],
       '{}', instant, instant
     FROM (SELECT array_agg(id) AS ids FROM moblog) AS owners
     CROSS JOIN generate_series(1, $1 - (SELECT count(*) FROM post)) AS n
     CROSS JOIN LATERAL (SELECT timestamptz '2025-01-01' + n * interval '20 s') AS at (instant)`,
    [count],
  )
  await sql.query('ALTER TABLE post ENABLE TRIGGER USER')
  await sql.query('CREATE INDEX post_search_idx ON post USING gin (array_to_tsvector(words))')
  await sql.query(
    `UPDATE moblog SET hot = random(), newest_public_at = timestamptz '2026-01-01' + random() * interval '1 day'`,
  )
  await sql.query('VACUUM ANALYZE')
}

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
  return medians({
    'FriendMoblog, 10 posts': graphql(friendMoblog, { ...variables, first: 10 }),
    'page, 10 posts': async () => (await fetch(page)).arrayBuffer(),
    hotMoblogs: graphql(list('hotMoblogs')),
    newestMoblogs: graphql(list('newestMoblogs')),
    friendMoblogs: graphql(list('friendMoblogs')),
    'search for a word': graphql(list('searchMoblogs(query: "w17 v17")')),
    'search for a beginning that old posts share': graphql(list('searchMoblogs(query: "ol")')),
  })
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
    await fill(sql, count)
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
