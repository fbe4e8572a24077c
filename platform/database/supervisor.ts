/**
 * The supervisor of the embedded PostgreSQL. It starts PostgreSQL, or adopts one whose supervisor was killed, and stops
 * it when no process uses it any more. It is a separate process, detached from the terminal. It can therefore stop
 * PostgreSQL after Ctrl-C or kill -9 of its users, and a second user can stay when the first one ends.
 *
 * Arguments: the cluster folder, `durable` or `fast`, the preferred port (0: any), the process id of the user that
 * started it, and the services that get their own roles, separated by commas. Its standard error is the log.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readSecrets } from './cluster.ts'
import { admitUsers, embeddedUrl, lifelineChannel, lockOutUsers, takeSupervision } from './lifeline.ts'
import { isAlive, type Postmaster } from './postmaster.ts'
import { prepareRoles } from './roles.ts'
import { findOrStartPostgres } from './start-postgres.ts'

const [cluster = '', mode, preferredPort, starter, serviceNames = ''] = process.argv.slice(2)
const services = serviceNames.split(',').filter(Boolean)
// How long to wait for the first user. If this process starts PostgreSQL, a user is waiting for it. If PostgreSQL
// already runs, there may be no user.
const startGraceMs = 10_000
const foundGraceMs = 1000
const pollMs = 250

/** Resolves to 'unused' when the last user has left, or to 'lost' when PostgreSQL has gone. */
async function watch(session: pg.Client, users: Users, graceMs: number): Promise<'unused' | 'lost'> {
  const graceEnds = Date.now() + graceMs
  // A user process that was killed before it connected will not connect any more.
  const mayStillCome = () => Date.now() < graceEnds && isAlive(Number(starter))
  while (!users.lost) {
    if (await lockOutUsers(session)) {
      if (users.seen || !mayStillCome()) return 'unused'
      await admitUsers(session)
    } else {
      users.seen = true
    }
    await new Promise<void>((resolve) => {
      users.wake = resolve
      setTimeout(resolve, pollMs)
    })
  }
  return 'lost'
}

type Users = { seen: boolean; lost: boolean; wake: () => void }

/** Listens on the session for users that connect, and for the end of the session. */
async function listen(session: pg.Client): Promise<Users> {
  const users: Users = { seen: false, lost: false, wake: () => {} }
  session.on('end', () => {
    users.lost = true
    users.wake()
  })
  session.on('notification', () => {
    users.seen = true
    users.wake()
  })
  await session.query(`LISTEN ${lifelineChannel}`)
  return users
}

async function stop({ pid }: Postmaster): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGINT') // "fast shutdown": makes a checkpoint and does not wait for clients
  while (isAlive(pid)) await sleep(10)
}

/**
 * Supervises PostgreSQL. `done` is true if PostgreSQL is unused or has another supervisor, and false if it was lost.
 */
async function supervise(port: number): Promise<{ done: boolean; port: number }> {
  const postmaster = await findOrStartPostgres({ cluster, port, durable: mode !== 'fast' })
  const secrets = readSecrets(cluster)
  const session = new pg.Client(embeddedUrl(cluster, postmaster.port, 'postgres', secrets.superuser))
  session.on('error', () => {}) // 'end' reports it
  const stopNow = () => stop(postmaster).then(() => process.exit())
  try {
    await session.connect()
    // Before it takes the lock: users rely on being noticed as soon as the lock is held.
    const users = await listen(session)
    if (!(await takeSupervision(session))) return { done: true, port }
    process.once('SIGTERM', stopNow).once('SIGINT', stopNow)
    await prepareRoles(session, secrets, services)
    const graceMs = postmaster.found ? foundGraceMs : startGraceMs
    // A failed statement is treated like a lost connection: the next round finds out what runs.
    const outcome = await watch(session, users, graceMs).catch(() => 'lost')
    if (outcome === 'lost') return { done: false, port: postmaster.port }
    await stop(postmaster)
    return { done: true, port }
  } catch (error) {
    // Nothing else would stop the PostgreSQL that was started here.
    if (!postmaster.found) await stop(postmaster)
    throw error
  } finally {
    process.off('SIGTERM', stopNow).off('SIGINT', stopNow)
    await session.end().catch(() => {})
  }
}

let port = Number(preferredPort)
for (let losses = 0; losses < 3; losses++) {
  const outcome = await supervise(port)
  if (outcome.done) process.exit()
  port = outcome.port
  console.error(`moblog: PostgreSQL stopped; restarting it (${losses + 1})`)
}
throw new Error('PostgreSQL stopped three times; see the log above')
