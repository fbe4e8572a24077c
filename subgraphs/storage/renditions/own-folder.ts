import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import { localOriginal } from './local-original.ts'
import type { Attempt, Rendering } from './rendering.ts'

/** Works on a media file with a work folder of its own, which is removed at the end. */
export async function inOwnFolder<Result>(
  { workFolder, objects, sandbox }: Rendering,
  prepared: Pick<Attempt, 'media' | 'maxSeconds' | 'signal'>,
  work: (attempt: Attempt) => Promise<Result>,
): Promise<Result> {
  const { media } = prepared
  const folder = path.join(workFolder, `${media.id}.${newId()}`)
  const [cwd, taken] = [path.join(folder, 'work'), path.join(folder, 'taken')]
  for (const each of [cwd, taken]) await mkdir(each, { recursive: true, mode: 0o700 })
  try {
    const file = await localOriginal(objects, media.id, path.join(folder, 'original'))
    return await work({ ...prepared, file, cwd, taken, sandbox })
  } finally {
    // Also removes the folders of interrupted attempts.
    const leftovers = (await readdir(workFolder)).filter((name) => name.startsWith(`${media.id}.`))
    for (const name of leftovers) await rm(path.join(workFolder, name), { recursive: true, force: true })
  }
}
