import { readFileSync, statSync } from 'node:fs'

export type Account = { uid: number; gid: number }

/**
 * The account for PostgreSQL, which refuses to run as root: where this process is root, whoever owns the cluster
 * already, else `postgres` or `nobody`. Undefined where it is this process's own.
 */
export function postgresAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(cluster, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const accounts = readFileSync('/etc/passwd', 'utf8')
  for (const name of ['postgres', 'nobody']) {
    const entry = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+)`, 'm').exec(accounts)
    if (entry) return { uid: Number(entry[1]), gid: Number(entry[2]) }
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" account: ' +
      'add one, start Moblog as an ordinary user, or set DATABASE_URL',
  )
}
