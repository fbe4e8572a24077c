import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { hasCode } from '../../platform/system-error.ts'

const MEMORY = '/dev/shm'
const PREFIX = 'moblog-tests-'
// Much more than a run needs, because the machine needs its memory for the programs too.
const ENOUGH_BYTES = 8 * 1024 ** 3

/**
 * Makes the folder for all temporary files of a test run, and removes those of runs that were killed. It is in memory if
 * there is plenty of it: hundreds of databases are created, and on a disk each costs a quarter of a second of processor
 * time. Campaigns (MOBLOG_TEST_BIG=1) store gigabytes, so they use the disk.
 */
export async function makeTemporaryFolder(): Promise<string> {
  const parent =
    !process.env.MOBLOG_TEST_BIG && (await freeBytes(MEMORY)) > ENOUGH_BYTES ? MEMORY : os.tmpdir()
  await removeLeftOnes(parent)
  const folder = await mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`))
  // As for every user's temporary files: the embedded PostgreSQL and media tools run as other users.
  await chmod(folder, 0o1777)
  return folder
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize
}

async function removeLeftOnes(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(/^moblog-tests-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !isRunning(pid)) await rm(path.join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It may belong to another user.
    return hasCode(error, 'EPERM')
  }
}
