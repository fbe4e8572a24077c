import { execFileSync, spawnSync } from 'node:child_process'
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { eventually } from '../../testing/eventually.ts'
import { queryOnce, startUserProcess, type UserProcess } from '../../testing/user-process.ts'
import { openDatabase } from './open-database.ts'
import { isAlive, runningPostmaster } from './postmaster.ts'

const log = pino({ level: 'silent' })
const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }

let dataDir: string
let users: UserProcess[]

const start = async (account?: typeof nobody) => {
  const user = await startUserProcess(dataDir, account)
  users.push(user)
  return user
}
const postmaster = () => runningPostmaster(path.join(dataDir, 'postgres'))
const isGone = () => postmaster() === undefined
/** The process ids of the detached processes that run PostgreSQL. */
const supervisors = () =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('supervisor.ts') && line.includes(dataDir))
    .map((line) => Number.parseInt(line, 10))
/** Kills the supervisor with SIGKILL and returns its process id. */
async function killSupervisor(): Promise<number> {
  const [pid = 0] = supervisors()
  process.kill(pid, 'SIGKILL')
  await eventually(() => !supervisors().includes(pid), 10_000)
  return pid
}

beforeEach(async () => {
  users = []
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'moblog-embedded-')) // mkdtemp creates it with mode 0700
})

afterEach(async () => {
  for (const { child, exited } of users) {
    child.kill('SIGKILL')
    await exited
  }
  await eventually(() => isGone() && supervisors().length === 0, 20_000)
  await rm(dataDir, { recursive: true })
})

test('two processes that start at once on an empty folder share one server, which runs until both stop', async () => {
  const [one, two] = await Promise.all([start(), start()])
  expect(one.url).toBe(two.url)
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log'])
  one.child.stdin.end()
  await one.exited
  expect(await queryOnce(two.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  two.child.stdin.end()
  await two.exited
  expect(isGone()).toBe(true)
})

test('connections use the Unix socket, and TCP if its path is too long', async () => {
  const sql = 'SELECT inet_client_addr() IS NULL AS "isLocal"'
  const { url } = await start()
  expect(await queryOnce(url, sql)).toEqual([{ isLocal: true }])
  const short = dataDir
  dataDir = path.join(dataDir, 'long'.repeat(20))
  const other = await start()
  expect(await queryOnce(other.url, sql)).toEqual([{ isLocal: false }])
  other.child.stdin.end()
  await other.exited
  dataDir = short
})

test('the files of a start that was killed during initdb are removed', async () => {
  const { pid } = spawnSync('true')
  await mkdir(path.join(dataDir, `postgres.new-${pid}-x`))
  await start()
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log'])
})

test("connections need the password, which only the owner's account can read", async () => {
  const { url } = await start()
  const stranger = new URL(url)
  stranger.password = 'guess'
  await expect(queryOnce(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
  stranger.username = 'postgres'
  await expect(queryOnce(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
  expect((await stat(path.join(dataDir, 'postgres/moblog-passwords.json'))).mode & 0o777).toBe(0o600)
  const [role] = await queryOnce(url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')
  expect(role).toEqual({ rolsuper: false })
})

test('text is UTF-8, and upper case and trigrams work for other scripts', async () => {
  const { url } = await start()
  await queryOnce(url, 'CREATE EXTENSION pg_trgm WITH SCHEMA public')
  const sql = `SELECT current_setting('server_encoding') AS encoding, upper('é') AS upper,
    round(similarity('你好世界', '你好世界啊')::numeric, 1)::float8 AS similarity`
  expect(await queryOnce(url, sql)).toEqual([{ encoding: 'UTF8', upper: 'É', similarity: 0.6 }])
})

// Creating a cluster takes most of the time of a first start.
describe('a cluster that was created before', () => {
  let created: string
  beforeAll(async () => {
    created = await mkdtemp(path.join(os.tmpdir(), 'moblog-cluster-'))
    await (await openDatabase({ dataDir: created, log })).stop()
  })
  beforeEach(() => execFileSync('cp', ['-a', `${created}/.`, dataDir]))
  afterAll(() => rm(created, { recursive: true }))

  test('stop() of the last user ends all processes, and the next start finds the data', async () => {
    const first = await openDatabase({ dataDir, log })
    await queryOnce(first.url, 'CREATE TABLE kept AS SELECT 1 AS n')
    const pid = postmaster()?.pid ?? 0
    await first.stop()
    expect(isAlive(pid)).toBe(false)
    const second = await openDatabase({ dataDir, log })
    expect(await queryOnce(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    await second.stop()
  })

  test('kill -9 of the only user ends all processes', async () => {
    const user = await start()
    user.child.kill('SIGKILL')
    const killedAt = performance.now()
    await eventually(() => isGone() && supervisors().length === 0, 10_000)
    expect(performance.now() - killedAt).toBeLessThan(2000)
  })

  test('Ctrl-C in the terminal stops PostgreSQL without a need for recovery', async () => {
    const user = await start()
    process.kill(-(user.child.pid ?? 0), 'SIGINT') // the whole foreground process group, as a terminal does
    await eventually(() => isGone() && supervisors().length === 0, 10_000)
    const next = await start() // after a crash, this would need recovery and take longer
    const startup = await queryOnce(next.url, 'SELECT pg_is_in_recovery() AS recovering')
    expect(startup).toEqual([{ recovering: false }])
  })

  test('PostgreSQL that is killed restarts at the same address with the committed data', async () => {
    const user = await start()
    await queryOnce(user.url, 'CREATE TABLE kept AS SELECT 1 AS n')
    process.kill(postmaster()?.pid ?? 0, 'SIGKILL')
    const answers = () =>
      queryOnce(user.url, 'SELECT n FROM kept').then(
        () => true,
        () => false,
      )
    await eventually(async () => !(await answers()), 10_000)
    await eventually(answers, 20_000)
    user.child.stdin.end()
    await user.exited
    expect(isGone()).toBe(true)
  })

  test('a killed supervisor is replaced, so PostgreSQL still stops after its last user', async () => {
    const user = await start()
    const killed = await killSupervisor()
    await eventually(() => supervisors().some((pid) => pid !== killed), 10_000)
    user.child.kill('SIGKILL')
    await eventually(isGone, 10_000)
  })

  test('PostgreSQL that runs without a supervisor and users is adopted by the next start', async () => {
    const lost = await start()
    const pid = postmaster()?.pid
    // So that it does not notice that the user process ends.
    for (const supervisor of supervisors()) process.kill(supervisor, 'SIGSTOP')
    lost.child.kill('SIGKILL')
    await killSupervisor()
    await lost.exited
    const next = await start()
    expect(next.url).toBe(lost.url)
    expect(postmaster()?.pid).toBe(pid)
    next.child.stdin.end()
    await next.exited
    expect(isGone()).toBe(true)
  })

  test('the next start recovers the committed data after kill -9 of all processes', async () => {
    const lost = await start()
    await queryOnce(lost.url, 'CREATE TABLE kept AS SELECT 1 AS n')
    await killSupervisor()
    process.kill(postmaster()?.pid ?? 0, 'SIGKILL')
    lost.child.kill('SIGKILL')
    const next = await start()
    expect(await queryOnce(next.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
  })

  test('a lock file with the id of another living process does not stop the recovery', async () => {
    const lost = await start()
    await killSupervisor()
    process.kill(postmaster()?.pid ?? 0, 'SIGKILL')
    lost.child.kill('SIGKILL')
    await lost.exited
    const cluster = path.join(dataDir, 'postgres')
    const locks = (await readdir(cluster)).filter((name) => /^postmaster\.pid$|\.lock$/.test(name))
    expect(locks).toHaveLength(2)
    for (const name of locks) {
      const lock = path.join(cluster, name)
      await writeFile(lock, (await readFile(lock, 'utf8')).replace(/^\d+/, `${process.pid}`))
    }
    const next = await start()
    expect(await queryOnce(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })

  test('variables of libpq that describe another server have no effect', async () => {
    const env = {
      ...process.env,
      PGSSLMODE: 'require',
      PGHOST: 'nowhere.example',
      PGHOSTADDR: '192.0.2.1',
      PGPORT: '1',
      PGUSER: 'someone',
      PGDATABASE: 'other',
      PGPASSWORD: 'wrong',
      PGPASSFILE: '/nonexistent',
      PGSERVICE: 'other',
      PGOPTIONS: '-c nonsense=1',
      PGAPPNAME: 'other',
      PGCLIENTENCODING: 'LATIN1',
      PGDATA: '/nonexistent',
      PGTZ: 'Asia/Tokyo',
      PGCONNECT_TIMEOUT: '1',
    }
    const user = await startUserProcess(dataDir, { env })
    users.push(user)
    expect(await queryOnce(user.url, `SELECT current_user AS me`)).toEqual([{ me: 'moblog' }])
    user.child.stdin.end()
    await user.exited
    expect(isGone()).toBe(true)
  })
})

// If the tests run as root, this account owns nothing else. Otherwise every other test already runs as an ordinary
// user.
const runsAsNobody =
  isRoot && spawnSync(process.execPath, ['--version'], { ...nobody, cwd: '/' }).status === 0
const ordinaryUser = runsAsNobody ? test : test.skip
ordinaryUser(
  'an ordinary user can run it below their own folder (skipped unless root with a checkout that all can read)',
  async () => {
    await chown(dataDir, nobody.uid, nobody.gid)
    const user = await start(nobody)
    expect((await stat(path.join(dataDir, 'postgres'))).uid).toBe(nobody.uid)
    user.child.stdin.end()
    await user.exited
    expect(isGone()).toBe(true)
  },
)
