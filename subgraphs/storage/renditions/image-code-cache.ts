import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
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
const VARIANT = { name: 'shared', longSide: 1, quality: 82, mayMove: false, isCopy: true }

/**
 * Runs the image worker once on a picture of our own and keeps the code that Node compiles for it. Compiling takes half
 * of the worker's processor time for a photo (docs/decisions/0086-compiled-image-worker.md).
 *
 * @param folder where the work folders are
 * @param keepIn where the cache is kept; an earlier one is replaced
 * @returns `keepIn`; null if the worker did not run, which is logged
 */
export async function makeImageCodeCache(
  sandbox: Sandbox,
  { folder, keepIn, log }: { folder: string; keepIn: string; log: Log },
): Promise<string | null> {
  const cwd = path.join(folder, newId())
  const replaced = path.join(folder, newId())
  try {
    await mkdir(cwd, { recursive: true, mode: 0o700 })
    const file = path.join(cwd, 'picture.png')
    await writeFile(file, PICTURE)
    const work = { file, mimeType: 'image/png', maxPixels: 1, variants: [VARIANT] }
    await runImageWorker({ work, cwd, sandbox, codeCache: null, newCodeCache: path.join(cwd, 'code') })
    await rename(keepIn, replaced).catch(() => {})
    await rename(path.join(cwd, 'code'), keepIn)
    return keepIn
  } catch (err) {
    log.warn({ err }, 'image worker code cache not created')
    return null
  } finally {
    for (const temporary of [cwd, replaced]) await rm(temporary, { recursive: true, force: true })
  }
}
