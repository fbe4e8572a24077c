import { NOBODY } from './sandbox.ts'

/**
 * The arguments with which `setpriv` starts a command that can never get privileges again.
 *
 * @param isRoot it also gives up being root
 */
export function withoutPrivileges(setpriv: string, isRoot: boolean): string[] {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
  const capabilities = ['--bounding-set=-all', '--inh-caps=-all']
  // Changing the user makes the kernel forget that the command is to end with its parent.
  return [setpriv, ...(isRoot ? user : []), ...capabilities, '--no-new-privs', '--pdeathsig=KILL', '--']
}
