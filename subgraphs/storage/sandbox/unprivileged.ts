import { FIRST_PASSED_FD, NOBODY, type Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'

/**
 * Runs a command without privileges, for machines that cannot create namespaces, such as most containers. The command
 * has no capabilities and cannot gain any. If this process is root, the command runs as another user, who reads the
 * input through an open file and can write to the work folder. The command can still use the network and read
 * world-readable files.
 */
export function unprivileged({ setpriv, isRoot }: { setpriv: string; isRoot: boolean }): Sandbox {
  return {
    kind: 'unprivileged',
    user: isRoot ? NOBODY : null,
    wrap({ command, args, input }) {
      if (!input || !isRoot) {
        return { argv: [...withoutPrivileges(setpriv, isRoot), command, ...args], passedFiles: [] }
      }
      // The user cannot enter the input's folder. Opening this path reopens the passed file without walking through it.
      const opened = args.map((arg) => arg.replaceAll(input, `/dev/fd/${FIRST_PASSED_FD}`))
      return { argv: [...withoutPrivileges(setpriv, true), command, ...opened], passedFiles: [input] }
    },
  }
}
