import { FIRST_PASSED_FD, NOBODY, type Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'

/**
 * Takes away privileges, where no namespaces can be made, as in most containers: no capabilities, no way to get some,
 * and where this process is root another user, who reads the input through an open file and writes to the work folder.
 * The network and files that everybody may read stay open to it.
 */
export function unprivileged({ setpriv, isRoot }: { setpriv: string; isRoot: boolean }): Sandbox {
  return {
    kind: 'unprivileged',
    user: isRoot ? NOBODY : null,
    wrap({ command, args, input }) {
      if (!input || !isRoot) {
        return { argv: [...withoutPrivileges(setpriv, isRoot), command, ...args], passedFiles: [] }
      }
      // Its folder is closed to others; through this address the file is opened without walking there.
      const opened = args.map((arg) => arg.replaceAll(input, `/dev/fd/${FIRST_PASSED_FD}`))
      return { argv: [...withoutPrivileges(setpriv, true), command, ...opened], passedFiles: [input] }
    },
  }
}
