import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { localObject } from './local-object.ts'
import type { Attempt, Rendering } from './rendering.ts'

/**
 * Works on a media file with a work folder of its own, which is removed at the end.
 *
 * @param task the name of the work; one process at a time does it for a media file
 * @param objectName the stored file to work on; the original by default
 */
export async function inOwnFolder<Result>(
  { workFolder, objects, sandbox }: Rendering,
  prepared: Pick<Attempt, 'media' | 'maxSeconds' | 'signal'>,
  task: 'renditions' | 'captions' | 'appearance',
  work: (attempt: Attempt) => Promise<Result>,
  objectName = 'original',
): Promise<Result> {
  const { media } = prepared
  const folder = path.join(workFolder, `${media.id}.${task}.${newId()}`)
  const [cwd, taken] = [path.join(folder, 'work'), path.join(folder, 'taken')]
  for (const each of [cwd, taken]) await mkdir(each, { recursive: true, mode: 0o700 })
  try {
    const file = await localObject(objects, media.id, objectName, path.join(folder, 'stored'))
    return await work({ ...prepared, file, cwd, taken, sandbox })
  } finally {
    // Also removes the folders of interrupted attempts, but not those of another task that is going on.
    const leftovers = (await readdir(workFolder)).filter((name) => name.startsWith(`${media.id}.${task}.`))
    for (const name of leftovers) await rm(path.join(workFolder, name), { recursive: true, force: true })
  }
}
