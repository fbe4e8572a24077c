import { readFileSync, statSync } from 'node:fs'

export type Account = { uid: number; gid: number }

/**
 * Returns the account that PostgreSQL runs as; undefined for the account of this process. PostgreSQL refuses to run as
 * root. If this process is root, the account is the owner of the existing cluster, otherwise `postgres` or `nobody`.
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
    'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" account. ' +
      'Add one, start Moblog as an ordinary user, or set DATABASE_URL',
  )
}
