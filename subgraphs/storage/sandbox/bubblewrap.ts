import { FIRST_PASSED_FD, NOBODY, type Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'
import { foldersAbove, type VisibleFiles } from './visible-files.ts'

/** What confining with bubblewrap needs. */
export type BubblewrapParts = {
  bwrap: string
  /** Takes root away inside; not needed where this process is not root. */
  setpriv: string
  isRoot: boolean
  visible: VisibleFiles
  /** A file with a compiled seccomp filter; null where there is none for this processor. */
  seccompFile: string | null
}

const NAMESPACES = [
  '--unshare-pid',
  '--unshare-net',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
]
// What `setpriv` needs to become nobody; it keeps none of it.
const TO_CHANGE_USER = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name])

/**
 * Confines with bubblewrap: namespaces of its own for processes, network, IPC and host name, no capabilities, no /proc,
 * a file system of libraries, the input and the work folder, and a seccomp filter. It ends with the process that
 * started it.
 */
export function bubblewrap({ bwrap, setpriv, isRoot, visible, seccompFile }: BubblewrapParts): Sandbox {
  const identity = isRoot
    ? ['--cap-drop', 'ALL', ...TO_CHANGE_USER]
    : ['--unshare-user', '--uid', `${NOBODY}`, '--gid', `${NOBODY}`, '--cap-drop', 'ALL']
  const seccomp = seccompFile ? ['--seccomp', `${FIRST_PASSED_FD}`] : []
  return {
    kind: 'bubblewrap',
    user: isRoot ? NOBODY : null,
    wrap({ command, args, cwd, input, code = [] }) {
      const read = [...visible.paths, ...code, ...(input ? [input] : [])]
      // A program that finds its user's folders unreadable could not be started by nobody: make them before.
      const folders = foldersAbove([...read, ...visible.links.keys(), cwd])
      return {
        passedFiles: seccompFile ? [seccompFile] : [],
        argv: [
          ...[bwrap, ...NAMESPACES, '--new-session', '--die-with-parent', ...identity],
          ...folders.flatMap((folder) => ['--dir', folder]),
          ...read.flatMap((file) => ['--ro-bind', file, file]),
          ...[...visible.links].flatMap(([link, target]) => ['--symlink', target, link]),
          ...['--dev', '/dev', '--bind', cwd, cwd, '--remount-ro', '/', '--chdir', cwd],
          ...[...seccomp, '--', ...(isRoot ? withoutPrivileges(setpriv, true) : []), command, ...args],
        ],
      }
    },
  }
}
