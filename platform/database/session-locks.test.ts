import pg from 'pg'
import { createTestDatabase } from '../../testing/database.ts'
import { eventually } from '../../testing/eventually.ts'
import { createLog } from '../log.ts'
import { openSessionLocks, type SessionLocks } from './session-locks.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let one: SessionLocks
let other: SessionLocks

const open = (applicationName: string) =>
  openSessionLocks({
    url: database.url,
    applicationName,
    channel: 'test_lock',
    log: createLog('test', 'silent'),
  })

/** Records what a holder is told. */
function holder(events: string[] = []) {
  return { events, asked: () => void events.push('asked'), lost: () => void events.push('lost') }
}

/** Ends the connection of one process, as a failure of the network or an operator does. */
async function cut(applicationName: string) {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
    [applicationName],
  )
  await client.end()
}

beforeEach(async () => {
  database = await createTestDatabase({ schemas: [] })
  one = await open('one')
  other = await open('other')
})

afterEach(async () => {
  await Promise.all([one.close(), other.close()])
  await database.drop()
})

describe('a lock of the session', () => {
  it('is held by one process, which is asked to leave when another one waits', async () => {
    const first = holder()
    const release = await one.take('a', first)
    let isTaken = false
    const waiting = other.take('a', holder()).then((releaseOther) => {
      isTaken = true
      return releaseOther
    })
    await eventually(() => first.events.includes('asked'))
    expect(isTaken).toBe(false)
    expect(await other.isHeldElsewhere('a')).toBe(true)
    expect(await one.isHeldElsewhere('a')).toBe(false)
    await release()
    await (await waiting)()
    expect(await one.isHeldElsewhere('a')).toBe(false)
  })

  it('does not block other names', async () => {
    const [releaseOne, releaseOther] = await Promise.all([one.take('a', holder()), other.take('b', holder())])
    await Promise.all([releaseOne(), releaseOther()])
  })

  it('is given up by a request that stops waiting', async () => {
    const release = await one.take('a', holder())
    const gone = new AbortController()
    const waiting = other.take('a', holder(), gone.signal)
    setTimeout(() => gone.abort(new Error('the client disconnected')), 50)
    await expect(waiting).rejects.toThrow('the client disconnected')
    await release()
    await (await one.take('a', holder()))()
  })

  it('is lost with its connection: the holder is told, others get it, and the process reconnects', async () => {
    const first = holder()
    const release = await one.take('a', first)
    await cut('one')
    await eventually(() => first.events.includes('lost'))
    const releaseOther = await other.take('a', holder())
    await release()
    expect(await eventually(() => one.isHeldElsewhere('a'), 20_000)).toBe(true)
    await releaseOther()
    await (await one.take('a', holder()))()
  })

  it('lets one process in at a time', async () => {
    let inside = 0
    const work = async (locks: SessionLocks, name: string) => {
      const release = await locks.take(name, holder())
      expect(++inside).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside--
      await release()
    }
    for (let round = 0; round < 10; round++) await Promise.all([work(one, 'a'), work(other, 'a')])
  })
})
