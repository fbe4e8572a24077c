import { NOBODY } from './sandbox.ts'

/**
 * Builds the `setpriv` command line that starts a command without privileges and without a way to regain them.
 *
 * @param isRoot whether this process is root; the command then also switches to the user `nobody`
 */
export function withoutPrivileges(setpriv: string, isRoot: boolean): string[] {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
  const capabilities = ['--bounding-set=-all', '--inh-caps=-all']
  // Changing the user clears the kernel's parent-death signal, so setpriv sets it again.
  return [setpriv, ...(isRoot ? user : []), ...capabilities, '--no-new-privs', '--pdeathsig=KILL', '--']
}
