import { lstat, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'

/** What of this machine's files is shown inside a sandbox, read-only. */
export type VisibleFiles = {
  /** Files and folders, at their own address. */
  paths: string[]
  /** Symbolic links, by their address. */
  links: Map<string, string>
}

// Shared libraries and what finds them. No program, no configuration, no data.
const LIBRARIES = [
  ...['/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libx32', '/usr/local/lib', '/usr/local/lib64'],
  ...['/lib', '/lib32', '/lib64', '/libx32', '/etc/ld.so.cache', '/etc/alternatives', '/nix/store'],
]

/**
 * Finds what programs need to start: their files, and the libraries of this machine.
 *
 * @param programs addresses of programs; one that is a link is shown with what it stands for
 */
export async function findVisibleFiles(programs: readonly string[]): Promise<VisibleFiles> {
  const visible: VisibleFiles = { paths: [], links: new Map() }
  for (const file of LIBRARIES) {
    const stats = await lstat(file).catch(() => null)
    if (stats?.isSymbolicLink()) visible.links.set(file, await readlink(file))
    else if (stats) visible.paths.push(file)
  }
  for (const program of programs) {
    const real = await realpath(program)
    visible.paths.push(program, real)
  }
  visible.paths = [...new Set(visible.paths)]
  return visible
}

/** All folders above these files, the highest first, without the root. */
export function foldersAbove(files: readonly string[]): string[] {
  const folders = new Set<string>()
  for (const file of files) {
    for (let folder = path.dirname(file); folder !== '/'; folder = path.dirname(folder)) folders.add(folder)
  }
  return [...folders].sort((a, b) => a.length - b.length)
}
