import type { JobUsers } from './job-users.ts'
import type { Sandbox } from './sandbox.ts'
import { withoutPrivileges } from './setpriv.ts'
import type { VisibleFiles } from './visible-files.ts'

/** What the `namespaces` sandbox needs. */
export type NamespacesParts = {
  unshare: string
  setpriv: string
  /** The users that commands run as; null if this process is not root. */
  users: JobUsers | null
  visible: VisibleFiles
  /**
   * An empty folder to mount the new root on. The mount is in a private namespace, so other processes do not see it.
   */
  rootFolder: string
}

// Runs as root of the new namespaces. Arguments: the folder of the new root, the work folder, the number of links, each
// link with its target, the number of readable files, the readable files, then the command. The script starts as few
// programs as possible, because each costs a millisecond.
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
for device in /dev/null /dev/random /dev/urandom; do place "$device"; mount --bind "$device" ".$device"; done
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
 * Creates a sandbox from the tools of util-linux, for machines without bubblewrap. It has the same namespaces and shows
 * the same few files, but it has no seccomp filter and takes some milliseconds longer.
 */
export function namespaces({ unshare, setpriv, users, visible, rootFolder }: NamespacesParts): Sandbox {
  const own = ['--mount', '--net', '--ipc', '--uts', '--pid', '--fork', '--kill-child=KILL']
  const ownUsers = users ? [] : ['--user', '--map-root-user']
  return {
    kind: 'namespaces',
    users,
    wrap({ command, args, cwd, input, code = [] }, user) {
      const read = [...visible.paths, ...code, ...(input ? [input] : [])]
      const links = [...visible.links].flat()
      return {
        passedFiles: [],
        argv: [
          ...[unshare, ...own, ...ownUsers, '/bin/sh', '-c', SCRIPT, 'sandbox', rootFolder, cwd],
          ...[`${visible.links.size}`, ...links, `${read.length}`, ...read],
          ...[...withoutPrivileges(setpriv, users && user), command, ...args],
        ],
      }
    },
  }
}
