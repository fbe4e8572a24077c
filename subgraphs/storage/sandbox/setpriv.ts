/**
 * Builds the `setpriv` command line that starts a command without privileges and without a way to regain them.
 *
 * @param user the user to switch to; null if this process is not root
 */
export function withoutPrivileges(setpriv: string, user: number | null): string[] {
  const identity = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups']
  const capabilities = ['--bounding-set=-all', '--inh-caps=-all']
  // Changing the user clears the kernel's parent-death signal, so setpriv sets it again. The kernel sends it only if the
  // parent may kill this user.
  return [
    setpriv,
    ...(user === null ? [] : identity),
    ...capabilities,
    '--no-new-privs',
    '--pdeathsig=KILL',
    '--',
  ]
}
