/**
 * Holds the embedded PostgreSQL: starts it (or adopts one whose supervisor was killed), and stops it when no process
 * uses it any more. A process of its own, detached from the terminal, so that PostgreSQL outlives neither Ctrl-C nor
 * kill -9 of its users, and a second user can stay when the first one goes.
 *
 * Arguments: cluster folder, `durable` or `fast`, port to prefer (0: any), process id of the user that asks for it, and
 * the services that get roles of their own, separated by commas. Its standard error is the log.
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
// For the first user to connect: to a PostgreSQL that is being started someone does, to one found running perhaps not.
const startGraceMs = 10_000
const foundGraceMs = 1000
const pollMs = 250

/** Resolves to 'unused' once the last user has gone, to 'lost' if PostgreSQL has. */
async function watch(session: pg.Client, users: Users, graceMs: number): Promise<'unused' | 'lost'> {
  const graceEnds = Date.now() + graceMs
  // A user that was killed before anyone saw it will not connect any more.
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

/** What the session hears of users: that there are some, and that the session is lost. */
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
  if (isAlive(pid)) process.kill(pid, 'SIGINT') // "fast shutdown": a checkpoint, without waiting for clients
  while (isAlive(pid)) await sleep(10)
}

/** Minds PostgreSQL until it is unused (true), lost (false), or someone else's to mind (true). */
async function supervise(port: number): Promise<{ done: boolean; port: number }> {
  const postmaster = await findOrStartPostgres({ cluster, port, durable: mode !== 'fast' })
  const secrets = readSecrets(cluster)
  const session = new pg.Client(embeddedUrl(postmaster.port, 'postgres', secrets.superuser))
  session.on('error', () => {}) // told by 'end'
  const stopNow = () => stop(postmaster).then(() => process.exit())
  try {
    await session.connect()
    const users = await listen(session) // before it takes the lock: users count on being heard once that is held
    if (!(await takeSupervision(session))) return { done: true, port }
    process.once('SIGTERM', stopNow).once('SIGINT', stopNow)
    await prepareRoles(session, secrets, services)
    const graceMs = postmaster.found ? foundGraceMs : startGraceMs
    // A statement that fails means the same as a connection that ends: what runs then is found out anew.
    const outcome = await watch(session, users, graceMs).catch(() => 'lost')
    if (outcome === 'lost') return { done: false, port: postmaster.port }
    await stop(postmaster)
    return { done: true, port }
  } catch (error) {
    // Nobody else would stop what was started here.
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
  console.error(`moblog: PostgreSQL went away; starting it again (${losses + 1})`)
}
throw new Error('PostgreSQL keeps going away')
