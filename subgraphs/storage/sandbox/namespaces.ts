import { NOBODY, type Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'
import type { VisibleFiles } from './visible-files.ts'

/** What confining with util-linux alone needs. */
export type NamespacesParts = {
  unshare: string
  setpriv: string
  isRoot: boolean
  visible: VisibleFiles
  /** An empty folder that the new root is mounted on, in a namespace where nobody else sees it. */
  rootFolder: string
}

// Run as root of the new namespaces. Arguments: the folder of the new root, the folder to work in, how many links, and
// each link with its target, how many files to be read, and they; then the command. Programs are started as rarely as
// possible: each costs a millisecond.
const SCRIPT = `
set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 work=$2 links=$3
shift 3
mount -t tmpfs -o mode=755,nosuid,nodev sandbox "$root"
cd "$root"
place() {
  if [ -d "$1" ]; then mkdir -p ".$1"; return; fi
  [ -d ".\${1%/*}" ] || mkdir -p ".\${1%/*}"
  : >".$1"
}
while [ "$links" -gt 0 ]; do ln -s "$2" ".$1"; shift 2; links=$((links - 1)); done
files=$1; shift
while [ "$files" -gt 0 ]; do place "$1"; mount -o rbind,ro "$1" ".$1"; shift; files=$((files - 1)); done
for device in /dev/null /dev/zero /dev/urandom; do place "$device"; mount --bind "$device" ".$device"; done
place "$work"
mount --bind "$work" ".$work"
mkdir .old proc
# Only for umount below, which looks there for what is mounted.
mount --rbind /proc proc
mount -o remount,ro "$root" 2>/dev/null || mount -o remount,bind,ro "$root"
pivot_root . .old
/.old/bin/umount -l /.old /proc
cd "$work"
exec "$@"`

/**
 * Confines with the tools of util-linux, where there is no bubblewrap: the same namespaces and the same few files, but
 * no seccomp filter, and some milliseconds more.
 */
export function namespaces({ unshare, setpriv, isRoot, visible, rootFolder }: NamespacesParts): Sandbox {
  const own = ['--mount', '--net', '--ipc', '--uts', '--pid', '--fork', '--kill-child=KILL']
  const user = isRoot ? [] : ['--user', '--map-root-user']
  return {
    kind: 'namespaces',
    user: isRoot ? NOBODY : null,
    wrap({ command, args, cwd, input, code = [] }) {
      const read = [...visible.paths, ...code, ...(input ? [input] : [])]
      const links = [...visible.links].flat()
      return {
        passedFiles: [],
        argv: [
          ...[unshare, ...own, ...user, '/bin/sh', '-c', SCRIPT, 'sandbox', rootFolder, cwd],
          ...[`${visible.links.size}`, ...links, `${read.length}`, ...read],
          ...[...withoutPrivileges(setpriv, isRoot), command, ...args],
        ],
      }
    },
  }
}
