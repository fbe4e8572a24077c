import {
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../../../platform/ids.ts'
import type { Log } from '../../../platform/log.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { runImageWorker } from './image-work.ts'

// A picture of Moblog's own, because what the worker writes while it decodes a user's file must not run later.
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
// Jobs that started before the cache was replaced have ended by then.
const KEEP_REPLACED_MS = 3600_000
const VARIANT = { name: 'shared', longSide: 1, quality: 82, mayMove: false, isCopy: true, onlyAbove: null }

/**
 * Runs the image worker once on a picture of our own and keeps the code that Node compiles for it. Compiling takes half
 * of the worker's processor time for a photo (docs/decisions/0086-compiled-image-worker.md).
 *
 * @param folder where the work folders are
 * @param keepIn a symbolic link to the current cache, which is replaced at once, so that a job of any process finds either
 *   the earlier cache or this one
 * @returns `keepIn`; null if the worker did not run, which is logged
 */
export async function makeImageCodeCache(
  sandbox: Sandbox,
  { folder, keepIn, log }: { folder: string; keepIn: string; log: Log },
): Promise<string | null> {
  const cwd = path.join(folder, newId())
  try {
    await mkdir(cwd, { recursive: true, mode: 0o700 })
    const file = path.join(cwd, 'picture.png')
    await writeFile(file, PICTURE)
    const work = { file, mimeType: 'image/png', maxPixels: 1, variants: [VARIANT] }
    await runImageWorker({ work, cwd, sandbox, codeCache: null, newCodeCache: path.join(cwd, 'code') })
    await replaceCache(path.join(cwd, 'code'), keepIn)
    return keepIn
  } catch (err) {
    log.warn({ err }, 'image worker code cache not created')
    return null
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

/** The folder of the current cache; null if it was removed, and images are then rendered without it. */
export function currentImageCode(keepIn: string): Promise<string | null> {
  return realpath(keepIn).catch(() => null)
}

async function replaceCache(made: string, keepIn: string): Promise<void> {
  const version = `${keepIn}.${newId()}`
  await rename(made, version)
  const link = `${version}.link`
  await symlink(path.basename(version), link)
  // Earlier releases kept a folder here, which a link cannot replace.
  const earlier = await lstat(keepIn).catch(() => null)
  if (earlier?.isDirectory()) await rename(keepIn, `${keepIn}.${newId()}`)
  await rename(link, keepIn)
  await removeReplaced(keepIn)
}

async function removeReplaced(keepIn: string): Promise<void> {
  const [folder, name] = [path.dirname(keepIn), path.basename(keepIn)]
  const current = await readlink(keepIn)
  for (const other of (await readdir(folder)).filter((each) => each.startsWith(`${name}.`))) {
    const file = path.join(folder, other)
    const { ctimeMs } = await stat(file).catch(() => ({ ctimeMs: 0 }))
    if (other === current || ctimeMs > Date.now() - KEEP_REPLACED_MS) continue
    await rm(file, { recursive: true, force: true })
  }
}
