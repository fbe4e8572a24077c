/**
 * Compares the home feed with the friend's query and with merging the posts of friends when they are read, for users with 10
 * and 1,000 friends, with 1,000 and 1,000,000 posts. Also measures publishing to 5,000 friends. See README.md.
 *
 *     node home-feed.ts [--posts 1000000] [--requests 300]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openDatabase } from '../platform/database/open-database.ts'
import { createLog } from '../platform/log.ts'
import { freePorts } from '../testing/free-ports.ts'
import { startChild, stopAllChildren } from './child.ts'
import { fillBlog } from './fill-blog.ts'
import { ask, mutate, operation } from './graphql.ts'
import { medians } from './medians.ts'
import { befriend, type Person, publishTones, signUp } from './seed.ts'

const SMALL = 1_000
const FEW = 10
const MANY = 1_000
const VERY_MANY = 5_000
const TONES = 20
const PUBLISHED = 25

const { values: options } = parseArgs({
  options: { posts: { type: 'string', default: '1000000' }, requests: { type: 'string', default: '300' } },
})
const requests = Number(options.requests)

type World = { url: string; sql: pg.Client; ann: Person; few: Person; many: Person }

/** Makes a user the friend of users that were created with SQL, until the user has this many friends. */
async function befriendUpTo(sql: pg.Client, userId: string, count: number): Promise<void> {
  await sql.query(
    `WITH added AS (
       SELECT id FROM communication.users WHERE id <> $1 AND id IN (SELECT id FROM blog.moblog)
         AND NOT EXISTS (SELECT FROM communication.relationships WHERE user_id = $1 AND other_id = users.id)
       LIMIT greatest(0, $2 - (SELECT count(*) FROM communication.relationships WHERE user_id = $1 AND kind = 'FRIEND'))
     )
     INSERT INTO communication.relationships (user_id, other_id, kind, since)
     SELECT $1, id, 'FRIEND'::communication.relationship_kind, timestamptz '2025-01-01' FROM added
     UNION ALL SELECT id, $1, 'FRIEND'::communication.relationship_kind, timestamptz '2025-01-01' FROM added`,
    [userId, count],
  )
}

// How a feed without copies would be read: it merges the newest posts of all friends.
const MERGED = `
  SELECT post.id FROM communication.relationships AS friend
  CROSS JOIN unnest(ARRAY['PUBLIC', 'FRIENDS']::blog.audience[]) AS seen (audience)
  CROSS JOIN LATERAL (
    SELECT id, published_at FROM blog.post
    WHERE moblog_id = friend.other_id AND audience = seen.audience AND published_at < 'infinity'
    ORDER BY published_at DESC, id DESC LIMIT ${TONES + 1}
  ) AS post
  WHERE friend.user_id = $1 AND friend.kind = 'FRIEND'
  ORDER BY post.published_at DESC, post.id DESC LIMIT ${TONES + 1}`

const COPIED = `
  SELECT post_id FROM blog.home_feed_item WHERE viewer_id = $1
  ORDER BY published_at DESC, post_id DESC LIMIT ${TONES + 1}`

async function measureReading({ url, sql, few, many }: World): Promise<Record<string, number>> {
  for (const [{ id }, count] of [
    [few, FEW],
    [many, MANY],
  ] as const)
    await befriendUpTo(sql, id, count)
  // SQL reported no friendships to the blog, so the feeds must be built again.
  await sql.query('TRUNCATE blog.home_feed CASCADE')
  const [friendMoblog, homeFeed] = await Promise.all([operation('friend-moblog'), operation('home-feed')])
  const feedOf = ({ token }: Person) => ask({ url, query: homeFeed, variables: { first: TONES }, token })
  const started = performance.now()
  await feedOf(many)
  const builtAfter = performance.now() - started
  await feedOf(few)
  await sql.query('VACUUM ANALYZE')
  const merged =
    (text: string, { id }: Person) =>
    () =>
      sql.query({ name: text.slice(0, 40), text, values: [id] })
  return {
    ...(await medians(
      {
        FriendMoblog: () =>
          ask({ url, query: friendMoblog, variables: { handle: 'ann', first: TONES }, token: many.token }),
        [`HomeFeed, ${FEW} friends`]: () => feedOf(few),
        [`HomeFeed, ${MANY} friends`]: () => feedOf(many),
        [`merged when read, ${FEW} friends`]: merged(MERGED, few),
        [`merged when read, ${MANY} friends`]: merged(MERGED, many),
        [`copied, ${MANY} friends`]: merged(COPIED, many),
      },
      requests,
    )),
    [`building a feed, ${MANY} friends`]: builtAfter,
  }
}

/** Measures how soon publishing is answered if all friends have a feed, and when the last feed contains the post. */
async function measurePublishing({ url, sql, ann }: World): Promise<void> {
  await befriendUpTo(sql, ann.id, VERY_MANY)
  await sql.query(
    `INSERT INTO blog.home_feed (viewer_id, built_at, read_at)
     SELECT other_id, now(), now() FROM communication.relationships WHERE user_id = $1 AND kind = 'FRIEND'
     ON CONFLICT DO NOTHING`,
    [ann.id],
  )
  const feedsWritten = async () => {
    while ((await sql.query(`SELECT FROM blog_outbox.message WHERE topic = 'home-feed'`)).rowCount)
      await sleep(20)
  }
  for (const pace of ['one at a time', 'all at once'] as const) {
    const times: number[] = []
    const started = performance.now()
    for (let index = 0; index < PUBLISHED; index++) {
      const before = performance.now()
      await mutate(url, 'publish-post', { text: `News ${index}`, audience: 'FRIENDS' }, ann.token)
      times.push(performance.now() - before)
      if (pace === 'one at a time') await feedsWritten()
    }
    await feedsWritten()
    const all = performance.now() - started
    times.sort((a, b) => a - b)
    const [middle = 0, most = 0] = [times[times.length >> 1], times.at(-1)]
    console.log(
      `publishing to ${VERY_MANY} friends, ${pace}: answered after ${middle.toFixed(1)} ms (p50), ${most.toFixed(1)} ms (most); in all feeds ${(all / PUBLISHED).toFixed(0)} ms each`,
    )
  }
}

// The requests under way then fail, and the `finally` block below stops everything else.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopAllChildren())

const dataDir = await mkdtemp(path.join(tmpdir(), 'moblog-feed-'))
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
      WORKERS: '1',
      MOBLOG_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      PUBLIC_URL: origin,
      ALLOW_BUNDLED_FFMPEG: 'true',
      WRITE_LIMIT_SCALE: '0',
      PORT: `${port}`,
    },
    readyUrl: `${origin}/readyz`,
  })
  const url = `${origin}/graphql`
  const [ann, few, many] = [await signUp(url, 'ann'), await signUp(url, 'few'), await signUp(url, 'many')]
  await befriend(url, many, ann)
  await publishTones(url, ann, TONES)
  // These posts are the newest. Half as many authors as posts wrote them, so that both viewers get the same page.
  for (let index = 0; index < TONES / 2; index++) {
    const author = await signUp(url, `author${index}`)
    for (const viewer of [few, many]) await befriend(url, viewer, author)
    await publishTones(url, author, 2)
  }
  const sql = new pg.Client({
    connectionString: database.url,
    options: '-c search_path=blog,public -c TimeZone=UTC',
  })
  await sql.connect()
  const world = { url, sql, ann, few, many }
  const results: Record<string, number>[] = []
  for (const count of [SMALL, Number(options.posts)]) {
    await fillBlog(sql, count)
    results.push(await measureReading(world))
    console.log(count, JSON.stringify(results.at(-1)))
  }
  const [small = {}, large = {}] = results
  for (const [name, ms] of Object.entries(large)) {
    const before = small[name] ?? Number.NaN
    console.log(
      `${name.padEnd(36)} ${before.toFixed(1)} ms, ${ms.toFixed(1)} ms, ratio ${(ms / before).toFixed(2)}`,
    )
  }
  const ratio = (large[`HomeFeed, ${MANY} friends`] ?? 0) / (large.FriendMoblog ?? 1)
  console.log(`HomeFeed to FriendMoblog: ${ratio.toFixed(2)}`)
  await measurePublishing(world)
  console.log(
    `load average ${loadavg()
      .map((each) => each.toFixed(1))
      .join(' ')}`,
  )
  await sql.end()
} finally {
  await stopAllChildren()
  await database.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
}
