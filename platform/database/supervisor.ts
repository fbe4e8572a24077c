/**
 * Holds the embedded PostgreSQL: starts it (or adopts one whose supervisor was killed), and stops it when no process
 * uses it any more. A process of its own, detached from the terminal, so that PostgreSQL outlives neither Ctrl-C nor
 * kill -9 of its users, and a second user can stay when the first one goes.
 *
 * Arguments: cluster folder, `durable` or `fast`, port to prefer (0: any). Its standard error is the log.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readSecrets } from './cluster.ts'
import { admitUsers, embeddedUrl, lifelineChannel, lockOutUsers, takeSupervision } from './lifeline.ts'
import { isAlive, type Postmaster } from './postmaster.ts'
import { prepareRoles } from './roles.ts'
import { findOrStartPostgres } from './start-postgres.ts'

const [cluster = '', mode, preferredPort] = process.argv.slice(2)
// For the first user to connect: to a PostgreSQL that is being started someone does, to one found running perhaps not.
const startGraceMs = 10_000
const foundGraceMs = 1000
const pollMs = 250

/** Resolves to 'unused' once the last user has gone, to 'lost' if PostgreSQL has. */
async function watch(session: pg.Client, graceMs: number): Promise<'unused' | 'lost'> {
  const graceEnds = Date.now() + graceMs
  let lost = false
  let seen = false
  let wake = () => {}
  session.on('end', () => {
    lost = true
    wake()
  })
  session.on('notification', () => {
    seen = true
    wake()
  })
  await session.query(`LISTEN ${lifelineChannel}`)
  while (!lost) {
    if (await lockOutUsers(session)) {
      if (seen || Date.now() > graceEnds) return 'unused'
      await admitUsers(session)
    } else {
      seen = true
    }
    await new Promise<void>((resolve) => {
      wake = resolve
      setTimeout(resolve, pollMs).unref()
    })
  }
  return 'lost'
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
    if (!(await takeSupervision(session))) return { done: true, port }
    process.once('SIGTERM', stopNow).once('SIGINT', stopNow)
    await prepareRoles(session, secrets)
    if ((await watch(session, postmaster.found ? foundGraceMs : startGraceMs)) === 'lost')
      return { done: false, port: postmaster.port }
    await stop(postmaster)
    return { done: true, port }
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
