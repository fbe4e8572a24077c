import fc from 'fast-check'
import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { createTestDatabase } from '../../../testing/database.ts'
import { NoRoomLeft } from '../capacity/disk-full.ts'
import type { CapacityLimits } from '../capacity/room.ts'
import { connect, MIGRATIONS, type RootDb, SCHEMA } from '../database.ts'
import { insertMedia } from '../media/media-store.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { createRoomHolder, UploadEnded } from './hold-room.ts'
import { createUploadOpener } from './open-upload.ts'
import { UNFINISHED } from './upload.ts'
import type { UploadFiles } from './upload-files.ts'
import { findUpload, markCompleted, markGivenUp, markReceived, releaseAhead } from './upload-store.ts'

const MIB = 1024 ** 2
const DISK = 120 * MIB
const limits: CapacityLimits = {
  freeFloor: 10 * MIB,
  total: 100 * MIB,
  userQuota: 60 * MIB,
  openUploads: { perUser: 3, total: 8 },
  perFile: { audio: 60 * MIB, video: 60 * MIB, image: 60 * MIB },
}
const HOUR = 3600_000

type Step =
  | { do: 'request'; user: number; size: number }
  | { do: 'append'; upload: number; bytes: number; isKilled: boolean }
  | { do: 'finish' | 'cancel' | 'sweep'; upload: number }
  | { do: 'expire'; hours: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('request' as const),
    user: fc.nat(3),
    size: fc.integer({ min: 1, max: 70 * MIB }),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      upload: fc.nat(9),
      bytes: fc.integer({ min: 1, max: 40 * MIB }),
      isKilled: fc.boolean(),
    }),
  },
  fc.record({
    do: fc.constantFrom('finish' as const, 'cancel' as const, 'sweep' as const),
    upload: fc.nat(9),
  }),
  fc.record({ do: fc.constant('expire' as const), hours: fc.nat(20) }),
)

let database: Awaited<ReturnType<typeof createTestDatabase>>
let connection: { db: RootDb; close(): Promise<void> }

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [{ schema: SCHEMA, directory: MIGRATIONS }] })
  connection = await connect(database.url, createLog('storage', 'silent'))
})

afterAll(async () => {
  await connection.close()
  await database.drop()
})

/**
 * Runs steps on a model of the uploads, as their clients and the disk know them. The service is called through its real
 * functions.
 */
async function runAll(steps: readonly Step[]): Promise<void> {
  const { db } = connection
  await db.upload.deleteMany({})
  await db.media.deleteMany({})
  let now = Date.now()
  const clock = () => new Date(now)
  const uploads: { id: string; ownerId: string; size: number; arrived: number }[] = []
  const users = [newId(), newId(), newId(), newId()]
  const written = new Map<string, number>()
  const onDisk = () => [...written.values()].reduce((sum, bytes) => sum + bytes, 0)
  const files = { freeBytes: async () => DISK - onDisk() } as UploadFiles
  const objects = { freeBytes: async () => Number.POSITIVE_INFINITY } as ObjectStore
  const open = createUploadOpener({
    db,
    files,
    objects,
    limits,
    clock,
    log: createLog('test', 'silent'),
    firstByteMs: HOUR,
  })
  const hold = createRoomHolder({ db, files, limits, clock, lifetimeMs: 24 * HOUR })
  const request = async (ownerId: string, size: number) => {
    const uploadId = newId()
    const names = { fileName: 'a', title: 'a', mimeType: 'video/mp4', sha256: null, keyId: newId() }
    return { uploadId, opened: await open({ ...names, uploadId, ownerId, byteSize: size }) }
  }
  const end = async (id: string, state: 'EXPIRED' | 'CANCELLED') => {
    if (await markGivenUp(db, id, state, clock())) written.delete(id)
  }
  const sums = async () => {
    const unfinished = await db.upload.findMany({ where: { state: { in: [...UNFINISHED] } } })
    const stored = await db.media.aggregate({ _sum: { byteSize: true } })
    const held = unfinished.reduce((sum, { heldBytes }) => sum + Number(heldBytes), 0)
    return { unfinished, stored: Number(stored._sum.byteSize ?? 0), held }
  }

  const act: Record<Step['do'], (step: Step) => Promise<void>> = {
    async request(step) {
      if (step.do !== 'request') return
      const ownerId = users[step.user] ?? ''
      const { uploadId, opened } = await request(ownerId, step.size)
      if (!('refusal' in opened)) uploads.push({ id: uploadId, ownerId, size: step.size, arrived: 0 })
    },
    async append(step) {
      const upload = step.do === 'append' && uploads[step.upload]
      if (!upload || step.do !== 'append') return
      const known = await findUpload(db, upload.id)
      let held = known?.heldBytes ?? 0
      const target = Math.min(upload.size, upload.arrived + step.bytes)
      try {
        while (upload.arrived < target) {
          const upTo = Math.min(target, upload.arrived + MIB)
          if (upTo > held) held = await hold({ uploadId: upload.id, arrived: upload.arrived, upTo })
          upload.arrived = upTo
          written.set(upload.id, upTo)
        }
      } catch (error) {
        if (!(error instanceof NoRoomLeft || error instanceof UploadEnded)) throw error
        // If the service reports that there is no space, there really is none: of the shared space, or on the disk.
        const { stored, held: all, unfinished } = await sums()
        const ahead = all - unfinished.reduce((sum, { receivedBytes }) => sum + Number(receivedBytes), 0)
        const left = Math.min(100 * MIB - stored - all, DISK - onDisk() - 10 * MIB - ahead)
        if (error instanceof NoRoomLeft) expect(left).toBeLessThan(MIB)
      }
      if (!step.isKilled) await releaseAhead(db, upload.id, { arrived: upload.arrived })
    },
    async finish(step) {
      const upload = 'upload' in step && uploads[step.upload]
      if (!upload || upload.arrived < upload.size) return
      const mediaId = newId()
      if (!(await markReceived(db, upload.id, { receivedBytes: upload.size, mediaId }))) return
      await db.$transaction(async (tx) => {
        if (!(await markCompleted(tx, upload.id, clock()))) return
        await insertMedia(tx, media(mediaId, upload))
      })
    },
    async cancel(step) {
      const upload = 'upload' in step && uploads[step.upload]
      if (upload) await end(upload.id, 'CANCELLED')
    },
    async sweep(step) {
      const upload = 'upload' in step && uploads[step.upload]
      const known = upload && (await findUpload(db, upload.id))
      if (upload && known)
        await releaseAhead(db, upload.id, { arrived: upload.arrived, held: known.heldBytes })
    },
    async expire(step) {
      if (step.do === 'expire') now += step.hours * HOUR
      for (const { id } of uploads) await end(id, 'EXPIRED')
    },
  }

  for (const step of steps) {
    await act[step.do](step)
    const { unfinished, stored, held } = await sums()
    // The total never exceeds the limit, and neither do the bytes on the disk.
    expect(stored + held).toBeLessThanOrEqual(100 * MIB)
    expect(onDisk()).toBeLessThanOrEqual(DISK - limits.freeFloor)
    for (const row of unfinished) {
      const arrived = uploads.find(({ id }) => id === row.id)?.arrived ?? 0
      expect(Number(row.heldBytes)).toBeGreaterThanOrEqual(arrived)
      // An upload that has sent nothing holds nothing; one that has sent bytes holds a bounded part more.
      expect(Number(row.heldBytes)).toBeLessThanOrEqual(
        arrived === 0 ? 0 : arrived + Math.max(5 * MIB, arrived),
      )
    }
    const byUser = Map.groupBy(unfinished, ({ ownerId }) => ownerId)
    for (const rows of byUser.values()) expect(rows.length).toBeLessThanOrEqual(limits.openUploads.perUser)
  }
  // Announced uploads of others do not keep another user from getting the space that is really left.
  const { unfinished, stored, held } = await sums()
  const ahead = held - unfinished.reduce((sum, { receivedBytes }) => sum + Number(receivedBytes), 0)
  const left = Math.min(100 * MIB - stored - held, DISK - onDisk() - limits.freeFloor - ahead, 60 * MIB)
  if (left < 1 || unfinished.length >= limits.openUploads.total) return
  const { uploadId, opened } = await request(newId(), left)
  expect(opened).toEqual({ reservedBytes: left })
  expect(await hold({ uploadId, arrived: 0, upTo: left })).toBe(left)
}

function media(id: string, upload: { id: string; ownerId: string; size: number }) {
  return {
    id,
    ownerId: upload.ownerId,
    uploadId: upload.id,
    kind: 'VIDEO' as const,
    state: 'READY' as const,
    title: 'a',
    fileName: 'a.mp4',
    mimeType: 'video/mp4',
    byteSize: upload.size,
    sha256: '0'.repeat(64),
    durationSeconds: 1,
    width: 1,
    height: 1,
    isProgressive: true,
    processingPercent: null,
    failureCode: null,
    failureMessage: null,
    createdAt: new Date(),
  }
}

describe('the space that all users share', () => {
  it('is held at most once and only for arriving bytes, in any order of events', async () => {
    const numRuns = process.env.MOBLOG_TEST_BIG ? 500 : 12
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), runAll), { numRuns })
  }, 600_000)
})
