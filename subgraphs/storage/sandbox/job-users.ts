import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chmod, chown, readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

/** The id of `nobody` on every Linux, a user that owns nothing. */
export const NOBODY = 65_534

/** The users that commands run as, and that own their work folders. */
export type JobUsers = {
  /** Makes a user the owner of a work folder until `leave`. All commands in a folder have the same user. */
  enter(cwd: string): Promise<number>
  /** Ends the use of a folder by one command. After the last one, no process of the user is left. */
  leave(cwd: string): Promise<void>
}

// No system or program assigns these ids to anyone (systemd: Users, Groups, UIDs and GIDs on systemd Systems).
const FIRST = 66_000
const AFTER_LAST = 100_000

/** Runs all commands as `nobody`, for sandboxes whose commands cannot see each other. Only root can use it. */
export const ONE_USER: JobUsers = {
  async enter(cwd) {
    await makeOwner(cwd, NOBODY)
    return NOBODY
  },
  leave: async () => {},
}

/**
 * Gives each work folder a user of its own, so that the commands of two jobs cannot read or signal each other. Only root
 * can use it.
 *
 * @param setpriv the path of setpriv
 * @returns one user for all if this process is in a container that does not map the ids of the others
 */
export async function openJobUsers(setpriv: string): Promise<JobUsers> {
  const isMapped = (await mapsAll('/proc/self/uid_map')) && (await mapsAll('/proc/self/gid_map'))
  if (!isMapped) return ONE_USER
  const inUse = new Map<string, { user: Promise<number>; commands: number }>()
  const killing = new Map<string, Promise<void>>()
  return {
    async enter(cwd) {
      // Otherwise the new command would be killed too.
      await killing.get(cwd)
      const use = inUse.get(cwd) ?? { user: own(cwd), commands: 0 }
      use.commands += 1
      inUse.set(cwd, use)
      return use.user
    },
    async leave(cwd) {
      const use = inUse.get(cwd)
      if (!use) return
      use.commands -= 1
      if (use.commands > 0) return
      inUse.delete(cwd)
      const end = use.user.then((user) => killAll(setpriv, user)).finally(() => killing.delete(cwd))
      killing.set(cwd, end)
      await end
    },
  }
}

async function own(cwd: string): Promise<number> {
  const { uid } = await stat(cwd)
  // An earlier command in this folder left files that later ones may replace.
  const user = isJobUser(uid) ? uid : randomInt(FIRST, AFTER_LAST)
  await makeOwner(cwd, user)
  return user
}

async function makeOwner(cwd: string, user: number): Promise<void> {
  await chown(cwd, user, user)
  // bubblewrap enters this folder as root without capabilities, so it needs the execute permission for others. The
  // folders above stay closed to other users.
  await chmod(cwd, 0o711)
}

function isJobUser(uid: number): boolean {
  return uid >= FIRST && uid < AFTER_LAST
}

/** Whether a namespace's map (user_namespaces(7)) includes all ids. Its lines are: first id, first id outside, count. */
async function mapsAll(map: string): Promise<boolean> {
  const lines = (await readFile(map, 'utf8').catch(() => '')).trim().split('\n')
  return lines.some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number)
    return first <= FIRST && first + count >= AFTER_LAST
  })
}

// The processes of one user may only signal each other. With -1, the kernel signals all of them at once, so that none
// can start another meanwhile.
async function killAll(setpriv: string, user: number): Promise<void> {
  const identity = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs']
  await promisify(execFile)(setpriv, [...identity, '--', '/bin/sh', '-c', 'kill -9 -1 2>/dev/null || :'], {
    env: {},
  })
}
