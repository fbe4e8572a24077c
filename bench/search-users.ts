/**
 * Measures searches among 10,000 and among 1,000,000 users: `node search-users.ts [sizes…]`. It calls the function behind
 * `searchUsers` on a PostgreSQL in a temporary folder, one search at a time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { migrate } from '../platform/database/migrate.ts'
import { openDatabase } from '../platform/database/open-database.ts'
import { createPool } from '../platform/database/pool.ts'
import { newId } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import { MIGRATIONS } from '../subgraphs/communication/database.ts'
import { findUsers } from '../subgraphs/communication/search/find-users.ts'
import { searchEntry } from '../subgraphs/communication/search/fold.ts'

const GIVEN = words(
  'Ada Amélie Anna Bruno Chloé Daniel Élodie Emma Finn Giulia Hans Ines Jakub Jürgen Karel Lukasz Łucja Maria Mei Mohamed Nadia Noah Olga Oscar Priya Quentin Rosa Søren Sofia Tomás Ulrike Valentina Wei Ximena Yuki Zoë',
)
const FAMILY = words(
  'Andersson Bianchi Chen Dubois Eriksen Fernández García Hoffmann Ivanov Jansen Kowalski Lovelace Müller Nakamura Novák O’Brien Petrov Quispe Rossi Sánchez Smith Tanaka Ueda Vasquez Wójcik Xu Yamamoto Zhang',
)
const HAN_FAMILY = [...'王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗']
const HAN_GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅美玲']
const KANA = ['さくら', 'ハルト', 'ユイ', 'そうた', 'ミオ']
const SYLLABLES = words(
  'ba be bi bo da de do fa fe ga go ka ke ki ko la le li lo lu ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va vi wa ya yo za zo',
)

// A fixed seed, so that each run creates the same users.
let state = 42
const random = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const pick = (list: readonly string[]) => list[random(list.length)] ?? ''

function words(text: string): string[] {
  return text.split(' ')
}

// Names in many languages. A third of the family names are unique.
function person(index: number) {
  const made = Array.from({ length: 3 }, () => pick(SYLLABLES)).join('')
  const kind = random(10)
  const displayName =
    kind < 2
      ? pick(HAN_FAMILY) + pick(HAN_GIVEN) + pick(HAN_GIVEN)
      : kind < 3
        ? `${pick(HAN_FAMILY)} ${pick(KANA)}`
        : `${pick(GIVEN)} ${kind < 7 ? pick(FAMILY) : made}`
  return { id: newId(), handle: `${made}${pick(['_', '.', ''])}${index}`, displayName }
}

const QUERIES: Record<string, () => string> = {
  'a first name': () => pick(GIVEN),
  'a first and a family name': () => `${pick(GIVEN)} ${pick(FAMILY)}`,
  'the beginning of a name': () => pick(FAMILY).slice(0, 3),
  'two Chinese characters': () => pick(HAN_GIVEN) + pick(HAN_GIVEN),
  'Japanese, in the other kana': () => pick(['サクラ', 'はると', 'ゆい', 'ソウタ']),
  'the beginning of a handle': () => pick(SYLLABLES) + pick(SYLLABLES) + pick(SYLLABLES),
  'a name with a letter that is wrong': () => misspelt(pick(FAMILY)),
  'a name that nobody has': () => `${pick(SYLLABLES)}x${pick(SYLLABLES)}q${pick(SYLLABLES)}`,
}

function misspelt(name: string): string {
  const at = 2 + random(name.length - 3)
  return `${name.slice(0, at)}${pick(['a', 'e', 'o', 'k', 's'])}${name.slice(at + 1)}`
}

async function fill(client: pg.Client, from: number, to: number): Promise<void> {
  const batch = 5_000
  for (let start = from; start < to; start += batch) {
    const people = Array.from({ length: Math.min(batch, to - start) }, (_, i) => person(start + i))
    const entries = people.map(({ handle, displayName }) => searchEntry(handle, displayName))
    const rows = entries.flatMap(({ keys }, i) => keys.map((key) => [people[i]?.id, key] as const))
    await client.query(
      `INSERT INTO users (id, handle, handle_key, display_name, search_name, created_at)
       SELECT id, handle, handle, display_name, search_name, now()
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS p (id, handle, display_name, search_name)`,
      [
        people.map(({ id }) => id),
        people.map(({ handle }) => handle),
        people.map(({ displayName }) => displayName),
        entries.map(({ searchName }) => searchName),
      ],
    )
    await client.query(
      'INSERT INTO search_keys (user_id, key) SELECT * FROM unnest($1::uuid[], $2::text[])',
      [rows.map(([id]) => id), rows.map(([, key]) => key)],
    )
  }
  await client.query('VACUUM ANALYZE')
}

const percentile = (sorted: number[], share: number) =>
  sorted[Math.floor(sorted.length * share)] ?? Number.NaN

async function measure(pool: pg.Pool, makeQuery: () => string) {
  const viewerId = newId()
  const times: number[] = []
  for (let i = 0; i < 240; i++) {
    const query = makeQuery()
    const started = performance.now()
    await findUsers(pool, viewerId, query, { first: 20, after: null })
    // The first searches only warm the connection and the caches.
    if (i >= 40) times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), all: times }
}

const sizes = process.argv.slice(2).map(Number)
if (sizes.length === 0) sizes.push(10_000, 1_000_000)
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-search-'))
const log = createLog('bench', 'warn')
const database = await openDatabase({ dataDir, log })
const schema = 'communication'
await migrate({ url: database.url, schema, directory: MIGRATIONS })
const pool = createPool({ url: database.url, schema, applicationName: 'bench', log })
const client = new pg.Client({
  connectionString: database.url,
  options: '-c search_path=communication,public',
})
await client.connect()

const results: Record<string, Record<string, { p50: number; p99: number; all: number[] }>> = {}
let filled = 0
for (const size of sizes) {
  const started = performance.now()
  await fill(client, filled, size)
  filled = size
  console.log(`${size} users, made in ${Math.round((performance.now() - started) / 1000)} s`)
  const measured: (typeof results)[string] = {}
  results[size] = measured
  for (const [what, makeQuery] of Object.entries(QUERIES)) measured[what] = await measure(pool, makeQuery)
  const all = Object.values(measured)
    .flatMap((one) => one.all)
    .sort((a, b) => a - b)
  measured['all together'] = { p50: percentile(all, 0.5), p99: percentile(all, 0.99), all }
}
const largest = String(sizes.at(-1))
for (const what of [...Object.keys(QUERIES), 'all together']) {
  const line = sizes.map((size) => {
    const { p50 = 0, p99 = 0 } = results[size]?.[what] ?? {}
    return `${size}: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`
  })
  const ratio = (results[largest]?.[what]?.p50 ?? 0) / (results[String(sizes[0])]?.[what]?.p50 ?? 1)
  console.log(`${what.padEnd(36)} ${line.join('   ')}   ratio ${ratio.toFixed(2)}`)
}
await client.end()
await pool.end()
await database.stop()
await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
