import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { readManifest } from './read-manifest.ts'

/** The operations that clients may send. */
export type DocumentList = {
  /** Their texts by id. */
  byId: ReadonlyMap<string, string>
  texts: ReadonlySet<string>
}

/**
 * Reads all operations of a manifest, or of all manifests (`*.json`) in a folder, such as one per version of the client.
 *
 * @throws Error that names the file and the reason. An empty list is an error too, because it would refuse all clients.
 */
export async function loadDocuments(location: string): Promise<DocumentList> {
  const byId = new Map<string, string>()
  for (const file of await manifestsAt(location)) {
    for (const { id, text } of await readFileOf(file)) {
      const known = byId.get(id)
      if (known !== undefined && known !== text) {
        throw new Error(`${file}: the id "${id}" belongs to two different operations`)
      }
      byId.set(id, text)
    }
  }
  if (byId.size === 0) throw new Error(`${location} contains no operations`)
  return { byId, texts: new Set(byId.values()) }
}

/** Returns a text that changes when one of the manifests does, or which file has its name. */
export async function stateOfDocuments(location: string): Promise<string> {
  const files = await manifestsAt(location)
  const states = await Promise.all(
    files.map(async (file) => {
      const { dev, ino, size, mtimeMs } = await stat(file)
      return [file, dev, ino, size, mtimeMs].join(' ')
    }),
  )
  return states.join('\n')
}

async function manifestsAt(location: string): Promise<string[]> {
  if (!(await stat(location)).isDirectory()) return [location]
  const names = (await readdir(location)).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
  return names.sort().map((name) => path.join(location, name))
}

async function readFileOf(file: string) {
  try {
    // Opening a named pipe would wait for a process that writes to it.
    if (!(await stat(file)).isFile()) throw new Error('not a file')
    return readManifest(await readFile(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}
