import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { createTestDatabase } from '../../../testing/database.ts'
import { connect, inTransaction, MIGRATIONS } from '../database.ts'
import { nextRevocation, pruneRevocations, saveViewerRevocations } from './revocation-store.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let connected: Awaited<ReturnType<typeof connect>>

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [{ schema: 'communication', directory: MIGRATIONS }] })
  connected = await connect(database.url, createLog('test', 'silent'))
})
afterAll(async () => {
  await connected.close()
  await database.drop()
})

const NOON = Date.UTC(2026, 10, 26, 12)
const at = (milliseconds: number) => new Date(NOON + milliseconds)
const next = (ownerIds: string[], now: Date) =>
  inTransaction(connected.db, (tx) => nextRevocation(tx, ownerIds, now))

describe('the instant of a revocation', () => {
  it('is the start of the minute, and a millisecond later for each further one of an owner', async () => {
    const [one, other] = [newId(), newId()]
    expect(await next([one], at(31_234))).toEqual(at(0))
    expect(await next([one], at(31_235))).toEqual(at(1))
    expect(await next([other], at(59_999))).toEqual(at(0))
    expect(await next([one], at(60_001))).toEqual(at(60_000))
  })

  it('is later than those of both owners if it concerns two, and so are the next ones', async () => {
    const [one, other] = [newId(), newId()]
    for (let round = 0; round < 3; round++) await next([one], at(0))
    expect(await next([other, one], at(0))).toEqual(at(3))
    expect(await Promise.all([next([one], at(0)), next([other], at(0))])).toEqual([at(4), at(4)])
  })

  it('does not go back when a machine whose clock is behind revokes', async () => {
    const owner = newId()
    await next([owner], at(60_000))
    expect(await next([owner], at(0))).toEqual(at(60_001))
  })

  it('differs for revocations at the same time, in any order of the owners', async () => {
    const [one, other] = [newId(), newId()]
    const instants = await Promise.all(
      Array.from({ length: 20 }, (_, index) => next(index % 2 ? [one, other] : [other, one], at(0))),
    )
    expect(new Set(instants.map(Number)).size).toBe(20)
  })
})

it('revocations are deleted when they no longer have an effect, and not before', async () => {
  const { pool } = connected
  const [owner, viewerId, old, recent] = [newId(), newId(), newId(), newId()]
  const HOUR = 3_600_000
  const now = at(48 * HOUR)
  await inTransaction(connected.db, (tx) =>
    saveViewerRevocations(tx, [{ viewerId, mediaId: old }], at(39 * HOUR - 1)),
  )
  await inTransaction(connected.db, (tx) =>
    saveViewerRevocations(tx, [{ viewerId, mediaId: recent }], at(39 * HOUR + 1)),
  )
  await next([owner], at(25 * HOUR))
  await next([newId()], at(23 * HOUR))
  await pruneRevocations(pool, now)
  const { rows } = await pool.query('SELECT media_id AS id FROM viewer_revocations')
  expect(rows).toEqual([{ id: recent }])
  const clocks = await pool.query('SELECT owner_id AS id FROM revocation_clocks')
  expect(clocks.rows).toEqual([{ id: owner }])
})
