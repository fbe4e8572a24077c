import { rm } from 'node:fs/promises'
import path from 'node:path'
import { NotAnOutput, readOutput, takeOutput } from '../sandbox/outputs.ts'
import { CannotRender } from './ffmpeg.ts'
import type { Attempt } from './rendering.ts'

/** Where media tools write, and where their outputs are kept afterwards. */
export type OutputFolders = Pick<Attempt, 'cwd' | 'taken'>

/**
 * Moves an output of a media tool to the folder that the tools cannot write to. Use an output only after this.
 *
 * @returns its new path
 * @throws CannotRender if the output is not a regular file
 */
export async function take({ cwd, taken }: OutputFolders, name: string): Promise<string> {
  const file = path.join(taken, name)
  await takeOutput(path.join(cwd, name), file).catch(unlessBroken)
  return file
}

/**
 * Reads the beginning of an output that a media tool may still be writing.
 *
 * @returns at most `maxBytes` bytes; null if the output does not exist
 * @throws CannotRender if the output is not a regular file
 */
export async function peek(
  { cwd }: Pick<OutputFolders, 'cwd'>,
  name: string,
  maxBytes: number,
): Promise<Buffer | null> {
  return readOutput(path.join(cwd, name), maxBytes).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    return unlessBroken(error)
  })
}

/** Removes an output of a media tool, whatever it is. */
export function discard({ cwd }: Pick<OutputFolders, 'cwd'>, name: string): Promise<void> {
  return rm(path.join(cwd, name), { recursive: true, force: true })
}

function unlessBroken(error: unknown): never {
  if (error instanceof NotAnOutput) throw new CannotRender(error.message)
  throw error
}
