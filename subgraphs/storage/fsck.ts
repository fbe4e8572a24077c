import { maintain } from './maintenance.ts'
import { allMediaIds, findMedia } from './media/media-store.ts'
import { checkObjects, type Expected } from './objects/check-objects.ts'

const REPORT_MS = 1_000

// npm run storage:fsck: reads all that is stored and compares its SHA-256 with what it was when it arrived. Ends with 0
// where all is as it was, with 1 where anything is not.
await maintain(async ({ db, objects }) => {
  const counted = await db.medium.aggregate({ _count: true, _sum: { byteSize: true } })
  const total = { files: counted._count, bytes: Number(counted._sum.byteSize ?? 0) }
  async function* expected(): AsyncGenerator<Expected> {
    for await (const ids of allMediaIds(db, 200)) {
      for (const { id, sha256, byteSize } of await findMedia(db, ids)) {
        yield { folder: id, name: 'original', sha256, byteSize }
      }
    }
  }
  let reportedAt = 0
  const checked = await checkObjects(
    objects,
    expected(),
    ({ folder, name }, problem) => process.stdout.write(`${folder}/${name} ${problem}\n`),
    ({ files, bytes, problems }) => {
      if (Date.now() < reportedAt + REPORT_MS) return
      reportedAt = Date.now()
      const percent = Math.floor((100 * bytes) / Math.max(1, total.bytes))
      process.stderr.write(`${percent} %: ${files} of ${total.files} files, ${problems} problems\n`)
    },
  )
  process.stdout.write(`${checked.files} files, ${checked.bytes} bytes, ${checked.problems} problems\n`)
  return checked.problems > 0 ? 1 : 0
})
