import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { DemoAssertionError } from './demo-assertion.ts'

/** The file that the demo shares. */
export type Film = {
  name: string
  mimeType: string
  byteSize: number
  sha256: string
  /** Reads a part of the file. The last part may be shorter than `length`. */
  read(offset: number, length: number): Promise<Buffer>
  /** Closes the file, and deletes it if the demo created it. */
  close(): Promise<void>
}

const MIME_TYPES: Record<string, string> = {
  '.3gp': 'video/3gpp',
  '.aac': 'audio/aac',
  '.amr': 'audio/amr',
  '.flac': 'audio/flac',
  '.gif': 'image/gif',
  '.heic': 'image/heic',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.m4a': 'audio/mp4',
  '.m4v': 'video/mp4',
  '.mkv': 'video/x-matroska',
  '.mov': 'video/quicktime',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.oga': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.png': 'image/png',
  '.wav': 'audio/wav',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
}

const CLIP = [
  ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=15'],
  ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100', '-t', '2'],
  [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
    '-c:a',
    'aac',
  ],
].flat()

/**
 * Opens the given file, or creates a clip of two seconds.
 *
 * @throws DemoAssertionError if the file does not exist, or if its extension is unknown
 */
export async function openFilm(file: string | undefined): Promise<Film> {
  if (file) return filmAt(file)
  const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-demo-'))
  const clip = path.join(folder, 'clip.mp4')
  await promisify(execFile)(ffmpeg.path, [...CLIP, clip])
  return filmAt(clip, () => rm(folder, { recursive: true, force: true }))
}

async function filmAt(file: string, afterwards: () => Promise<void> = async () => {}): Promise<Film> {
  const found = await stat(file).catch(() => null)
  if (!found?.isFile()) throw new DemoAssertionError(`The file ${file} does not exist. Check the path.`)
  const mimeType = MIME_TYPES[path.extname(file).toLowerCase()]
  if (!mimeType)
    throw new DemoAssertionError(
      `The extension of ${file} is unknown. Use one of: ${Object.keys(MIME_TYPES).join(' ')}`,
    )
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  const handle: FileHandle = await open(file)
  return {
    name: path.basename(file),
    mimeType,
    byteSize: found.size,
    sha256: hash.digest('hex'),
    async read(offset, length) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    },
    async close() {
      await handle.close()
      await afterwards()
    },
  }
}
