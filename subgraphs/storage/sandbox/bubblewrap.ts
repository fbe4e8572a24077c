import { type JobUsers, NOBODY } from './job-users.ts'
import { FIRST_PASSED_FD, type Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'
import { foldersAbove, type VisibleFiles } from './visible-files.ts'

/** What the `bubblewrap` sandbox needs. */
export type BubblewrapParts = {
  bwrap: string
  /** The path of setpriv, which drops root inside the sandbox; unused if this process is not root. */
  setpriv: string
  /** The users that commands run as; null if this process is not root. */
  users: JobUsers | null
  visible: VisibleFiles
  /** A file with a compiled seccomp filter; null if there is no filter for this processor. */
  seccompFile: string | null
}

const NAMESPACES = [
  '--unshare-pid',
  '--unshare-net',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
]
// `--dev` would also make a /dev/shm, which holds as many bytes as there is memory.
const DEVICES = ['/dev/null', '/dev/urandom', '/dev/random']
// `setpriv` needs these capabilities to switch to nobody, and then drops them.
const TO_CHANGE_USER = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name])

/**
 * Creates a sandbox with bubblewrap. The command gets private process, network, IPC and host name namespaces, no
 * capabilities, no /proc and a seccomp filter. Its file system holds only libraries, the input and the work folder. It
 * ends with the process that started it.
 *
 * The command is the first process of its namespace. Otherwise bubblewrap would start another one in between and would
 * not wait for it, so the command's processor time could not be measured.
 */
export function bubblewrap({ bwrap, setpriv, users, visible, seccompFile }: BubblewrapParts): Sandbox {
  const identity = users
    ? ['--cap-drop', 'ALL', ...TO_CHANGE_USER]
    : ['--unshare-user', '--uid', `${NOBODY}`, '--gid', `${NOBODY}`, '--cap-drop', 'ALL']
  const seccomp = seccompFile ? ['--seccomp', `${FIRST_PASSED_FD}`] : []
  return {
    kind: 'bubblewrap',
    users,
    wrap({ command, args, cwd, input, code = [] }, user) {
      const read = [...visible.paths, ...code, ...(input ? [input] : [])]
      // nobody could not start a program in a folder that only its owner may enter. Creating the folders first avoids
      // this.
      const folders = foldersAbove([...read, ...DEVICES, ...visible.links.keys(), cwd])
      return {
        passedFiles: seccompFile ? [seccompFile] : [],
        argv: [
          ...[bwrap, ...NAMESPACES, '--die-with-parent', '--as-pid-1', ...identity],
          ...folders.flatMap((folder) => ['--dir', folder]),
          ...read.flatMap((file) => ['--ro-bind', file, file]),
          ...[...visible.links].flatMap(([link, target]) => ['--symlink', target, link]),
          ...DEVICES.flatMap((device) => ['--dev-bind', device, device]),
          ...['--bind', cwd, cwd, '--remount-ro', '/', '--chdir', cwd],
          ...[...seccomp, '--', ...(users ? withoutPrivileges(setpriv, user) : []), command, ...args],
        ],
      }
    },
  }
}
