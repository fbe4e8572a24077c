import type { JobUsers } from './job-users.ts'
import { FIRST_PASSED_FD, type Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'

/**
 * Runs a command without privileges, for machines that cannot create namespaces, such as most containers. The command
 * has no capabilities and cannot gain any. If this process is root, the command runs as another user, who reads the
 * input through an open file and can write to the work folder. The command can still use the network and read
 * world-readable files. If this process is not root, the command runs as the same user and can read and write whatever
 * this process can.
 */
export function unprivileged({ setpriv, users }: { setpriv: string; users: JobUsers | null }): Sandbox {
  return {
    kind: 'unprivileged',
    users,
    wrap({ command, args, input }, user) {
      if (!input || !users) {
        return { argv: [...withoutPrivileges(setpriv, users && user), command, ...args], passedFiles: [] }
      }
      // The user cannot enter the input's folder. Opening this path reopens the passed file without walking through it.
      const opened = args.map((arg) => arg.replaceAll(input, `/dev/fd/${FIRST_PASSED_FD}`))
      return { argv: [...withoutPrivileges(setpriv, user), command, ...opened], passedFiles: [input] }
    },
  }
}
