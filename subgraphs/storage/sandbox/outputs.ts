import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { hasCode } from '../../../platform/system-error.ts'

/**
 * What is at a path is not a regular file, or has another name too. No media tool makes such outputs, so a file has taken
 * the tool over.
 */
export class NotAnOutput extends Error {
  override name = 'NotAnOutput'
}

// Without these, opening follows a symbolic link, or waits at a named pipe for ever.
const CAREFULLY = constants.O_NOFOLLOW | constants.O_NONBLOCK
// A symbolic link, a socket, a device without a driver.
const NOT_OPENED = ['ELOOP', 'ENXIO', 'ENODEV', 'EISDIR']

/**
 * Opens a file that a sandboxed command may have made. It neither follows a symbolic link nor waits.
 *
 * @param flags how to open it besides, from `fs.constants`
 * @throws NotAnOutput if it is not a regular file
 */
export async function openRegularFile(file: string, flags = constants.O_RDONLY): Promise<FileHandle> {
  const handle = await open(file, flags | CAREFULLY).catch((error: unknown) => {
    if (NOT_OPENED.some((code) => hasCode(error, code))) throw new NotAnOutput(`${file} is not a file`)
    throw error
  })
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw new NotAnOutput(`${file} is not a file`)
}

/**
 * Reads the beginning of a file in a folder that a sandboxed command may be writing to.
 *
 * @returns at most `maxBytes` bytes
 * @throws NotAnOutput if it is not a regular file, or has another name
 */
export async function readOutput(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await openRegularFile(file)
  try {
    const { size, nlink } = await handle.stat()
    requireNoOtherName(file, nlink)
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return bytes.subarray(0, length)
  } finally {
    await handle.close()
  }
}

/**
 * Moves a file out of a folder that a sandboxed command can write to. It is examined afterwards, when the command can no
 * longer replace it, so this also works while the command runs.
 *
 * @param to a path in a folder that no sandboxed command can write to; what is there is replaced
 * @throws NotAnOutput if it is not a regular file, or has another name; it is removed then
 */
export async function takeOutput(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await rename(from, to)
  try {
    const handle = await openRegularFile(to)
    try {
      requireNoOtherName(from, (await handle.stat()).nlink)
      // Later commands, which may run as the same user, can read it and cannot write to it.
      if (process.getuid?.() === 0) await handle.chown(0, process.getgid?.() ?? 0)
      await handle.chmod(0o644)
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(to, { recursive: true, force: true })
    throw error
  }
}

// The other name may be that of any file on the same file system. A file without a name is all right: a tool has just
// replaced it, as ffmpeg does with a playlist.
function requireNoOtherName(file: string, names: number): void {
  if (names > 1) throw new NotAnOutput(`${file} has ${names} names`)
}
