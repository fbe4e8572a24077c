import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

/** The content codings in which the build writes files, and the file extensions that it adds. */
const CODINGS = { br: '.br', gzip: '.gz' } as const

/** A content coding in which files are stored. */
export type StoredCoding = keyof typeof CODINGS

/** A file of the client. */
export type ClientFile = {
  type: string
  /** The entity tag of the uncompressed file. */
  tag: string
  bytes: Buffer
  compressed: ReadonlyMap<StoredCoding, Buffer>
}

/** The files of the client, by their paths below the folder. Each is read when it is asked for the first time. */
export type ClientFiles = { names: readonly string[]; read(name: string): Promise<ClientFile> | null }

/** Opens the folder that `npm run build:web` has written; null if there is none, as after `npm ci --omit=dev`. */
export function openClientFiles(folder: string): ClientFiles | null {
  if (!existsSync(path.join(folder, 'index.html'))) return null
  const all = new Set(
    readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/')),
  )
  const names = [...all].filter((name) => TYPES[path.extname(name)] !== undefined)
  const known = new Set(names)
  const read = new Map<string, Promise<ClientFile>>()
  return {
    names,
    read(name) {
      if (!known.has(name)) return null
      const file = read.get(name) ?? readClientFile(folder, name, all)
      read.set(name, file)
      // A file that could not be read, for example because too many are open, is read again when it is asked for.
      file.catch(() => read.delete(name))
      return file
    },
  }
}

async function readClientFile(folder: string, name: string, all: ReadonlySet<string>): Promise<ClientFile> {
  const file = path.join(folder, name)
  const bytes = await readFile(file)
  const compressed = new Map<StoredCoding, Buffer>()
  for (const coding of ['br', 'gzip'] as const) {
    if (all.has(name + CODINGS[coding])) compressed.set(coding, await readFile(file + CODINGS[coding]))
  }
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return { type: TYPES[path.extname(name)] ?? 'application/octet-stream', tag: digest, bytes, compressed }
}
