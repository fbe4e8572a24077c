import { lstat, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'

/** The files of this machine that a sandbox shows, read-only. */
export type VisibleFiles = {
  /** Files and folders, at the same path as outside. */
  paths: string[]
  /** Symbolic links: their path and their target. */
  links: Map<string, string>
}

// Shared libraries and the files needed to find them. Programs, configuration and data are not shown.
const LIBRARIES = [
  ...['/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libx32', '/usr/local/lib', '/usr/local/lib64'],
  ...['/lib', '/lib32', '/lib64', '/libx32', '/etc/ld.so.cache', '/etc/alternatives', '/nix/store'],
]

/**
 * Finds the files that programs need to start: the programs and the libraries of this machine.
 *
 * @param programs paths of programs; for a link, its target is shown too
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

/** Lists all folders above these files, shortest path first, without the root. */
export function foldersAbove(files: readonly string[]): string[] {
  const folders = new Set<string>()
  for (const file of files) {
    for (let folder = path.dirname(file); folder !== '/'; folder = path.dirname(folder)) folders.add(folder)
  }
  return [...folders].sort((a, b) => a.length - b.length)
}
