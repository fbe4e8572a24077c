import { readFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'

/** PostgreSQL's main process, as described in postmaster.pid. */
export type Postmaster = { pid: number; port: number; ready: boolean }

/** Whether a process with this id exists, regardless of its owner. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the process is PostgreSQL. After a crash, another program may have its process id. */
function isPostgres(pid: number): boolean {
  if (process.platform !== 'linux') return isAlive(pid)
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'postgres\n'
  } catch {
    return false
  }
}

const lockFile = (cluster: string) => path.join(cluster, 'postmaster.pid')

function readLockFile(cluster: string): Postmaster | undefined {
  try {
    const [pid, , , port, , , , status] = readFileSync(lockFile(cluster), 'utf8').split('\n')
    return { pid: Number(pid), port: Number(port), ready: status?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

/** The PostgreSQL that runs on the cluster, also while it starts or stops; undefined if none runs. */
export function runningPostmaster(cluster: string): Postmaster | undefined {
  const found = readLockFile(cluster)
  return found && isPostgres(found.pid) ? found : undefined
}

/**
 * Removes the lock files of a crashed PostgreSQL: its own and that of its socket. PostgreSQL mistakes any living process
 * with the old id for itself, and then refuses to start.
 */
export async function removeStaleLocks(cluster: string): Promise<void> {
  const found = readLockFile(cluster)
  if (!found || !isAlive(found.pid) || isPostgres(found.pid)) return
  const sockets = (await readdir(cluster)).filter((name) => /^\.s\.PGSQL\.\d+\.lock$/.test(name))
  for (const name of [...sockets, path.basename(lockFile(cluster))])
    await rm(path.join(cluster, name), { force: true })
}
