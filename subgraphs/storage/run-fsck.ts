import type { Stores } from './maintenance.ts'
import { countDisplayImages, findDisplayImages } from './media/display-image-store.ts'
import { allMediaIds, countMedia, findMedia } from './media/media-store.ts'
import { countRenditionsExcept, findRenditions } from './media/rendition-store.ts'
import { checkObjects, type Expected } from './objects/check-objects.ts'
import { createSkips } from './objects/skipped-entries.ts'

const REPORT_MS = 1_000
const ORIGINAL = 'original'

/**
 * Reads all originals, compares their SHA-256 with the digest stored on arrival, and checks that the variants made of
 * them exist in their size. Prints what is not intact.
 *
 * @returns the exit code of `npm run storage:fsck`: 0 if everything is intact, 1 if anything is not
 */
export async function runFsck({ db, objects, files }: Stores): Promise<number> {
  const [originals, variants, displayImages] = await Promise.all([
    countMedia(db),
    countRenditionsExcept(db, ORIGINAL),
    countDisplayImages(db),
  ])
  const total = { files: originals.count + variants + displayImages, bytes: originals.bytes }
  async function* expected(): AsyncGenerator<Expected> {
    for await (const ids of allMediaIds(db, 200)) {
      for (const { id, sha256, byteSize } of await findMedia(db, ids)) {
        yield { folder: id, name: ORIGINAL, sha256, byteSize }
      }
      // The SHA-256 of variants is not stored; variants can be made again.
      for (const { mediaId, objectName, role, byteSize } of await findRenditions(db, ids)) {
        if (objectName === ORIGINAL) continue
        // The size of a stream is that of all its files.
        const size = role === 'STREAM' ? null : byteSize
        yield { folder: mediaId, name: objectName, sha256: null, byteSize: size }
      }
      for (const { mediaId, objectName, byteSize } of await findDisplayImages(db, ids))
        yield { folder: mediaId, name: objectName, sha256: null, byteSize }
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
  const skips = createSkips()
  for (const [what, quarantine] of [
    ['media', objects.quarantine],
    ['uploads', files.quarantine],
  ] as const) {
    let count = 0
    for await (const _ of quarantine.list(skips.add)) count++
    if (count > 0) process.stdout.write(`${count} ${what} in quarantine\n`)
  }
  for (const { path, reason } of skips.entries()) process.stdout.write(`${path} ${reason}\n`)
  process.stdout.write(`${checked.files} files, ${checked.bytes} bytes, ${checked.problems} problems\n`)
  return checked.problems > 0 ? 1 : 0
}
