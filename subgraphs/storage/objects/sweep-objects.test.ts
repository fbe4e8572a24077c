import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { openLocalDisk } from './local-disk.ts'
import { sweepObjects } from './sweep-objects.ts'

it('objects that belong to nothing are removed once they are old, and what lacks its object is reported', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'moblog-sweep-'))
  try {
    const objects = await openLocalDisk(root)
    const source = path.join(root, 'source')
    await writeFile(source, 'x')
    const [kept, orphan, young, missing] = [newId(), newId(), newId(), newId()]
    for (const folder of [kept, orphan, young]) await objects.put(folder, 'original', source)
    for (const folder of [kept, orphan]) {
      const place = path.join(root, folder.slice(-4, -2), folder.slice(-2), folder)
      await utimes(place, new Date(0), new Date(0))
    }
    const belonging = new Set([kept, missing])
    const sweep = {
      objects,
      known: async (folders: readonly string[]) => new Set(folders.filter((folder) => belonging.has(folder))),
      async *expected() {
        yield [...belonging]
      },
      log: createLog('test', 'silent'),
      now: new Date(),
    }
    const found = { removed: [orphan], missing: [missing] }
    expect(await sweepObjects({ ...sweep, isDryRun: true })).toEqual(found)
    await (await objects.open(orphan, 'original'))?.close()
    expect(await sweepObjects({ ...sweep, isDryRun: true })).toEqual(found)
    const result = await sweepObjects(sweep)
    expect(result).toEqual(found)
    expect(await objects.open(orphan, 'original')).toBeNull()
    const file = await objects.open(young, 'original')
    expect(file?.size).toBe(1)
    await file?.close()
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
